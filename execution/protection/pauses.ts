/** How long an order that came to nothing is left alone before the next of its kind is tried. */
import { MINUTE_MS } from '../../domain/clock.ts';
import { isLive, type OrderRecord } from '../../domain/order-record.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = MINUTE_MS;

/** Ended without a trade, and not because we asked for it. */
const failed = (record: OrderRecord): boolean =>
  !isLive(record) && record.filled === 0n && !record.cancelWanted;

/**
 * When a slice that needs an order may be given the next: a second after one that came to nothing, and
 * twice as long after each further refusal in a row, up to a minute. `sent` is newest first.
 */
export function urgentRetryAtMs(sent: Iterable<OrderRecord>): number {
  let lastMs: number | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  for (const record of sent) {
    if (!failed(record)) break;
    if (lastMs !== undefined) pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    lastMs ??= record.submittedAtMs;
    // What rested before it was canceled was taken after all.
    if (record.state !== 'REJECTED' || pauseMs === LONGEST_PAUSE_MS) break;
  }
  return lastMs === undefined ? Number.NEGATIVE_INFINITY : lastMs + pauseMs;
}

/** When what nobody's safety hangs on may be tried again: a minute after a refusal. */
export function calmRetryAtMs(sent: Iterable<OrderRecord>): number {
  for (const record of sent) {
    if (!failed(record)) break;
    const pauseMs = record.state === 'REJECTED' ? LONGEST_PAUSE_MS : FIRST_PAUSE_MS;
    return record.submittedAtMs + pauseMs;
  }
  return Number.NEGATIVE_INFINITY;
}
