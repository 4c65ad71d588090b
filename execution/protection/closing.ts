/** When a position is to be closed at the market, whatever its stop and targets say. */
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { Holding } from './holding.ts';
import { everSent, isCovered } from './slice-orders.ts';

/** How long a position may be without its full stop at the venue. */
export const PROTECTION_DEADLINE_MS = 5_000;

export interface CloseReason {
  readonly because: string;
  /** It cannot be protected: nothing new is opened in its instrument. */
  readonly grave: boolean;
}

export const REFUSED_STOP: CloseReason = {
  because: 'the venue refused its protective stop',
  grave: true,
};
const NO_PLAN: CloseReason = {
  because: 'no entry of ours says where its stop belongs',
  grave: true,
};
const TOO_LATE: CloseReason = {
  because: `no stop rested at the venue within ${PROTECTION_DEADLINE_MS} ms`,
  grave: true,
};
const TIME_IS_UP: CloseReason = { because: 'its time is up', grave: false };

/** Why the position is to be closed before its stops are even looked at. */
export function reasonToClose(
  holding: Holding,
  book: ReadonlyBook,
  nowMs: number,
): CloseReason | undefined {
  // What began to be closed is closed to the end, also after a restart.
  const asked = book.closing.get(holding.key);
  if (asked !== undefined) return { because: asked, grave: false };
  if (holding.protectiveStop === undefined) return NO_PLAN;
  return isTimeUp(holding, nowMs) ? TIME_IS_UP : undefined;
}

/** Why it is to be closed although its stops were just tried. */
export function reasonToGiveUp(
  holding: Holding,
  book: ReadonlyBook,
  nowMs: number,
): CloseReason | undefined {
  const open = holding.slices.filter((slice) => !isCovered(book, holding, slice));
  if (open.length === 0) return undefined;
  // Taken, and refused after all: that no other stop will fare better is the venue's own word.
  for (const { group } of open)
    for (const { state, venueOrderId } of everSent(book, holding.proposalId, 'STOP', group)) {
      if (state === 'REJECTED' && venueOrderId !== null) return REFUSED_STOP;
      break;
    }
  const sinceMs = book.unprotectedSince(holding.key);
  const late = sinceMs !== undefined && nowMs - sinceMs >= PROTECTION_DEADLINE_MS;
  return late ? TOO_LATE : undefined;
}

function isTimeUp({ entry, position }: Holding, nowMs: number): boolean {
  const closeAfterMs = entry.order.management?.closeAfterMs;
  const lasted = closeAfterMs !== undefined && nowMs - position.openedAtMs >= closeAfterMs;
  return lasted || isSessionOver(entry, nowMs);
}

/** Nothing of it is to be held from this instant on. */
export function isSessionOver({ order }: Holding['entry'], nowMs: number): boolean {
  const closeAtMs = order.management?.closeAtMs;
  return closeAtMs !== undefined && nowMs >= closeAtMs;
}
