import { basename } from 'node:path';
import pc from 'picocolors';
import type { Timeframe } from '../../../../domain/candle.ts';
import type { Instrument } from '../../../../domain/instrument.ts';
import type { CandleFile } from '../../../../market/candles/read-candle-file.ts';
import type { CandleSeries } from '../../../../market/candles/series.ts';
import type { CandleStore, StoredCandles } from '../../../../market/candles/store.ts';
import { instrumentByName } from '../../../../market/instruments/instruments.ts';
import { openCandles } from '../../../candle-store.ts';
import { BadInput } from '../../errors.ts';
import { storedName } from '../../feeds.ts';
import { printFacts, printJson, printLine, printTable } from '../../output.ts';
import type { CheckFlags } from './check.ts';
import { instrumentIn, timeframeIn } from './file-key.ts';
import { type ExpectedBars, expectedBars } from './expected-bars.ts';
import { instrumentIdOf, instrumentsIn } from './flags.ts';
import { type Checked, type Finding, findingsOf } from './findings.ts';
import { readWithProgress } from './run-import.ts';
import { NOTHING_STORED } from './run-list.ts';
import { count, utc } from './words.ts';

interface Report {
  readonly name: string;
  readonly timeframe: Timeframe | undefined;
  readonly rows: number;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}

export function runCheck(files: readonly string[], flags: CheckFlags): void {
  const known = instrumentsIn(flags);
  const reports: Report[] = [];
  // What was found is shown at once, because a file that cannot be read ends the command.
  for (const report of files.length === 0
    ? storedReports(known, flags)
    : namedReports(files, known, flags)) {
    reports.push(report);
    if (!flags.json) print(report);
  }
  if (flags.json) printJson({ checked: reports.map(jsonOf) });
  else printLine();
  const faulty = reports.filter(isFaulty);
  if (faulty.length === 0) return;
  const names = faulty.map(({ name }) => name).join(', ');
  throw new Error(`${faulty.length} of ${reports.length} checked have faults: ${names}`);
}

const isFaulty = ({ findings }: Report): boolean => findings.some(({ isFault }) => isFault);

function* namedReports(
  names: readonly string[],
  known: readonly Instrument[],
  flags: CheckFlags,
): Generator<Report> {
  for (const name of names) {
    const stored = storedName(name);
    if (stored === undefined) yield fileReport(name, known, flags);
    else yield* storedReports(known, { ...flags, ...stored });
  }
}

function fileReport(path: string, known: readonly Instrument[], flags: CheckFlags): Report {
  const file = readWithProgress(path, flags);
  const { notes, rows, ...rest } = file;
  const checked = {
    ...rest,
    timeframe: timeframeToCheck(file, flags.timeframe),
    places: placesOf(file),
  };
  const { instrument } = flags;
  const find = () => instrumentByName(instrumentIn(path, instrument, known), known);
  return reportOf(basename(path), rows, notes, checked, find, flags);
}

/** So few bars, or a step that no timeframe has, leave the rows to be checked and nothing between them. */
function timeframeToCheck(file: CandleFile, said: Timeframe | undefined): Timeframe | undefined {
  return file.series.length < 2 ? said : timeframeIn(file, said);
}

const placesOf = ({ format, places }: CandleFile): Checked['places'] => ({
  name: format === 'CSV' ? 'line' : 'candle',
  of: places,
});

function storedReports(known: readonly Instrument[], flags: CheckFlags): Iterable<Report> {
  const { instrument } = flags;
  const only = instrument === undefined ? undefined : instrumentIdOf(instrument, known);
  const store = openCandles(flags.candlesDir);
  const wanted = store
    .list()
    .filter(({ instrumentId }) => instrumentId === (only ?? instrumentId))
    .filter(({ timeframe }) => timeframe === (flags.timeframe ?? timeframe));
  if (wanted.length > 0) return wanted.map((stored) => storedReport(store, stored, known, flags));
  const what = [only, flags.timeframe].filter((flag) => flag !== undefined).join(' ');
  throw new BadInput(
    `there are no ${what === '' ? '' : `${what} `}candles in ${store.folder}; ${NOTHING_STORED}`,
  );
}

function storedReport(
  store: CandleStore,
  stored: StoredCandles,
  known: readonly Instrument[],
  flags: CheckFlags,
): Report {
  const { instrumentId, timeframe } = stored;
  const name = `${instrumentId} ${timeframe}`;
  let series: CandleSeries;
  try {
    series = store.read({ instrumentId, timeframe });
  } catch (error) {
    return damagedReport(name, stored, (error as Error).message);
  }
  const clean = { bad: [], misplaced: [], repeated: [], places: undefined };
  const checked = { series, timeframe, ...clean };
  const find = () => instrumentByName(instrumentId, known);
  return reportOf(name, series.length, [], checked, find, flags);
}

/** One dataset that cannot be read does not keep the others from being checked. */
const damagedReport = (
  name: string,
  { timeframe, bars, firstMs, lastMs }: StoredCandles,
  why: string,
): Report => ({
  name,
  timeframe,
  rows: bars,
  firstMs,
  lastMs,
  notes: [],
  findings: [{ name: 'damaged', count: 1, isFault: true, summary: '', first: [why] }],
});

function reportOf(
  name: string,
  rows: number,
  notes: readonly string[],
  checked: Checked,
  find: () => Instrument,
  { jump, places, allGaps }: CheckFlags,
): Report {
  const { series, timeframe } = checked;
  const expected = timeframe === undefined || allGaps ? undefined : expectedBars(find, timeframe);
  const findings = findingsOf(checked, { jumpPercent: jump, places, expected });
  const [firstMs, lastMs] = [series.openTimeMs[0], series.openTimeMs[series.length - 1]];
  return {
    name,
    timeframe,
    rows,
    firstMs,
    lastMs,
    notes: [...notes, sessionNote(expected)],
    findings,
  };
}

const sessionNote = (expected: ExpectedBars | undefined): string =>
  expected === undefined
    ? 'every bar of the span is expected; no sessions are known of it, or they were not asked for'
    : `bars are expected in the sessions of ${expected.market}; --all-gaps expects them always`;

function print(report: Report): void {
  const { name, timeframe, rows, firstMs, lastMs, notes, findings } = report;
  const span = firstMs === undefined ? 'none' : `${utc(firstMs)} to ${utc(lastMs ?? firstMs)} UTC`;
  printLine();
  printLine(pc.bold(`  ${name}`));
  printFacts([
    ['rows', count(rows)],
    ['span', span],
    ['timeframe', timeframe ?? 'too few bars to tell'],
  ]);
  for (const note of notes) printLine(pc.dim(`  note: ${note}`));
  printLine();
  printTable(
    ['looked for', '>found', ''],
    findings.map((one) => [one.name, count(one.count), one.summary]),
  );
  for (const { name, first, count: found } of findings.filter(({ first }) => first.length > 0)) {
    printLine();
    printLine(`  ${name}${found > first.length ? pc.dim(`, the first ${first.length}`) : ''}`);
    for (const place of first) printLine(`    ${place}`);
  }
  printLine();
  printLine(isFaulty(report) ? pc.yellow('  Not clean.') : pc.green('  Clean.'));
}

const jsonOf = (report: Report) => ({
  ...report,
  firstMs: undefined,
  lastMs: undefined,
  first: iso(report.firstMs),
  last: iso(report.lastMs),
  clean: !isFaulty(report),
});

const iso = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();
