import type { DomainEvent } from '../../domain/event.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { Accounts } from '../../ledger/accounts/accounts.ts';
import { disagreement } from '../../ledger/accounts/agreement.ts';
import { OutOfBalance } from '../../ledger/accounts/balances.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Book } from '../../ledger/projections/book.ts';
import { Decisions } from '../../ledger/projections/decisions.ts';
import type { Fold } from '../../ledger/snapshots/fold.ts';
import type { Snapshots, TakenUp } from '../../ledger/snapshots/snapshots.ts';

export interface Folds {
  readonly book: Book;
  readonly decisions: Decisions;
  readonly accounts: Accounts;
}

const PAGE = 2_000;

/**
 * Takes the projections up from the snapshot, reads what the journal has after it, and keeps them up to
 * date from then on. `beside` are others that read the past with them and see to the present themselves.
 *
 * Money is reckoned twice, as a book and in double entry. When the two differ, one of them is wrong and
 * nobody knows which: the ledger breaks, and with it everything stops.
 */
export async function foldJournal(
  ledger: Ledger,
  snapshots: Snapshots,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
  beside: readonly TakenUp<Fold>[] = [],
): Promise<Folds> {
  const book = snapshots.takeUp('book', () => new Book(instruments));
  const decisions = snapshots.takeUp('decisions', () => new Decisions());
  const accounts = snapshots.takeUp('accounts', () => new Accounts(instruments));
  await replay(ledger, [book, decisions, accounts, ...beside]);
  const folds = { book: book.fold, decisions: decisions.fold, accounts: accounts.fold };
  assertAgree(folds);
  ledger.subscribe(({ event }) => {
    folds.book.apply(event);
    folds.decisions.apply(event);
    folds.accounts.apply(event);
    if (event.type === 'order.filled') assertAgree(folds);
  });
  return folds;
}

async function replay(ledger: Ledger, taken: readonly TakenUp<Fold>[]): Promise<void> {
  const apply = (event: DomainEvent): void => {
    for (const { fold, afterSeq } of taken) if (event.seq > afterSeq) fold.apply(event);
  };
  for (let after = Math.min(...taken.map(({ afterSeq }) => afterSeq)); ;) {
    const page = await ledger.read(after, PAGE);
    for (const { event } of page) apply(event);
    after += page.length;
    if (page.length < PAGE) return;
  }
}

function assertAgree({ accounts, book }: Pick<Folds, 'accounts' | 'book'>): void {
  const differ = disagreement(accounts, book);
  if (differ !== undefined)
    throw new OutOfBalance(`Double entry does not agree with the book: ${differ}.`);
}
