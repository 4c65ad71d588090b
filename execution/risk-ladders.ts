/** The adds that were planned with entries: what may still be sent, and what stays reserved until it is. */
import { addOrder } from '../domain/entry-order.ts';
import { type Order, TERMINAL_STATES } from '../domain/order.ts';
import type { OrderRecord } from '../domain/order-record.ts';
import { NO_QUANTITY } from '../domain/units.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import type { Ladder } from '../risk-kernel/snapshot.ts';

/** A ladder and the orders of its adds, nearest first. */
export interface StandingLadder {
  readonly ladder: Ladder;
  readonly adds: readonly Order[];
}

/** An entry that ended without a fill has nothing that could be added to. */
export const standingLadders = (book: ReadonlyBook): readonly StandingLadder[] =>
  book
    .ladders()
    .filter(({ entry }) => !endedEmpty(entry))
    .flatMap(({ entry }) => ladderOf(entry));

const endedEmpty = ({ state, filled }: OrderRecord): boolean =>
  TERMINAL_STATES.has(state) && filled === NO_QUANTITY;

/** Without a proposal there is no id that an add could be sent by, and without a stop none was cleared. */
function ladderOf({ order, proposalId }: OrderRecord): readonly StandingLadder[] {
  const { id: entryId, instrumentId, strategyId, side, protectiveStop } = order;
  if (proposalId === null || protectiveStop === undefined) return [];
  const steps = (order.management?.adds ?? []).map((level, index) => ({
    level,
    add: addOrder(order, proposalId, index),
  }));
  const planned = steps.map(({ level, add }) => ({ orderId: add.id, ...level }));
  return [
    {
      ladder: { entryId, instrumentId, strategyId, side, protectiveStop, adds: planned },
      adds: steps.map(({ add }) => add),
    },
  ];
}

/** The adds that no venue heard of. The one that is about to be judged stands for itself. */
export const unsentAdds = (
  book: ReadonlyBook,
  ladders: readonly StandingLadder[],
  asked: Order['id'],
): readonly Order[] =>
  ladders.flatMap(({ adds }) =>
    adds.filter(({ id }) => id !== asked && book.order(id) === undefined),
  );
