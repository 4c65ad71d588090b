/** The statements that touch the journal's two tables, and the row that says who may write them. */
import { sql, type Kysely } from 'kysely';
import type { JournalRow } from './journal-row.ts';
import { type Leadership, leadershipFault, type StoredLeadership } from './leadership.ts';
import type { Head } from './ledger.ts';
import { journalRow, type Tables } from './tables.ts';

/** Keeps one statement's text well under what either database likes to parse at once. */
const INSERT_ROWS_MAX = 500;

export async function readHead(db: Kysely<Tables>): Promise<Head | undefined> {
  const stored = await db
    .selectFrom('journal_head')
    .select(['seq', 'hash'])
    .where('id', '=', 1)
    .executeTakeFirst();
  return stored && { seq: Number(stored.seq), hash: stored.hash };
}

/**
 * Reads the head and who leads, and keeps others from changing either until this transaction ends.
 * Both rows are locked: of a row that it does not lock, a statement that had to wait would give back
 * what was there before the wait.
 */
export async function lockLeadership(db: Kysely<Tables>): Promise<StoredLeadership | undefined> {
  const stored = await db
    .selectFrom('journal_head')
    .innerJoin('leadership', 'leadership.id', 'journal_head.id')
    .select(['seq', 'hash', 'commits', 'epoch', 'holder'])
    .where('journal_head.id', '=', 1)
    .forUpdate()
    .executeTakeFirst();
  return (
    stored && {
      epoch: Number(stored.epoch),
      holder: stored.holder,
      head: { seq: Number(stored.seq), hash: stored.hash },
      commits: Number(stored.commits),
    }
  );
}

/** The epoch that begins with it. */
export async function beginEpoch(db: Kysely<Tables>, holder: string): Promise<number> {
  const { epoch } = await db
    .updateTable('leadership')
    .set({ epoch: sql`epoch + 1`, holder, renewed_at: sql`clock_timestamp()` })
    .where('id', '=', 1)
    .returning('epoch')
    .executeTakeFirstOrThrow();
  return Number(epoch);
}

export async function insertRows(db: Kysely<Tables>, rows: readonly JournalRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += INSERT_ROWS_MAX) {
    await insertChunk(db, rows.slice(start, start + INSERT_ROWS_MAX));
  }
}

export async function moveHead(db: Kysely<Tables>, head: Head): Promise<void> {
  await db
    .updateTable('journal_head')
    .set({ seq: head.seq, hash: head.hash, commits: sql`commits + 1` })
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
}

export async function readRows(
  db: Kysely<Tables>,
  afterSeq: number,
  limit: number,
): Promise<readonly JournalRow[]> {
  const query = db.selectFrom('journal').selectAll().where('seq', '>', String(afterSeq));
  return (await query.orderBy('seq').limit(limit).execute()).map(journalRow);
}

export async function readCorrelatedRows(
  db: Kysely<Tables>,
  correlationId: string,
): Promise<readonly JournalRow[]> {
  const query = db.selectFrom('journal').selectAll().where('correlation_id', '=', correlationId);
  return (await query.orderBy('seq').execute()).map(journalRow);
}

/** Why the head row and the last event contradict each other, or undefined when they agree. */
export async function headFault(db: Kysely<Tables>, head: Head): Promise<string | undefined> {
  const last = await db
    .selectFrom('journal')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const lastSeq = Number(last?.seq ?? 0);
  if (lastSeq === head.seq && (last === undefined || last.hash === head.hash)) return undefined;
  return `The journal's head says event ${head.seq}, but its last event is ${lastSeq}, or another one of that number.`;
}

/** Writes rows and head in one statement and one commit. Undefined when they are kept, else why nothing was. */
export async function keepRows(
  db: Kysely<Tables>,
  as: Leadership,
  rows: readonly JournalRow[],
): Promise<string | undefined> {
  const { epoch, head } = as;
  const answer = await sql<{ refusal: Refusal | null }>`
    SELECT journal_keep(
      ${epoch}::bigint, ${head.seq}::bigint, ${head.hash}::text, ${columnsOf(rows)}
    ) AS refusal`.execute(db);
  const { refusal } = answer.rows[0] ?? { refusal: NOBODY };
  if (refusal === null) return undefined;
  const { seq, hash, epoch: leads, ...rest } = refusal;
  const found = leads === null ? undefined : { ...rest, epoch: leads, head: { seq, hash } };
  return leadershipFault(as, found) ?? 'The journal refused to keep events.';
}

/** Who leads and where the journal ends; all of it null when there is no such row. */
interface Refusal extends Head {
  readonly epoch: number | null;
  readonly holder: string;
  readonly commits: number;
}

const NOBODY: Refusal = { epoch: null, holder: '', commits: 0, seq: 0, hash: '' };

async function insertChunk(db: Kysely<Tables>, rows: readonly JournalRow[]): Promise<void> {
  await sql`
    INSERT INTO journal (seq, at_ms, type, correlation_id, causation_seq, body, prev_hash, hash)
    SELECT * FROM unnest(${columnsOf(rows)})`.execute(db);
}

/** One array a column: the statement's text is then the same for any number of rows. */
const columnsOf = (rows: readonly JournalRow[]) => sql`
  ${rows.map((row) => row.seq)}::bigint[],
  ${rows.map((row) => row.atMs)}::bigint[],
  ${rows.map((row) => row.type)}::text[],
  ${rows.map((row) => row.correlationId)}::text[],
  ${rows.map((row) => row.causationSeq)}::bigint[],
  ${rows.map((row) => row.body)}::text[],
  ${rows.map((row) => row.prevHash)}::text[],
  ${rows.map((row) => row.hash)}::text[]`;
