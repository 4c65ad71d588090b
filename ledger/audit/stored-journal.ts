/** What an audit asks the database for, beside the pages of the journal. */
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { RecordBroken } from '../checkpoints/checkpointer.ts';
import type { Database } from '../database.ts';
import type { JournalRow } from '../journal-row.ts';
import { isHash } from '../merkle/tree.ts';
import { readRows } from '../sql-journal.ts';
import type { Tables } from '../tables.ts';

const HASHES_PAGE = 20_000;
const UNDEFINED_COLUMN = '42703';

const kysely = ({ pool }: Database): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

/** Rows as they lie there, after an event, oldest first. */
export function storedRows(
  database: Database,
): (afterSeq: number, limit: number) => Promise<readonly JournalRow[]> {
  const db = kysely(database);
  return (afterSeq, limit) => readRows(db, afterSeq, limit);
}

/** How often the journal was written, as its head says; 0 where a journal has never counted. */
export async function storedCommits(database: Database): Promise<number> {
  try {
    const head = await kysely(database)
      .selectFrom('journal_head')
      .select('commits')
      .where('id', '=', 1)
      .executeTakeFirst();
    return Number(head?.commits ?? 0);
  } catch (error) {
    // Not migrated yet: it is only read here.
    if ((error as Partial<pg.DatabaseError>).code === UNDEFINED_COLUMN) return 0;
    throw error;
  }
}

/** Event hashes from the first to `upToSeq`, as they are stored. Throws `RecordBroken` when one is not there. */
export async function* storedHashes(
  database: Database,
  upToSeq: number,
): AsyncGenerator<string, void> {
  const db = kysely(database);
  for (let after = 0; after < upToSeq;) {
    const rows = await db
      .selectFrom('journal')
      .select(['seq', 'hash'])
      .where('seq', '>', String(after))
      .where('seq', '<=', String(upToSeq))
      .orderBy('seq')
      .limit(HASHES_PAGE)
      .execute();
    if (rows.length === 0) throw missing(after + 1);
    for (const { seq, hash } of rows) {
      if (Number(seq) !== after + 1) throw missing(after + 1);
      if (!isHash(hash)) throw noHash(after + 1);
      yield hash;
      after += 1;
    }
  }
}

const missing = (seq: number): RecordBroken =>
  new RecordBroken({ fault: 'GAP', seq, sentence: `Event ${seq} is missing from the journal.` });

const noHash = (seq: number): RecordBroken =>
  new RecordBroken({ fault: 'HASH', seq, sentence: `The hash of event ${seq} is none.` });
