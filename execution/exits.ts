/** The orders that guard and end a position, as pure functions of the position and its entry. */
import { exitGroupFor, orderIdFor } from '../domain/entry-order.ts';
import type { ProposalId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { opposite, type Order, type OrderRole } from '../domain/order.ts';
import type { OrderRecord } from '../domain/order-record.ts';
import type { Position } from '../domain/position.ts';
import {
  absolute,
  add,
  basisPoints,
  type Price,
  priceFromNumber,
  subtract,
  toTick,
} from '../domain/units.ts';

/** A stop follows only when it gains at least this much; less would be churn at the venue. */
const TRAIL_STEP_BPS = 10;

/** Exits that belong to the position an entry opened. */
export interface ExitSource {
  readonly position: Position;
  readonly entry: OrderRecord;
  readonly proposalId: ProposalId;
}

export const stopOrder = (source: ExitSource, stopPrice: Price, count: number): Order => ({
  ...exitOrder(source, 'STOP', count),
  type: 'STOP',
  stopPrice,
});

export const targetOrder = (source: ExitSource, limitPrice: Price, count: number): Order => ({
  ...exitOrder(source, 'TARGET', count),
  type: 'LIMIT',
  limitPrice,
});

/** Ends the whole position at the market. */
export const closeOrder = (source: ExitSource, count: number): Order =>
  exitOrder(source, 'EXIT', count);

function exitOrder(
  { position, entry, proposalId }: ExitSource,
  role: OrderRole,
  count: number,
): Order {
  return {
    id: orderIdFor(proposalId, role, count),
    instrumentId: position.instrumentId,
    strategyId: position.strategyId,
    role,
    side: opposite(entry.order.side),
    type: 'MARKET',
    quantity: absolute(position.quantity),
    timeInForce: 'GTC',
    reduceOnly: true,
    ocoGroupId: exitGroupFor(proposalId),
  };
}

/**
 * Where a trailing stop should now rest, or undefined while it should stay. It arms once it would lock
 * in the entry price, follows the bar's best price at `trailBps`, and only ever tightens.
 */
export function trailedStop(
  source: ExitSource,
  current: Price,
  entryPrice: Price,
  bar: { readonly high: number; readonly low: number },
  instrument: Instrument,
): Price | undefined {
  const trailBps = source.entry.order.trailBps;
  if (trailBps === undefined) return undefined;
  const long = source.position.quantity > 0n;
  const best = priceFromNumber(long ? bar.high : bar.low, instrument.tick);
  const distance = basisPoints(best, trailBps, 'up');
  const wanted = long
    ? toTick(subtract(best, distance), instrument.tick, 'floor')
    : toTick(add(best, distance), instrument.tick, 'ceil');
  const armed = long ? wanted >= entryPrice : wanted <= entryPrice;
  const step = basisPoints(current, TRAIL_STEP_BPS, 'up');
  const gained = long ? wanted >= add(current, step) : wanted <= subtract(current, step);
  return armed && gained ? wanted : undefined;
}
