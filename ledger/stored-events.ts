import type { Database } from './database.ts';
import { journalPages } from './journal-pages.ts';
import { chainedEvent } from './journal-row.ts';
import type { ChainedEvent } from './ledger.ts';

/**
 * Every event of a stored journal, oldest first, for whoever only reads. It proves nothing: a journal
 * of unknown origin goes through verification first. Throws `DatabaseUnavailable` when there is none.
 */
export async function* storedEvents(database: Database): AsyncGenerator<ChainedEvent, void> {
  for await (const page of journalPages(database)) yield* page.rows.map(chainedEvent);
}
