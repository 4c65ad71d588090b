/** Where nothing new is opened for now, and why. What reduces is never locked. */
import { opposite, type OrderState, type Side } from '../domain/order.ts';
import type { OrderRecord } from '../domain/order-record.ts';
import { positionKey } from '../domain/portfolio.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import type { Lock } from '../risk-kernel/snapshot.ts';

export function locksOf(book: ReadonlyBook, live: readonly OrderRecord[]): readonly Lock[] {
  const halted = [...book.halted.keys()].map((instrumentId): Lock => ({
    instrumentId,
    side: 'BOTH',
    code: 'INSTRUMENT_HALTED',
  }));
  const unclear = live.filter((record) => LOCKING.has(record.state) || isLeftOver(book, record));
  return [...halted, ...unclear.map(lockFor)];
}

/** An exit that outlived its position: what is opened beside it, it would take for its own. */
const isLeftOver = (book: ReadonlyBook, { order }: OrderRecord): boolean =>
  order.reduceOnly &&
  !book.portfolio.positions.has(positionKey(order.instrumentId, order.strategyId));

/** An order that is being sent right now is held for like any other; its answer is only moments away. */
const LOCKING: ReadonlySet<OrderState> = new Set<OrderState>(['SUBMIT_UNKNOWN', 'SUSPECT']);

function lockFor({ order, state }: OrderRecord): Lock {
  const { instrumentId } = order;
  return state === 'SUSPECT'
    ? { instrumentId, side: 'BOTH', code: 'ORDER_SUSPECT' }
    : { instrumentId, side: addingSide(order), code: 'ORDER_UNRESOLVED' };
}

/** The side that would make more of what the order stands for: an exit's is that of the position it leaves. */
const addingSide = ({ side, reduceOnly }: OrderRecord['order']): Side =>
  reduceOnly ? opposite(side) : side;
