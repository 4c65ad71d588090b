/** Backups as somebody might make or change them by hand. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { BackupHeader } from '../backup/format.ts';
import { columnsOf, JOURNAL, KEPT_TABLES } from '../backup/kept-tables.ts';
import type { Database } from '../database.ts';

export const SAMPLE_HEADER: BackupHeader = {
  format: 'plimsoll-backup/1',
  version: '0',
  at: '2026-01-05T12:00:00.000Z',
  head: { seq: 0, hash: '0'.repeat(64) },
  commits: 0,
  epoch: 1,
  migrations: ['0001-journal'],
  tables: ['operators', 'journal'],
};

/** A file of these lines, with the end that belongs to them. */
export function writeLines(file: string, lines: readonly unknown[]): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const rows: Record<string, number> = {};
  let table = '';
  for (const line of lines) {
    if (Array.isArray(line)) rows[table] = (rows[table] ?? 0) + 1;
    else if (isTable(line)) rows[(table = line.table)] = 0;
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  writeFileSync(file, gzipSync(`${text}${JSON.stringify({ rows, sha256 })}\n`));
}

/** The lines of a file, without its end. */
export const readLines = (file: string): readonly unknown[] =>
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));

const isTable = (line: unknown): line is { readonly table: string } =>
  typeof line === 'object' && line !== null && 'table' in line;

/** Everything that a backup keeps, as the database writes it. */
export async function contentsOf(database: Database): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const { name } of [...KEPT_TABLES, JOURNAL]) {
    const columns = await columnsOf(database.pool, name);
    const texts = columns.map((column) => `"${column.name}"::text`).join(', ');
    const { rows } = await database.pool.query(`SELECT ${texts} FROM ${name} ORDER BY 1, 2, 3`);
    contents[name] = rows;
  }
  return contents;
}
