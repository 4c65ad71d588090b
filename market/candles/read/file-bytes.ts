import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BadCandles } from '../bad-candles.ts';

export interface FileBytes {
  /** Unpacked, in UTF-8, without a byte order mark. */
  readonly bytes: Buffer;
  /** Of the file as it lies on the disk. */
  readonly sha256: string;
}

/** What other formats begin with, and what to do about them. */
const NOT_READ: readonly (readonly [magic: string, sentence: string])[] = [
  [
    'ARROW1',
    'it is a feather file, which is not read here; ' +
      '"freqtrade convert-data --format-from feather --format-to json" makes a file that is',
  ],
  ['PAR1', 'it is a parquet file, which is not read here; CSV and freqtrade JSON are'],
  ['PK\u0003\u0004', 'it is a zip archive; unpack it and name the file inside'],
];

/** Gzip is told by the first bytes, not by the name. Throws `BadCandles`. */
export function readFileBytes(path: string): FileBytes {
  const file = readWhole(path);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? unpacked(path, file) : file;
  for (const [magic, sentence] of NOT_READ) {
    if (bytes.toString('latin1', 0, magic.length) === magic)
      throw new BadCandles(path, 0, sentence);
  }
  return { bytes: inUtf8(bytes), sha256 };
}

function readWhole(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new BadCandles(
      path,
      0,
      code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`,
    );
  }
}

function unpacked(path: string, file: Buffer): Buffer {
  try {
    return gunzipSync(file);
  } catch (error) {
    throw new BadCandles(path, 0, `the gzip data is damaged (${(error as Error).message})`);
  }
}

/** Spreadsheets mark UTF-8, and MetaTrader writes UTF-16; both say so in their first bytes. */
function inUtf8(bytes: Buffer): Buffer {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return Buffer.from(bytes.toString('utf16le', 2), 'utf8');
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}
