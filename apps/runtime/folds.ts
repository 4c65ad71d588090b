import type { InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { DomainEvent } from '../../domain/event.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Book } from '../../ledger/projections/book.ts';
import { Decisions } from '../../ledger/projections/decisions.ts';

export interface Folds {
  readonly book: Book;
  readonly decisions: Decisions;
  /** Time of the newest event, undefined on an empty journal. */
  readonly lastEventMs: number | undefined;
}

const PAGE = 2_000;

/**
 * Rebuilds every projection from the journal and keeps it up to date from then on. `each` sees the
 * replayed events too, for whatever else must remember.
 */
export async function foldJournal(
  ledger: Ledger,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
  each: (event: DomainEvent) => void,
): Promise<Folds> {
  const book = new Book(instruments);
  const decisions = new Decisions();
  const apply = (event: DomainEvent): void => {
    book.apply(event);
    decisions.apply(event);
  };
  let lastEventMs: number | undefined;
  for (let after = 0; ;) {
    const page = await ledger.read(after, PAGE);
    for (const { event } of page) {
      apply(event);
      each(event);
      lastEventMs = event.atMs;
      after = event.seq;
    }
    if (page.length < PAGE) break;
  }
  ledger.subscribe(({ event }) => apply(event));
  return { book, decisions, lastEventMs };
}
