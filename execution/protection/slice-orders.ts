/** What the book knows of the exits of one slice. */
import { orderIdFor } from '../../domain/entry-order.ts';
import type { OcoGroupId, ProposalId } from '../../domain/ids.ts';
import type { OrderState } from '../../domain/order.ts';
import { type OrderRecord, unfilled } from '../../domain/order-record.ts';
import type { Quantity } from '../../domain/units.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { ExitRole } from './exit-orders.ts';
import type { Holding, Slice } from './holding.ts';
import { isTighter } from './stop-level.ts';

const RESTING: ReadonlySet<OrderState> = new Set<OrderState>(['OPEN', 'PARTIALLY_FILLED']);

/** Rests at the venue, and nobody asked it to leave. */
export const rests = ({ state, cancelWanted }: OrderRecord): boolean =>
  RESTING.has(state) && !cancelWanted;

/** It may arrive yet: another one beside it could come to be a second of its kind. */
export const isOnItsWay = ({ state }: OrderRecord): boolean =>
  state === 'SUBMITTING' || state === 'SUBMIT_UNKNOWN';

export const liveIn = (
  book: ReadonlyBook,
  group: OcoGroupId,
  role: ExitRole,
): readonly OrderRecord[] =>
  book.liveOrders().filter(({ order }) => order.ocoGroupId === group && order.role === role);

/** Every order of a role that was ever sent for a slice, newest first. */
export function* everSent(
  book: ReadonlyBook,
  proposalId: ProposalId,
  role: ExitRole,
  group: OcoGroupId,
): Generator<OrderRecord> {
  for (let count = book.exitsSent(proposalId, role); count > 0; count--) {
    const record = book.order(orderIdFor(proposalId, role, count));
    if (record?.order.ocoGroupId === group) yield record;
  }
}

/** The stop that guards a whole slice: the tightest if there are several, of equals the latest. */
export function standingStop(
  stops: readonly OrderRecord[],
  long: boolean,
  size: Quantity,
): OrderRecord | undefined {
  let standing: OrderRecord | undefined;
  for (const stop of stops) {
    const at = stop.order.stopPrice;
    if (!rests(stop) || at === undefined || unfilled(stop) < size) continue;
    const before = standing?.order.stopPrice;
    if (before === undefined || !isTighter(long, before, at)) standing = stop;
  }
  return standing;
}

/** True while nothing is left to be done for the slice's safety: its stop rests, or a close of all of it does. */
export const isCovered = (book: ReadonlyBook, { long }: Holding, slice: Slice): boolean =>
  standingStop(liveIn(book, slice.group, 'STOP'), long, slice.quantity) !== undefined ||
  liveIn(book, slice.group, 'EXIT').some((one) => rests(one) && unfilled(one) >= slice.quantity);
