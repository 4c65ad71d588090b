import { crc32 } from 'node:zlib';
import { seriesOf } from '../column-series.ts';
import { COLUMN_NAMES, type CandleSeries } from '../series.ts';

/** A segment file begins with these eight letters. */
const MAGIC = Buffer.from('PLIMBARS', 'latin1');
const VERSION = 1;
/** Magic, then four whole numbers of 32 bits: version, columns, bars, checksum. A multiple of eight. */
const HEADER_BYTES = 24;
const CHECKSUM_AT = 20;
const DOUBLE_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** The bars as a file, in pieces; the checksum covers every byte but its own. */
export function encodeSegment(series: CandleSeries): {
  readonly pieces: readonly Uint8Array[];
  readonly checksum: number;
} {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  header.set(numbers(VERSION, COLUMN_NAMES.length, series.length), MAGIC.length);
  const body = COLUMN_NAMES.map((name) => {
    const { buffer, byteOffset } = series[name];
    return new Uint8Array(buffer, byteOffset, series.length * DOUBLE_BYTES);
  });
  const checksum = body.reduce(
    (sum, piece) => crc32(piece, sum),
    crc32(header.subarray(0, CHECKSUM_AT)),
  );
  header.set(numbers(checksum), CHECKSUM_AT);
  return { pieces: [header, ...body], checksum };
}

/** The bars of a file, sharing its bytes, and its checksum. Throws what is wrong with it. */
export function decodeSegment(file: Uint8Array): {
  readonly series: CandleSeries;
  readonly checksum: number;
} {
  // Columns are read in place, which wants them at a multiple of eight.
  const bytes = file.byteOffset % DOUBLE_BYTES === 0 ? file : new Uint8Array(file);
  if (bytes.length < HEADER_BYTES || !MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
    throw new Error('it does not begin as a candle segment does');
  }
  const [version, columns, bars, checksum] = new Uint32Array(
    bytes.buffer,
    bytes.byteOffset + MAGIC.length,
    4,
  ) as unknown as readonly [number, number, number, number];
  // A machine of the other byte order reads a number here that no version has.
  if (version !== VERSION || columns !== COLUMN_NAMES.length) {
    throw new Error(`its format is ${version}/${columns}, and this Plimsoll reads format 1/6`);
  }
  const length = HEADER_BYTES + columns * bars * DOUBLE_BYTES;
  if (bytes.length !== length) {
    throw new Error(`it is ${bytes.length} bytes long where ${bars} bars need ${length}`);
  }
  const head = crc32(bytes.subarray(0, CHECKSUM_AT));
  const found = crc32(bytes.subarray(HEADER_BYTES), head);
  if (found !== checksum) throw new Error(`its checksum is ${found} where ${checksum} is recorded`);
  const column = (index: number): Float64Array =>
    new Float64Array(
      bytes.buffer,
      bytes.byteOffset + HEADER_BYTES + index * bars * DOUBLE_BYTES,
      bars,
    );
  return {
    series: seriesOf({
      openTimeMs: column(0),
      open: column(1),
      high: column(2),
      low: column(3),
      close: column(4),
      volume: column(5),
    }),
    checksum,
  };
}

const numbers = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(values).buffer);
