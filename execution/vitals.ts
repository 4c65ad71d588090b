import type { Clock } from '../domain/clock.ts';
import { MINUTE_MS } from '../domain/clock.ts';
import { equity } from '../domain/portfolio.ts';
import { larger } from '../domain/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import type { Vitals } from '../risk-kernel/breakers.ts';
import type { Marks } from './marks.ts';

export interface VitalSources {
  readonly ledger: Ledger;
  readonly book: ReadonlyBook;
  readonly marks: Marks;
  readonly clock: Clock;
}

/** What the breakers are told. `waitedMs` is how long the feed has been waited for in real time. */
export function takeVitals({ ledger, book, marks, clock }: VitalSources, waitedMs: number): Vitals {
  const nowMs = clock.now();
  const equityNow = equity(book.portfolio, (id) => (marks.get(id) ?? book.mark(id))?.price);
  return {
    equity: equityNow,
    peakEquity: larger(book.peakEquity, equityNow),
    dayOpenEquity: book.dayOpenEquity(nowMs),
    auditIntact: ledger.intact,
    rejectsLastMinute: book.traffic.rejectsAfter(nowMs - MINUTE_MS),
    messagesLastMinute: book.traffic.messagesAfter(nowMs - MINUTE_MS),
    feedSilentMs: Math.max(waitedMs, nowMs - (marks.newestAtMs() ?? nowMs)),
  };
}
