import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { GrowableSeries } from './growable-series.ts';
import { parsePlainNumber } from './plain-number.ts';

const COLUMNS = ['timestamp_ms', 'open', 'high', 'low', 'close', 'volume'] as const;
const HEADER = COLUMNS.join(',');
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;

/** A candle file that cannot be trusted. The message is `file:line: reason`; line 0 is the whole file. */
export class BadCandles extends Error {
  override readonly name = 'BadCandles';
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
    this.file = file;
    this.line = line;
  }
}

/**
 * Reads a file of `timestamp_ms,open,high,low,close,volume`, plain or gzipped (told by its first
 * bytes, not its name). Times are UTC milliseconds of each bar's open. One row that cannot be believed
 * refuses the whole file with `BadCandles`, because a strategy run over a repaired file proves nothing.
 */
export function readCandles(path: string): GrowableSeries {
  const bytes = readBytes(path);
  if (bytes.length === 0) {
    throw new BadCandles(path, 0, `the file is empty; its first line should be ${HEADER}`);
  }
  const headerEnd = lineEnd(bytes, 0);
  checkHeader(path, textOf(bytes, 0, contentEnd(bytes, 0, headerEnd)));

  const series = new GrowableSeries();
  const row = new Float64Array(COLUMNS.length);
  let line = 1;
  for (let start = headerEnd + 1; start < bytes.length;) {
    line++;
    const end = lineEnd(bytes, start);
    const fault = parseRow(bytes, start, contentEnd(bytes, start, end), row) ?? append(series, row);
    if (fault !== undefined) throw new BadCandles(path, line, fault);
    start = end + 1;
  }
  if (series.length === 0) throw new BadCandles(path, 0, 'there is no candle below the header');
  return series;
}

function readBytes(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new BadCandles(
      path,
      0,
      code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`,
    );
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new BadCandles(path, 0, `the gzip data is damaged (${(error as Error).message})`);
  }
}

function checkHeader(path: string, header: string): void {
  const found = header.split(',');
  for (let i = 0; i < Math.max(found.length, COLUMNS.length); i++) {
    if (found[i] === COLUMNS[i]) continue;
    const wanted = COLUMNS[i] === undefined ? 'should not be there' : `should be "${COLUMNS[i]}"`;
    const actual = found[i] === undefined ? 'the line ends before it' : `"${found[i]}" was found`;
    throw new BadCandles(
      path,
      1,
      `column ${i + 1} ${wanted}, but ${actual}; the header is ${HEADER}`,
    );
  }
}

/** Fills `row`, or says what is wrong with the line. */
function parseRow(
  bytes: Buffer,
  start: number,
  end: number,
  row: Float64Array,
): string | undefined {
  let field = 0;
  let fieldStart = start;
  for (let i = start; i <= end; i++) {
    if (i < end && bytes[i] !== COMMA) continue;
    if (field < COLUMNS.length) {
      const value = parsePlainNumber(bytes, fieldStart, i);
      if (Number.isNaN(value)) {
        return `${COLUMNS[field]} "${textOf(bytes, fieldStart, i)}" is not a plain number`;
      }
      row[field] = value;
    }
    field++;
    fieldStart = i + 1;
  }
  if (field === COLUMNS.length) return undefined;
  return `there are ${field} fields where ${COLUMNS.length} are wanted (${HEADER})`;
}

function append(series: GrowableSeries, row: Float64Array): string | undefined {
  try {
    series.append({
      openTimeMs: row[0]!,
      open: row[1]!,
      high: row[2]!,
      low: row[3]!,
      close: row[4]!,
      volume: row[5]!,
    });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function lineEnd(bytes: Buffer, start: number): number {
  const at = bytes.indexOf(NEWLINE, start);
  return at === -1 ? bytes.length : at;
}

/** Where the line's text ends: before the carriage return of a Windows line ending, if there is one. */
function contentEnd(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
}

function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end);
}
