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
  ['\u001f\u008b', 'it was packed by gzip twice; unpack it once'],
  ['BZh', 'it was packed by bzip2, which is not read here; unpack it, or pack it by gzip'],
  ['\u00fd7zXZ', 'it was packed by xz, which is not read here; unpack it, or pack it by gzip'],
  [
    '(\u00b5/\u00fd',
    'it was packed by zstd, which is not read here; unpack it, or pack it by gzip',
  ],
];

/** Where a text shows itself to be none. */
const LOOKED_AT = 1_024;

/** Gzip is told by the first bytes, not by the name. Throws `BadCandles`. */
export function readFileBytes(path: string): FileBytes {
  const file = readWhole(path);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? unpacked(path, file) : file;
  for (const [magic, sentence] of NOT_READ) {
    if (bytes.toString('latin1', 0, magic.length) === magic)
      throw new BadCandles(path, 0, sentence);
  }
  const text = inUtf8(bytes);
  if (text.subarray(0, LOOKED_AT).includes(0)) {
    throw new BadCandles(
      path,
      0,
      'it is no text: there are zero bytes in it; CSV and JSON are read, in UTF-8 or in UTF-16 with a byte order mark',
    );
  }
  return { bytes: text, sha256 };
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name the files in it',
};

function readWhole(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new BadCandles(path, 0, UNREADABLE[code] ?? `it cannot be read (${code})`);
  }
}

function unpacked(path: string, file: Buffer): Buffer {
  try {
    return gunzipSync(file);
  } catch (error) {
    throw new BadCandles(path, 0, `the gzip data is damaged (${(error as Error).message})`);
  }
}

const UTF_16 = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
] as const;

/** Spreadsheets mark UTF-8, and MetaTrader writes UTF-16; both say so in their first bytes. */
function inUtf8(bytes: Buffer): Buffer {
  for (const [first, second, encoding] of UTF_16) {
    if (bytes[0] === first && bytes[1] === second) {
      return Buffer.from(new TextDecoder(encoding).decode(bytes), 'utf8');
    }
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}
