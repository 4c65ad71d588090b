import type { Ledger } from './ledger.ts';
import type { JournalPage } from './verify.ts';

const PAGE_ROWS = 1_000;

/**
 * The journal as an open ledger hands it out, for `verifyJournal`. It proves the chain of what this
 * process holds; a stored journal is proven from its rows, with `journalPages`.
 */
export async function* ledgerPages(
  ledger: Ledger,
  afterSeq = 0,
): AsyncGenerator<JournalPage, void> {
  for (let after = afterSeq; ; after += PAGE_ROWS) {
    const chained = await ledger.read(after, PAGE_ROWS);
    const rows = chained.map(({ event, body, hash, prevHash }) => {
      const { seq, atMs, type, correlationId, causationSeq } = event;
      return {
        seq,
        atMs,
        type,
        correlationId,
        causationSeq,
        body,
        prevHash,
        hash,
      };
    });
    yield { rows, head: ledger.head };
    if (chained.length < PAGE_ROWS) return;
  }
}
