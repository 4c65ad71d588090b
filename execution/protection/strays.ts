/** Orders that outlived what they were for: nothing else would ever end them. */
import type { OrderRecord } from '../../domain/order-record.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import { isBehindStop } from './adds.ts';
import { isSessionOver, reasonToClose } from './closing.ts';
import { groupsOf, type Holding } from './holding.ts';

/** Why a live order is to be canceled; undefined for one that still serves. `holding` is what it belongs to now. */
export function strayBecause(
  record: OrderRecord,
  holding: Holding | undefined,
  book: ReadonlyBook,
  nowMs: number,
): string | undefined {
  return record.order.reduceOnly
    ? strayExit(record, holding)
    : strayEntry(record, holding, book, nowMs);
}

function strayExit({ order }: OrderRecord, holding: Holding | undefined): string | undefined {
  const serves = holding?.slices.some(({ group }) => group === order.ocoGroupId);
  return serves === true ? undefined : 'there is nothing left for it to close';
}

function strayEntry(
  record: OrderRecord,
  holding: Holding | undefined,
  book: ReadonlyBook,
  nowMs: number,
): string | undefined {
  const { order } = record;
  if (holding === undefined || holding.slices.length === 0)
    return order.addTo === undefined
      ? strayOpener(record, book, nowMs)
      : 'the position it would add to is closed';
  if (order.addTo !== undefined && order.addTo !== holding.entry.order.id)
    return 'the position it would add to is closed';
  if (reasonToClose(holding, book, nowMs) !== undefined) return 'its position is being closed';
  if (order.addTo !== undefined && isBehindStop(order, holding, book))
    return 'the stop has moved past it';
  return undefined;
}

/** The rest of an entry whose filled part is closed again would open what was just ended. */
function strayOpener(record: OrderRecord, book: ReadonlyBook, nowMs: number): string | undefined {
  const { proposalId } = record;
  if (isSessionOver(record, nowMs)) return 'its session is over';
  if (proposalId === null) return undefined;
  const closed = groupsOf(record, proposalId).some((group) => book.closedIn(group) > 0n);
  return closed ? 'what was filled of it is closed already' : undefined;
}
