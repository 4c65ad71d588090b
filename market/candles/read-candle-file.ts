import { BadCandles } from './bad-candles.ts';
import { type ReadOptions, readCsvRows, UnreadableText } from './read/csv-rows.ts';
import { USUAL_HEADER } from './read/csv-layout.ts';
import { readFileBytes } from './read/file-bytes.ts';
import { readJsonRows } from './read/json-rows.ts';
import type { RawRows } from './read/raw-rows.ts';
import { settle, type Settled } from './read/settle.ts';

/** A file of candles as it was read: the bars to be believed, and everything that was wrong with the rest. */
export interface CandleFile extends Settled {
  readonly path: string;
  /** Of the file as it lies on the disk. */
  readonly sha256: string;
  readonly format: 'CSV' | 'JSON';
  /** All rows, good and bad. */
  readonly rows: number;
}

const JSON_LIST = 91;
const JSON_OBJECT = 123;

/**
 * Reads CSV and freqtrade JSON, gzipped or not. Throws `BadCandles` when the file as a whole cannot be
 * read; what is wrong with single rows is told in the result.
 */
export function readCandleFile(path: string, options: ReadOptions = {}): CandleFile {
  const { bytes, sha256 } = readFileBytes(path);
  const format = isJson(bytes) ? 'JSON' : 'CSV';
  const raw = rawRowsOf(path, format, bytes, options);
  const rows = raw.length + raw.bad.length;
  if (rows === 0) {
    throw new BadCandles(
      path,
      0,
      format === 'JSON'
        ? 'the list holds no candle'
        : `there is no candle below the header; the usual header is ${USUAL_HEADER}`,
    );
  }
  return { path, sha256, format, rows, ...settle(raw) };
}

function rawRowsOf(
  path: string,
  format: CandleFile['format'],
  bytes: Buffer,
  options: ReadOptions,
): RawRows {
  try {
    if (format === 'CSV') return readCsvRows(bytes, options);
    const raw = readJsonRows(bytes);
    if (options.timezone !== undefined)
      raw.notes.push('times of this JSON are always UTC, and no zone moves them');
    return raw;
  } catch (error) {
    if (error instanceof UnreadableText) throw new BadCandles(path, error.line, error.message);
    throw error;
  }
}

function isJson(bytes: Buffer): boolean {
  const first = bytes.find((byte) => byte > 32);
  return first === JSON_LIST || first === JSON_OBJECT;
}
