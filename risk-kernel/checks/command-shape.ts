/** What every order must look like, exits included, before anybody asks whether it may be sent. */
import type { AssetClass, Instrument } from '../../domain/instrument.ts';
import type { Order, OrderRole, OrderType, Side, TimeInForce } from '../../domain/order.ts';
import type { Command } from '../command.ts';
import { isAmount, isCount, isInstant, isName, isPositive, isWord, wordsOf } from './shapes.ts';

const ROLES = wordsOf<OrderRole>({ ENTRY: true, STOP: true, TARGET: true, EXIT: true });
const SIDES = wordsOf<Side>({ BUY: true, SELL: true });
const TYPES = wordsOf<OrderType>({ MARKET: true, LIMIT: true, STOP: true, STOP_LIMIT: true });
const TIMES_IN_FORCE = wordsOf<TimeInForce>({ GTC: true, IOC: true, FOK: true, DAY: true });
const ASSET_CLASSES = wordsOf<AssetClass>({ CRYPTO: true, FX: true, METAL: true, EQUITY: true });

export function isWellFormed({ order, instrument, nowMs }: Command): boolean {
  return (
    isInstant(nowMs) &&
    isInstrument(instrument) &&
    order.instrumentId === instrument.id &&
    isName(order.id) &&
    isName(order.strategyId) &&
    (order.ocoGroupId === undefined || isName(order.ocoGroupId)) &&
    ROLES.has(order.role) &&
    SIDES.has(order.side) &&
    TYPES.has(order.type) &&
    TIMES_IN_FORCE.has(order.timeInForce) &&
    order.reduceOnly === (order.role !== 'ENTRY') &&
    isPositive(order.quantity) &&
    pricesFitType(order) &&
    (order.protectiveStop === undefined || isAmount(order.protectiveStop)) &&
    (order.target === undefined || isAmount(order.target)) &&
    (order.trailBps === undefined || isCount(order.trailBps))
  );
}

const isInstrument = (instrument: Instrument): boolean =>
  isName(instrument.id) &&
  isWord(instrument.quote) &&
  ASSET_CLASSES.has(instrument.assetClass) &&
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
