/** The orders that guard and end one slice of a position, as pure functions of it. */
import { orderIdFor } from '../../domain/entry-order.ts';
import type { Order, OrderRole } from '../../domain/order.ts';
import type { Price } from '../../domain/units.ts';
import type { Holding, Slice } from './holding.ts';

export type ExitRole = Exclude<OrderRole, 'ENTRY'>;

/** `count` is the next unused one of the proposal's orders of that role. */
export const stopOrder = (
  holding: Holding,
  slice: Slice,
  stopPrice: Price,
  count: number,
): Order => ({
  ...exitOrder(holding, slice, 'STOP', count),
  type: 'STOP',
  stopPrice,
});

export const targetOrder = (
  holding: Holding,
  slice: Slice,
  limitPrice: Price,
  count: number,
): Order => ({
  ...exitOrder(holding, slice, 'TARGET', count),
  type: 'LIMIT',
  limitPrice,
});

/**
 * Ends a slice at the market. It is in the slice's group, because the kernel counts of each group only
 * the largest order: a close of everything at once would look like twice the position beside the stops.
 */
export const closeOrder = (holding: Holding, slice: Slice, count: number): Order =>
  exitOrder(holding, slice, 'EXIT', count);

function exitOrder(
  { position, proposalId, long }: Holding,
  { group, quantity }: Slice,
  role: ExitRole,
  count: number,
): Order {
  return {
    id: orderIdFor(proposalId, role, count),
    instrumentId: position.instrumentId,
    strategyId: position.strategyId,
    role,
    side: long ? 'SELL' : 'BUY',
    type: 'MARKET',
    quantity,
    timeInForce: 'GTC',
    reduceOnly: true,
    ocoGroupId: group,
  };
}
