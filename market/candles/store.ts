/**
 * Closed bars on disk, unique on instrument, timeframe and time, read into columns.
 *
 * A dataset is a folder of segment files, each covering 65,536 slots of its timeframe, and a manifest that
 * names them. A change writes new files beside the old ones and then replaces the manifest, so a crash at
 * any instruction leaves all of it or nothing, and readers need no lock.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import { barFault } from './bar-fault.ts';
import { emptyColumns, firstFrom, seriesOf, slice } from './column-series.ts';
import { COLUMN_NAMES, type CandleSeries } from './series.ts';
import { DRAFT, writeWhole } from './store/durable-file.ts';
import { whileLocked } from './store/lock.ts';
import {
  type Import,
  type Manifest,
  MANIFEST,
  readManifest,
  type Segment,
  writeManifest,
} from './store/manifest.ts';
import { merge, type Merged } from './store/merge.ts';
import { folderOf } from './store/place.ts';
import { decodeSegment, encodeSegment } from './store/segment.ts';

export interface CandleKey {
  /** Any well-formed one, such as `BTC/USDT`; it need not be an instrument that Plimsoll trades. */
  readonly instrumentId: string;
  readonly timeframe: Timeframe;
}

export interface StoredCandles extends CandleKey {
  readonly bars: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Where they came from, each named once, in the order of their first coming. */
  readonly sources: readonly string[];
  readonly imports: readonly Import[];
}

export interface AddOptions {
  /** Bars that are there with other values are replaced; otherwise one such bar refuses all of them. */
  readonly replace: boolean;
  /** When this happens: the store reads no clock. */
  readonly atMs: number;
  /** Of the file that the candles came from, where there was one. */
  readonly sha256?: string;
}

export interface Added {
  readonly added: number;
  readonly unchanged: number;
  readonly replaced: number;
}

/** Open times from `fromMs` (included) to `toMs` (excluded); all when left out. */
export interface Span {
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface CandleStore {
  readonly folder: string;
  /** Sorted by instrument, then by timeframe from the shortest. */
  list(): readonly StoredCandles[];
  /** Empty where nothing is stored. Throws a sentence naming the file when one is damaged. */
  read(key: CandleKey, span?: Span): CandleSeries;
  /** All of them or none, and no record where nothing was new. Throws `ConflictingCandles`, and a sentence when somebody else is writing. */
  add(key: CandleKey, candles: CandleSeries, source: string, options: AddOptions): Added;
  lastOpenTimeMs(key: CandleKey): number | undefined;
}

/** Bars are there already, with other values, and nobody said that they may be replaced. */
export class ConflictingCandles extends Error {
  override readonly name = 'ConflictingCandles';
  /** Their open times, oldest first. */
  readonly timesMs: readonly number[];

  constructor({ instrumentId, timeframe }: CandleKey, timesMs: readonly number[]) {
    const first = timesMs.slice(0, PLACES_MAX).map((ms) => new Date(ms).toISOString());
    const more = timesMs.length > PLACES_MAX ? ', …' : '';
    const bars = timesMs.length === 1 ? 'bar is' : 'bars are';
    super(
      `${timesMs.length} ${bars} stored for ${instrumentId} ${timeframe} with other values ` +
        `(${first.join(', ')}${more}); nothing was added`,
    );
    this.timesMs = timesMs;
  }
}

const PLACES_MAX = 3;
const SLOTS_PER_SEGMENT = 65_536;

export function openCandleStore(folder: string): CandleStore {
  return {
    folder,
    list: () => list(folder),
    read: (key, span = {}) => readSpan(folderOf(folder, key), key, span),
    add: (key, candles, source, options) =>
      writingIn(folder, () => add(folderOf(folder, key), key, candles, source, options)),
    lastOpenTimeMs: (key) => manifestOf(folderOf(folder, key), key)?.segments.at(-1)?.lastMs,
  };
}

function list(root: string): readonly StoredCandles[] {
  return foldersIn(root)
    .flatMap((name) => foldersIn(join(root, name)).map((timeframe) => join(root, name, timeframe)))
    .flatMap((folder) => {
      const manifest = readManifest(folder);
      return manifest === undefined ? [] : [describe(manifest)];
    })
    .sort(
      (a, b) =>
        a.instrumentId.localeCompare(b.instrumentId, 'en') ||
        TIMEFRAME_MS[a.timeframe] - TIMEFRAME_MS[b.timeframe],
    );
}

function describe({ instrumentId, timeframe, segments, imports }: Manifest): StoredCandles {
  return {
    instrumentId,
    timeframe,
    bars: segments.reduce((sum, { bars }) => sum + bars, 0),
    firstMs: segments[0]!.firstMs,
    lastMs: segments.at(-1)!.lastMs,
    sources: [...new Set(imports.map(({ source }) => source))],
    imports,
  };
}

function foldersIn(path: string): readonly string[] {
  try {
    // A link to a folder on another disk is as good as a folder.
    return readdirSync(path).filter((name) =>
      statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory(),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new Error(`the candles in ${path} cannot be read (${message}); it must be a folder`, {
      cause: error,
    });
  }
}

/** What the system refuses, such as a full disk, becomes a sentence; the bars before are all still there. */
function writingIn<T>(root: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(`candles cannot be kept in ${root} (${message}); nothing was added`, {
      cause: error,
    });
  }
}

/** Two names may be one folder where a disk does not tell small letters from capitals. */
function manifestOf(folder: string, { instrumentId, timeframe }: CandleKey): Manifest | undefined {
  const manifest = readManifest(folder);
  if (manifest === undefined) return undefined;
  if (manifest.instrumentId === instrumentId && manifest.timeframe === timeframe) return manifest;
  throw new Error(
    `${folder} holds ${manifest.instrumentId} ${manifest.timeframe}, not ${instrumentId} ${timeframe}`,
  );
}

function readSpan(folder: string, key: CandleKey, { fromMs, toMs }: Span): CandleSeries {
  for (;;) {
    const manifest = manifestOf(folder, key);
    const wanted = (manifest?.segments ?? []).filter(
      ({ firstMs, lastMs }) => lastMs >= (fromMs ?? -Infinity) && firstMs < (toMs ?? Infinity),
    );
    const all = readSegments(folder, wanted);
    if (all !== undefined) {
      const from = fromMs === undefined ? 0 : firstFrom(all, fromMs);
      const to = toMs === undefined ? all.length : firstFrom(all, toMs);
      return slice(all, from, Math.max(from, to));
    }
    // A writer took the old files away after putting new ones in their place: those are read instead.
    if (manifestOf(folder, key)?.generation === manifest?.generation) {
      throw new Error(damaged(folder, `one of ${folder}'s segments`, 'it is not there'));
    }
  }
}

/** Undefined when a file is not there. */
function readSegments(folder: string, segments: readonly Segment[]): CandleSeries | undefined {
  const columns = emptyColumns(segments.reduce((sum, { bars }) => sum + bars, 0));
  let at = 0;
  for (const segment of segments) {
    const series = readSegment(folder, segment);
    if (series === undefined) return undefined;
    for (const name of COLUMN_NAMES) columns[name].set(series[name], at);
    at += series.length;
  }
  return seriesOf(columns);
}

function readSegment(folder: string, segment: Segment): CandleSeries | undefined {
  const path = join(folder, segment.file);
  try {
    const { series, checksum } = decodeSegment(readFileSync(path));
    if (checksum === segment.checksum && series.length === segment.bars) return series;
    throw new Error('it is not the file that the manifest names');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(damaged(folder, path, (error as Error).message), { cause: error });
  }
}

const damaged = (folder: string, what: string, why: string): string =>
  `${what} is damaged: ${why}; remove ${folder} and import its candles again`;

function add(
  folder: string,
  key: CandleKey,
  candles: CandleSeries,
  source: string,
  { replace, atMs, sha256 }: AddOptions,
): Added {
  if (candles.length === 0) return { added: 0, unchanged: 0, replaced: 0 };
  checkSeries(candles);
  mkdirSync(folder, { recursive: true });
  return whileLocked(folder, () => {
    const before = manifestOf(folder, key) ?? {
      format: 1,
      ...key,
      generation: 0,
      segments: [],
      imports: [],
    };
    const pieces = bySegment(candles, TIMEFRAME_MS[key.timeframe]).map(({ number, series }) => ({
      number,
      merged: merge(storedIn(folder, before, number), series),
    }));
    const conflictsMs = pieces.flatMap(({ merged }) => merged.conflictsMs);
    if (conflictsMs.length > 0 && !replace) throw new ConflictingCandles(key, conflictsMs);
    const outcome: Added = {
      added: pieces.reduce((sum, { merged }) => sum + merged.added, 0),
      unchanged: pieces.reduce((sum, { merged }) => sum + merged.unchanged, 0),
      replaced: conflictsMs.length,
    };
    if (outcome.added + outcome.replaced === 0) return outcome;
    const generation = before.generation + 1;
    const written = pieces
      .filter(({ merged }) => merged.added + merged.conflictsMs.length > 0)
      .map(({ number, merged }) => writeSegment(folder, number, generation, merged));
    const manifest: Manifest = {
      ...before,
      generation,
      segments: replaceSegments(before.segments, written),
      imports: record(before.imports, {
        source,
        sha256: sha256 ?? null,
        rows: candles.length,
        firstMs: candles.openTimeMs[0]!,
        lastMs: candles.openTimeMs[candles.length - 1]!,
        atMs,
      }),
    };
    writeManifest(folder, manifest);
    tidy(folder, manifest);
    return outcome;
  });
}

/** What goes in is checked once, so that what comes out can be believed. */
function checkSeries(series: CandleSeries): void {
  for (let i = 0; i < series.length; i++) {
    const fault = barFault(series, i);
    if (fault !== undefined) throw new Error(`candle ${i} cannot be stored: ${fault}`);
    if (i > 0 && series.openTimeMs[i]! <= series.openTimeMs[i - 1]!) {
      throw new Error(
        `candle ${i} cannot be stored: time ${series.openTimeMs[i]} does not come after ${series.openTimeMs[i - 1]}`,
      );
    }
  }
}

function bySegment(
  series: CandleSeries,
  barMs: number,
): readonly { readonly number: number; readonly series: CandleSeries }[] {
  const spanMs = SLOTS_PER_SEGMENT * barMs;
  const pieces: { number: number; series: CandleSeries }[] = [];
  for (let from = 0; from < series.length;) {
    const number = Math.floor(series.openTimeMs[from]! / spanMs);
    const to = firstFrom(series, (number + 1) * spanMs);
    pieces.push({ number, series: slice(series, from, to) });
    from = to;
  }
  return pieces;
}

function storedIn(folder: string, { segments }: Manifest, number: number): CandleSeries {
  const segment = segments.find((candidate) => candidate.number === number);
  if (segment === undefined) return seriesOf(emptyColumns(0));
  const series = readSegment(folder, segment);
  if (series !== undefined) return series;
  throw new Error(damaged(folder, join(folder, segment.file), 'it is not there'));
}

function writeSegment(
  folder: string,
  number: number,
  generation: number,
  { series }: Merged,
): Segment {
  const file = `${number}.${generation}${SEGMENT}`;
  const { pieces, checksum } = encodeSegment(series);
  writeWhole(join(folder, file), pieces, 'REPLACE');
  const { openTimeMs, length: bars } = series;
  return { number, file, bars, firstMs: openTimeMs[0]!, lastMs: openTimeMs[bars - 1]!, checksum };
}

const SEGMENT = '.candles';

function replaceSegments(
  before: readonly Segment[],
  written: readonly Segment[],
): readonly Segment[] {
  const numbers = new Set(written.map(({ number }) => number));
  const kept = before.filter(({ number }) => !numbers.has(number));
  return [...kept, ...written].sort((a, b) => a.number - b.number);
}

/** Pages of one download, each going on where the last one ended, are one record. */
function record(imports: readonly Import[], next: Import): readonly Import[] {
  const last = imports.at(-1);
  const isPage = last?.source === next.source && last.sha256 === null && next.sha256 === null;
  if (!isPage || next.firstMs <= last.lastMs) return [...imports, next];
  const rows = last.rows + next.rows;
  return [...imports.slice(0, -1), { ...next, rows, firstMs: last.firstMs }];
}

/** Files that the manifest does not name: of the generation before, or left by a crash. */
function tidy(folder: string, { segments }: Manifest): void {
  const named = new Set([MANIFEST, ...segments.map(({ file }) => file)]);
  for (const file of readdirSync(folder)) {
    const ours = file.endsWith(SEGMENT) || file.endsWith(DRAFT);
    if (ours && !named.has(file)) rmSync(join(folder, file), { force: true });
  }
}
