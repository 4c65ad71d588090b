import { basename } from 'node:path';
import pc from 'picocolors';
import type { Instrument } from '../../../../domain/instrument.ts';
import { BadCandles } from '../../../../market/candles/bad-candles.ts';
import { refuseFaults } from '../../../../market/candles/csv-candles.ts';
import { type CandleFile, readCandleFile } from '../../../../market/candles/read-candle-file.ts';
import {
  type Added,
  type CandleKey,
  type CandleStore,
  ConflictingCandles,
} from '../../../../market/candles/store.ts';
import { openCandles } from '../../../candle-store.ts';
import { EDGE } from '../../edge.ts';
import { BadInput, reading } from '../../errors.ts';
import { printFacts, printJson, printLine, Progress } from '../../output.ts';
import { instrumentIn, timeframeIn } from './file-key.ts';
import { type ClockFlags, instrumentsIn } from './flags.ts';
import type { ImportFlags } from './import.ts';
import { count, utc } from './words.ts';

const SKIPPED_SHOWN = 10;

interface Imported extends Added {
  readonly file: CandleFile;
  readonly key: CandleKey;
  readonly seconds: number;
}

export function runImport(files: readonly string[], flags: ImportFlags): void {
  const store = openCandles(flags.candlesDir);
  const known = instrumentsIn(flags);
  const done: Imported[] = [];
  try {
    for (const path of files) {
      const imported = importFile(path, store, known, flags);
      done.push(imported);
      if (!flags.json) report(imported);
    }
  } finally {
    // Also where a later file fails: the ones before it are stored.
    if (flags.json && done.length > 0)
      printJson({ candlesDir: store.folder, files: done.map(jsonOf) });
  }
  if (!flags.json)
    printLine(
      pc.dim(`\n  Kept in ${store.folder}; "plimsoll data check" looks for what is wrong.\n`),
    );
}

function importFile(
  path: string,
  store: CandleStore,
  known: readonly Instrument[],
  flags: ImportFlags,
): Imported {
  const startedMs = performance.now();
  const file = readWithProgress(path, flags);
  const instrumentId = instrumentIn(path, flags.instrument, known);
  if (!flags.skipBad) refuse(file);
  const key = { instrumentId, timeframe: timeframeIn(file, flags.timeframe) };
  const added = addTo(store, key, file, flags.replace);
  return { file, key, ...added, seconds: (performance.now() - startedMs) / 1_000 };
}

/** Of a file for the store or for a check; the progress is in thousands of bytes. */
export function readWithProgress(path: string, { timezone, localNumbers }: ClockFlags): CandleFile {
  if (localNumbers && timezone === undefined)
    throw new BadInput('--local-numbers needs --timezone, which names the clocks that they are of');
  let progress: Progress | undefined;
  const onProgress = (bytes: number, total: number): void => {
    progress ??= new Progress(`reading ${basename(path)} (kB)`, Math.ceil(total / 1_000));
    progress.update(Math.floor(bytes / 1_000));
  };
  try {
    return reading(() =>
      readCandleFile(path, {
        onProgress,
        localNumbers,
        ...(timezone === undefined ? {} : { timezone }),
      }),
    );
  } finally {
    progress?.clear();
  }
}

function refuse(file: CandleFile): void {
  try {
    refuseFaults(file);
  } catch (error) {
    if (!(error instanceof BadCandles)) throw error;
    const faults = file.bad.length + file.misplaced.length + file.repeated.length;
    const more = faults === 1 ? '' : ` (and ${count(faults - 1)} more)`;
    throw new BadInput(
      [
        `${error.message}${more}; nothing was imported, --skip-bad imports the rest`,
        // What was assumed about times may be why they are not in order.
        ...(file.bad.length === 0 ? file.notes : []),
      ].join('; '),
    );
  }
}

function addTo(store: CandleStore, key: CandleKey, file: CandleFile, replace: boolean): Added {
  if (file.series.length === 0) {
    throw new BadInput(`${file.path}: none of its ${count(file.rows)} rows can be believed`);
  }
  try {
    return store.add(key, file.series, basename(file.path), {
      replace,
      atMs: EDGE.clock.now(),
      sha256: file.sha256,
    });
  } catch (error) {
    if (!(error instanceof ConflictingCandles)) throw error;
    throw new BadInput(
      `${file.path}: ${error.message}; --replace puts the values of the file in their place`,
    );
  }
}

function report({ file, key, added, unchanged, replaced, seconds }: Imported): void {
  const { series, bad, repeated, misplaced } = file;
  const firstMs = series.openTimeMs[0]!;
  const lastMs = series.openTimeMs[series.length - 1]!;
  printLine();
  printLine(pc.bold(`  ${basename(file.path)} → ${key.instrumentId} ${key.timeframe}`));
  printFacts([
    ['rows', `${count(file.rows)}, ${utc(firstMs)} to ${utc(lastMs)} UTC`],
    ['bars', `${count(added)} added, ${count(unchanged)} unchanged, ${count(replaced)} replaced`],
    ['took', `${seconds.toFixed(1)} s`],
  ]);
  for (const note of file.notes) printLine(pc.dim(`  note: ${note}`));
  const skipped = [
    ...bad.map(({ place, reason }) => ({ place, what: reason })),
    ...repeated.map(({ place, openTimeMs, firstPlace, same }) => ({
      place,
      what: `${utc(openTimeMs)} was in ${firstPlace} before, ${same ? 'the same' : 'with other values'}`,
    })),
  ].sort((a, b) => a.place - b.place);
  if (misplaced.length > 0)
    printLine(pc.yellow(`  ${count(misplaced.length)} out of order; the bars were put in order`));
  if (skipped.length === 0) return;
  const place = file.format === 'CSV' ? 'line' : 'candle';
  printLine(pc.yellow(`  ${count(skipped.length)} of the rows were left out:`));
  for (const row of skipped.slice(0, SKIPPED_SHOWN))
    printLine(`    ${place} ${row.place}: ${row.what}`);
  if (skipped.length > SKIPPED_SHOWN)
    printLine(pc.dim('    … ("plimsoll data check" on the file shows more, --json all of them)'));
}

const jsonOf = ({ file, key, added, unchanged, replaced, seconds }: Imported) => ({
  file: file.path,
  sha256: file.sha256,
  ...key,
  rows: file.rows,
  first: new Date(file.series.openTimeMs[0]!).toISOString(),
  last: new Date(file.series.openTimeMs[file.series.length - 1]!).toISOString(),
  added,
  unchanged,
  replaced,
  notes: file.notes,
  bad: file.bad,
  repeated: file.repeated,
  misplaced: file.misplaced,
  seconds: Math.round(seconds * 1_000) / 1_000,
});
