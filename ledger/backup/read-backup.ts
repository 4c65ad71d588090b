/** Reads a backup from its beginning to its end, holding a few rows at a time. */
import { createHash } from 'node:crypto';
import {
  BackupDamaged,
  type BackupHeader,
  BackupUnusable,
  headerFrom,
  isRow,
  isTableLine,
  isTrailer,
  type Row,
  type TableLine,
  type Trailer,
} from './format.ts';
import { linesOf } from './lines-of.ts';

export type BackupPart =
  | { readonly kind: 'HEADER'; readonly header: BackupHeader }
  | { readonly kind: 'ROWS'; readonly of: TableLine; readonly rows: readonly Row[] };

const ROWS_MAX = 500;
/** Rows are handed on when they hold so much text together. */
const BYTES_MAX = 1_000_000;
const NEWLINE = '\n';

/**
 * What the backup holds, in its order. Whoever read on to the end knows that every byte is as it was
 * written and every row is there; until then nothing is. Throws `BackupUnusable` or `BackupDamaged`.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupPart, void> {
  const reading = new Reading(file);
  for await (const line of linesOf(file)) yield* reading.take(line);
  yield* reading.end();
}

class Reading {
  readonly #file: string;
  readonly #digest = createHash('sha256');
  readonly #counted = new Map<string, number>();
  #lines = 0;
  #header: BackupHeader | undefined;
  #table: TableLine | undefined;
  #trailer: Trailer | undefined;
  #rows: Row[] = [];
  #bytes = 0;

  constructor(file: string) {
    this.#file = file;
  }

  *take(line: Buffer): Generator<BackupPart, void> {
    this.#lines += 1;
    if (this.#trailer !== undefined) throw this.#damaged('goes on after its end');
    const value = parsed(line);
    if (this.#header !== undefined && isTrailer(value)) {
      this.#trailer = value;
      return;
    }
    this.#digest.update(line).update(NEWLINE);
    if (this.#header === undefined) yield this.#begin(value);
    else if (isTableLine(value)) yield* this.#turnTo(value, this.#header);
    else yield* this.#add(value, line.length);
  }

  *end(): Generator<BackupPart, void> {
    const header = this.#header;
    const trailer = this.#trailer;
    if (header === undefined) throw new BackupUnusable(`${this.#file} is empty.`);
    if (trailer === undefined) throw this.#damaged('is cut short: its end is missing');
    if (trailer.sha256 !== this.#digest.digest('hex')) {
      throw this.#damaged('is not as it was written: its SHA-256 is another');
    }
    for (const name of header.tables) {
      const found = this.#counted.get(name);
      if (found !== undefined && found === trailer.rows[name]) continue;
      throw this.#damaged(
        `has ${found ?? 'no'} rows of ${name} where it says ${trailer.rows[name]}`,
      );
    }
    yield* this.#handOn();
  }

  #begin(value: unknown): BackupPart {
    try {
      this.#header = headerFrom(value);
    } catch (error) {
      if (error instanceof BackupUnusable) {
        throw new BackupUnusable(`${this.#file} ${error.message}.`, { cause: error });
      }
      throw error instanceof BackupDamaged ? this.#damaged(error.message) : error;
    }
    return { kind: 'HEADER', header: this.#header };
  }

  *#turnTo(table: TableLine, header: BackupHeader): Generator<BackupPart, void> {
    if (!header.tables.includes(table.table) || this.#counted.has(table.table)) {
      throw this.#damaged(`has a table ${table.table} where there should be none`);
    }
    yield* this.#handOn();
    this.#table = table;
    this.#counted.set(table.table, 0);
  }

  *#add(value: unknown, bytes: number): Generator<BackupPart, void> {
    const table = this.#table;
    if (table === undefined || !isRow(value) || value.length !== table.columns.length) {
      throw this.#damaged(`cannot be understood in line ${this.#lines}`);
    }
    this.#counted.set(table.table, (this.#counted.get(table.table) ?? 0) + 1);
    this.#rows.push(value);
    this.#bytes += bytes;
    if (this.#rows.length >= ROWS_MAX || this.#bytes >= BYTES_MAX) yield* this.#handOn();
  }

  *#handOn(): Generator<BackupPart, void> {
    const rows = this.#rows;
    this.#rows = [];
    this.#bytes = 0;
    if (this.#table !== undefined && rows.length > 0) yield { kind: 'ROWS', of: this.#table, rows };
  }

  #damaged(how: string): BackupDamaged {
    return new BackupDamaged(`${this.#file} ${how}; it was cut or changed, so use another backup.`);
  }
}

/** Undefined for what is no JSON, which is then not understood. */
function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}
