import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { DatabaseUnavailable, type Database } from './database.ts';
import { readHead } from './sql-journal.ts';
import { journalRow, type Tables } from './tables.ts';
import type { JournalPage } from './verify.ts';

const PAGE_ROWS = 1_000;
const UNDEFINED_TABLE = '42P01';

/**
 * The stored journal as it is, oldest first, for `verifyJournal`. Every page is one short snapshot of
 * rows and head together, so a writer may go on meanwhile: what it adds only makes a later page.
 * It begins after `afterSeq`. Throws `DatabaseUnavailable` when no journal was ever written here.
 */
export async function* journalPages(
  database: Database,
  afterSeq = 0,
): AsyncGenerator<JournalPage, void> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.pool }) });
  let lastSeq = afterSeq === 0 ? undefined : String(afterSeq);
  for (;;) {
    const { stored, head } = await readPage(db, lastSeq).catch(explain);
    // Each page starts at the last row of the one before, so that a double of it cannot hide.
    yield { rows: stored.slice(lastSeq === undefined ? 0 : 1).map(journalRow), head };
    if (stored.length < PAGE_ROWS) return;
    lastSeq = stored.at(-1)?.seq;
  }
}

function readPage(db: Kysely<Tables>, fromSeq: string | undefined) {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const all = trx.selectFrom('journal').selectAll().orderBy('seq').limit(PAGE_ROWS);
      // Without a lower bound at first: a row numbered zero or less must be seen too.
      const page = fromSeq === undefined ? all : all.where('seq', '>=', fromSeq);
      return { stored: await page.execute(), head: await readHead(trx) };
    });
}

function explain(error: unknown): never {
  if ((error as Partial<pg.DatabaseError>).code !== UNDEFINED_TABLE) throw error;
  throw new DatabaseUnavailable('There is no journal in this database: nothing was ever written.');
}
