/** Writes a backup of a database that may be in use all the while. */
import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Selectable } from 'kysely';
import type pg from 'pg';
import type { Database } from '../database.ts';
import { GENESIS, verifyLink } from '../hash-chain.ts';
import type { JournalRow } from '../journal-row.ts';
import type { Head } from '../ledger.ts';
import { migrationsDone } from '../prepare-tables.ts';
import { journalRow, type Tables } from '../tables.ts';
import { sync } from './sync.ts';
import {
  BackupDamaged,
  type BackupHeader,
  FORMAT,
  type Row,
  type Trailer,
  type Value,
} from './format.ts';
import { columnsOf, JOURNAL, KEPT_TABLES } from './kept-tables.ts';

export interface BackupOrder {
  /** Replaced when it is there already; the folder must exist. */
  readonly file: string;
  readonly version: string;
  readonly atMs: number;
  /** How many events are written so far, after each page. */
  readonly onProgress?: (events: number, of: number) => void;
}

export interface BackupReceipt {
  readonly file: string;
  readonly head: Head;
}

const PAGE_ROWS = 1_000;
/** A checkpoint may be large; these are few at a time. */
const FETCH_ROWS = 100;

/**
 * The file appears whole and durable, or not at all. The journal is proven on the way: a backup that
 * could not be restored is none. Throws `BackupDamaged` when the journal does not hold.
 */
export async function writeBackup(database: Database, order: BackupOrder): Promise<BackupReceipt> {
  const { file } = order;
  const draft = `${file}.${process.pid}.partial`;
  const writing = new Writing(database, order);
  try {
    await pipeline(
      Readable.from(writing.lines()),
      createGzip({ level: 6 }),
      createWriteStream(draft, { mode: 0o600, flags: 'wx' }),
    );
    await sync(draft);
    await rename(draft, file);
    await sync(dirname(file));
  } catch (error) {
    // Not one that another process of the same number is still writing.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(draft, { force: true });
    throw error;
  }
  return { file, head: writing.head };
}

class Writing {
  head: Head = { seq: 0, hash: '' };
  readonly #database: Database;
  readonly #order: BackupOrder;
  readonly #hash: Hash = createHash('sha256');
  readonly #rows: Record<string, number> = {};

  constructor(database: Database, order: BackupOrder) {
    this.#database = database;
    this.#order = order;
  }

  async *lines(): AsyncGenerator<string, void> {
    const { pool } = this.#database;
    const client = await pool.connect();
    try {
      // One short snapshot of everything that changes, and of the head of what only grows.
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      yield* this.#header(client);
      for (const { name } of KEPT_TABLES) yield* this.#table(client, name);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
    yield* this.#journal();
    const trailer: Trailer = { rows: this.#rows, sha256: this.#hash.digest('hex') };
    yield `${JSON.stringify(trailer)}\n`;
  }

  *#write(values: readonly unknown[]): Generator<string, void> {
    if (values.length === 0) return;
    const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
    this.#hash.update(text);
    yield text;
  }

  async *#header(client: pg.PoolClient): AsyncGenerator<string, void> {
    const { version, atMs } = this.#order;
    const [stored] = (await client.query<HeadRow>('SELECT * FROM journal_head WHERE id = 1')).rows;
    if (stored === undefined) {
      throw new BackupDamaged('The head of the journal is gone; nothing was written.');
    }
    this.head = { seq: Number(stored.seq), hash: stored.hash };
    const tables: string[] = [];
    for (const { name } of [...KEPT_TABLES, JOURNAL]) {
      if ((await columnsOf(client, name)).length > 0) tables.push(name);
    }
    const header: BackupHeader = {
      format: FORMAT,
      version,
      at: new Date(atMs).toISOString(),
      head: this.head,
      commits: Number(stored.commits ?? 0),
      epoch: tables.includes('leadership') ? await epochOf(client) : 0,
      migrations: await migrationsDone(client),
      tables,
    };
    yield* this.#write([header]);
  }

  async *#table(client: pg.PoolClient, table: string): AsyncGenerator<string, void> {
    const columns = (await columnsOf(client, table)).map(({ name }) => name);
    if (columns.length === 0) return;
    yield* this.#write([{ table, columns }]);
    const texts = columns.map((column) => `"${column}"::text`).join(', ');
    await client.query(`DECLARE kept NO SCROLL CURSOR FOR SELECT ${texts} FROM ${table}`);
    for (;;) {
      const { rows } = await client.query<Value[]>({
        text: `FETCH ${FETCH_ROWS} kept`,
        rowMode: 'array',
      });
      this.#count(table, rows.length);
      yield* this.#write(rows);
      if (rows.length < FETCH_ROWS) break;
    }
    await client.query('CLOSE kept');
  }

  /** Outside the snapshot: what was written up to the head does not change any more. */
  async *#journal(): AsyncGenerator<string, void> {
    const { head } = this;
    const { pool } = this.#database;
    yield* this.#write([{ table: JOURNAL.name, columns: JOURNAL_COLUMNS }]);
    for (let last: Head = GENESIS; ;) {
      const { rows: stored } = await pool.query<Selectable<Tables['journal']>>(
        'SELECT * FROM journal WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3',
        [last.seq, head.seq, PAGE_ROWS],
      );
      const rows = stored.map(journalRow);
      for (const row of rows) last = follow(last, row);
      this.#count(JOURNAL.name, rows.length);
      yield* this.#write(rows.map(rowOf));
      this.#order.onProgress?.(last.seq, head.seq);
      if (rows.length === PAGE_ROWS) continue;
      if (last.seq !== head.seq || last.hash !== head.hash) throw notWhole(last.seq + 1);
      return;
    }
  }

  #count(table: string, rows: number): void {
    this.#rows[table] = (this.#rows[table] ?? 0) + rows;
  }
}

interface HeadRow {
  readonly seq: string;
  readonly hash: string;
  /** Journals of before there was such a column count from none. */
  readonly commits?: string;
}

async function epochOf(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ epoch: string }>('SELECT epoch FROM leadership');
  return Number(rows[0]?.epoch ?? 0);
}

const JOURNAL_COLUMNS = [
  'seq',
  'at_ms',
  'type',
  'correlation_id',
  'causation_seq',
  'body',
  'prev_hash',
  'hash',
] as const satisfies readonly (keyof Tables['journal'])[];

const rowOf = (row: JournalRow): Row => [
  String(row.seq),
  String(row.atMs),
  row.type,
  row.correlationId,
  row.causationSeq === null ? null : String(row.causationSeq),
  row.body,
  row.prevHash,
  row.hash,
];

function follow(last: Head, row: JournalRow): Head {
  if (row.seq !== last.seq + 1 || verifyLink(last, row) !== undefined) throw notWhole(last.seq + 1);
  return row;
}

const notWhole = (seq: number): BackupDamaged =>
  new BackupDamaged(
    `The journal does not hold at event ${seq}, and a backup of it could not be restored; "plimsoll audit verify" says what is wrong.`,
  );
