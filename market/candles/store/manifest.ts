import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Timeframe, TIMEFRAMES } from '../../../domain/candle.ts';
import { writeWhole } from './durable-file.ts';

/** One file of bars. */
export interface Segment {
  /** Which 65,536 slots of the timeframe it covers, counted from the epoch. */
  readonly number: number;
  readonly file: string;
  readonly bars: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Told here too, so that the right file of another day does not pass. */
  readonly checksum: number;
}

/** Where bars came from. */
export interface Import {
  /** A file's name or a provider's, as people know it. */
  readonly source: string;
  /** Of the file as it was read, where there was one. */
  readonly sha256: string | null;
  readonly rows: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly atMs: number;
}

/** What a dataset is made of. Files that it does not name are not part of it. */
export interface Manifest {
  readonly format: 1;
  readonly instrumentId: string;
  readonly timeframe: Timeframe;
  /** Counts the changes; each writes files of names that were not there before. */
  readonly generation: number;
  readonly segments: readonly Segment[];
  readonly imports: readonly Import[];
}

export const MANIFEST = 'manifest.json';

/** Undefined where there is none. Throws a sentence when it cannot be read as one of ours. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} cannot be read (${(error as Error).message})`, { cause: error });
  }
  const manifest = parsed(text);
  if (manifest !== undefined) return manifest;
  throw new Error(
    `${path} is damaged or of another version; remove ${folder} and import its candles again`,
  );
}

function parsed(text: string): Manifest | undefined {
  try {
    const { format, segments, imports, ...rest } = JSON.parse(text) as Partial<Manifest>;
    const named =
      typeof rest.instrumentId === 'string' && TIMEFRAMES.some((one) => one === rest.timeframe);
    const ours = format === 1 && named && Number.isSafeInteger(rest.generation);
    if (!ours || !Array.isArray(segments) || !Array.isArray(imports)) return undefined;
    if (segments.length === 0 || !segments.every(isSegment) || !imports.every(isImport))
      return undefined;
    return { format, segments, imports, ...rest } as Manifest;
  } catch {
    return undefined;
  }
}

/** A name of a file in the folder, and of no other one. */
const SEGMENT_FILE = /^-?\d+\.\d+\.candles$/;

const areWhole = (...numbers: readonly unknown[]): boolean => numbers.every(Number.isSafeInteger);

const isSegment = ({ file, number, bars, firstMs, lastMs, checksum }: Segment): boolean =>
  SEGMENT_FILE.test(file) && areWhole(number, bars, firstMs, lastMs, checksum);

const isImport = ({ source, rows, firstMs, lastMs, atMs }: Import): boolean =>
  typeof source === 'string' && areWhole(rows, firstMs, lastMs, atMs);

/** The moment at which a change happens: everything it names is on the disk already. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  writeWhole(join(folder, MANIFEST), [Buffer.from(text)], 'REPLACE');
}
