/** What every order must look like, exits included, before anybody asks whether it may be sent. */
import type { Instrument } from '../../domain/instrument.ts';
import type { Order, OrderRole, OrderType, TimeInForce } from '../../domain/order.ts';
import type { Command } from '../command.ts';
import { isManageable } from './management-shape.ts';
import { isAmount, isAssetClass, isInstant, isName, isPositive, isSide, isWord } from './shapes.ts';

const ROLES: ReadonlySet<unknown> = new Set<OrderRole>(['ENTRY', 'STOP', 'TARGET', 'EXIT']);
const TYPES: ReadonlySet<unknown> = new Set<OrderType>(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);
const TIMES_IN_FORCE: ReadonlySet<unknown> = new Set<TimeInForce>(['GTC', 'IOC', 'FOK', 'DAY']);

export function isWellFormed({ order, instrument, nowMs }: Command): boolean {
  return (
    isInstant(nowMs) &&
    isInstrument(instrument) &&
    order.instrumentId === instrument.id &&
    isName(order.id) &&
    isName(order.strategyId) &&
    (order.ocoGroupId === undefined || isName(order.ocoGroupId)) &&
    ROLES.has(order.role) &&
    isSide(order.side) &&
    TYPES.has(order.type) &&
    TIMES_IN_FORCE.has(order.timeInForce) &&
    order.reduceOnly === (order.role !== 'ENTRY') &&
    isPositive(order.quantity) &&
    pricesFitType(order) &&
    termsFitType(order) &&
    (order.protectiveStop === undefined || isAmount(order.protectiveStop)) &&
    (order.target === undefined || isAmount(order.target)) &&
    (order.addTo === undefined || (order.role === 'ENTRY' && isName(order.addTo))) &&
    isManageable(order)
  );
}

const isInstrument = (instrument: Instrument): boolean =>
  isName(instrument.id) &&
  isWord(instrument.quote) &&
  isAssetClass(instrument.assetClass) &&
  isPositive(instrument.tick) &&
  isPositive(instrument.lot) &&
  isAmount(instrument.minNotional) &&
  isPositive(instrument.unitsPerStandardLot);

/** A type has exactly the prices it needs, each above zero. */
function pricesFitType(order: Order): boolean {
  const needsLimit = order.type === 'LIMIT' || order.type === 'STOP_LIMIT';
  const needsStop = order.type === 'STOP' || order.type === 'STOP_LIMIT';
  return (
    (needsLimit ? isPositive(order.limitPrice) : order.limitPrice === undefined) &&
    (needsStop ? isPositive(order.stopPrice) : order.stopPrice === undefined)
  );
}

/** A trigger waits, so it cannot be filled or gone at once; only a limit can refuse to take. */
function termsFitType({ type, timeInForce, postOnly }: Order): boolean {
  const waits = type === 'STOP' || type === 'STOP_LIMIT';
  return (
    (!waits || timeInForce === 'GTC' || timeInForce === 'DAY') &&
    (postOnly === undefined || (typeof postOnly === 'boolean' && type === 'LIMIT'))
  );
}
