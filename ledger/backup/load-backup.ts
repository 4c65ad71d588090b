/** Puts a backup into tables that hold nothing yet. */
import type pg from 'pg';
import type { Database } from '../database.ts';
import { describeError } from '../describe-error.ts';
import { MIGRATION_NAMES } from '../migrations/migrate.ts';
import {
  BackupDamaged,
  type BackupHeader,
  BackupUnusable,
  type Row,
  type TableLine,
} from './format.ts';
import { columnsOf, JOURNAL, KEPT_TABLES } from './kept-tables.ts';
import { readBackup } from './read-backup.ts';

/** Throws `BackupUnusable` or `BackupDamaged`; what was put in until then is for nobody. */
export async function loadBackup(
  database: Database,
  file: string,
  onProgress: (events: number, of: number) => void,
): Promise<BackupHeader> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    const header = await load(client, file, onProgress);
    await client.query('COMMIT');
    return header;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function load(
  client: pg.PoolClient,
  file: string,
  onProgress: (events: number, of: number) => void,
): Promise<BackupHeader> {
  let header: BackupHeader | undefined;
  let events = 0;
  let insert: Insert | undefined;
  for await (const part of readBackup(file)) {
    if (part.kind === 'HEADER') {
      header = part.header;
      assertKnown(header, file);
      continue;
    }
    if (insert?.of !== part.of) insert = await insertInto(client, part.of, file);
    await putIn(client, insert, part.rows, file);
    if (part.of.table !== JOURNAL.name) continue;
    events += part.rows.length;
    onProgress(events, header?.head.seq ?? events);
  }
  await continueOrdinals(client);
  // The reader does not come to an end without one.
  if (header === undefined) throw new BackupUnusable(`${file} is empty.`);
  return header;
}

function assertKnown({ migrations }: BackupHeader, file: string): void {
  const unknown = migrations.find((name) => !MIGRATION_NAMES.includes(name));
  if (unknown === undefined) return;
  throw new BackupUnusable(`${file} was made by a newer Plimsoll (${unknown}), so use that.`);
}

interface Insert {
  readonly of: TableLine;
  readonly text: string;
}

const TABLES = [...KEPT_TABLES, JOURNAL];

/** Names come from a file: only tables and columns that are here become part of a statement. */
async function insertInto(client: pg.PoolClient, of: TableLine, file: string): Promise<Insert> {
  const table = TABLES.find(({ name }) => name === of.table);
  const known = table === undefined ? [] : await columnsOf(client, table.name);
  const columns = of.columns.map((name) => known.find((column) => column.name === name));
  const unknown = of.columns.find((_, index) => columns[index] === undefined);
  if (table === undefined || unknown !== undefined || new Set(of.columns).size < columns.length) {
    const what = table === undefined || unknown === undefined ? of.table : `${of.table}.${unknown}`;
    throw new BackupUnusable(
      `${file} holds ${what}, which this Plimsoll does not know; use a newer one.`,
    );
  }
  const names = of.columns.map((name) => `"${name}"`);
  const arrays = columns.map((column, index) => `$${index + 1}::${column?.type}[]`);
  const replace = names.map((name) => `${name} = EXCLUDED.${name}`);
  const text = `INSERT INTO ${table.name} (${names.join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT * FROM unnest(${arrays.join(', ')})
    ${table.hasRow ? `ON CONFLICT (id) DO UPDATE SET ${replace.join(', ')}` : ''}`;
  return { of, text };
}

async function putIn(
  client: pg.PoolClient,
  { of, text }: Insert,
  rows: readonly Row[],
  file: string,
): Promise<void> {
  const columns = of.columns.map((_, index) => rows.map((row) => row[index] ?? null));
  try {
    await client.query(text, columns);
  } catch (error) {
    const because = `${of.table} does not take its rows: ${describeError(error)}`;
    throw new BackupDamaged(`${file} cannot be restored, ${because}.`, { cause: error });
  }
}

/** New rows are numbered after those that came with their numbers. */
async function continueOrdinals(client: pg.PoolClient): Promise<void> {
  for (const table of ['approvals', 'order_intents']) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, 'ordinal'), max(ordinal)) FROM ${table}
       HAVING max(ordinal) IS NOT NULL`,
      [table],
    );
  }
}
