/**
 * What reading candle files and the candle store costs. Run: `npm run bench:candles`.
 *
 * Read: a year of minutes from a gzipped CSV, beside its unpacking alone and beside the loop that everybody
 * writes first (split by line, split by comma, Number), which checks nothing. Store: a million bars imported
 * from a CSV and loaded, beside a bare copy of six columns. Turn by turn in one run; medians,
 * of the clock and of the processor's time, which a busy machine does not stretch.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { MINUTE_MS } from '../domain/clock.ts';
import { emptyColumns, seriesOf } from '../market/candles/column-series.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { COLUMN_NAMES, type CandleSeries } from '../market/candles/series.ts';
import { openCandleStore } from '../market/candles/store.ts';
import { candleText } from '../market/candles/write-candles.ts';
import { dataFile } from '../tests/support/data.ts';

const ROUNDS = 7;
const MILLION = 1_000_000;
const YEAR = 'btcusd-bitfinex-1m-2018.csv.gz';
const KEY = { instrumentId: 'BTC/USD', timeframe: '1m' } as const;

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
/** What was reckoned is looked at, so that no engine may leave the reckoning out. */
let seen = 0;

try {
  const million = madeUp(MILLION);
  const csv = join(folder, 'million.csv');
  writeFileSync(csv, Buffer.concat([...candleText(million, 'CSV')]));
  say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n`);
  benchReading(dataFile(YEAR) ?? packed(csv));
  benchStore(million, csv);
  say(`(checksum ${Math.round(seen) % 1_000})`);
} finally {
  rmSync(folder, { recursive: true });
}

function benchReading(path: string): void {
  const rows = readCandles(path).length;
  say(
    `Reading ${path.split('/').at(-1)}: ${rows.toLocaleString('en')} rows, ${megabytes(path)} packed`,
  );
  report(rows, {
    'unpacking alone': () => gunzipSync(readFileSync(path)).length,
    'readCandles: unpack, hash, parse, check': () => readCandles(path).length,
    'rival: unpack, split and Number, no checks': () => splitAndNumber(path).length,
  });
}

function benchStore(million: CandleSeries, csv: string): void {
  say(`Store: ${MILLION.toLocaleString('en')} bars, ${megabytes(csv)} of CSV`);
  let made = 0;
  const next = (): string => join(folder, `store-${made++}`);
  const kept = openCandleStore(next());
  kept.add(KEY, million, 'made up', { replace: false, atMs: 0 });
  const into = emptyColumns(MILLION);
  report(MILLION, {
    'import: read the CSV and add it, synced': () =>
      openCandleStore(next()).add(KEY, readCandles(csv), 'csv', { replace: false, atMs: 0 }).added,
    'import again: all of it is there': () =>
      kept.add(KEY, readCandles(csv), 'csv', { replace: false, atMs: 0 }).unchanged,
    load: () => kept.read(KEY).length,
    'limit: copy of six columns in memory': () => {
      for (const name of COLUMN_NAMES) into[name].set(million[name]);
      return into.close[MILLION - 1]!;
    },
  });
}

/** Medians of turns taken one after the other. */
function report(rows: number, ways: Readonly<Record<string, () => number>>): void {
  const took = new Map(Object.keys(ways).map((name) => [name, { wall: [], cpu: [] } as Took]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(ways)) {
      const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()];
      seen += work();
      const { user, system } = process.cpuUsage(startedCpu);
      took.get(name)!.wall.push(performance.now() - startedMs);
      took.get(name)!.cpu.push((user + system) / 1_000);
    }
  }
  for (const [name, { wall, cpu }] of took) {
    const [wallMs, cpuMs] = [median(wall), median(cpu)];
    const rate = `${(rows / wallMs / 1_000).toFixed(1)} M rows/s`;
    say(
      `  ${name.padEnd(44)} ${milliseconds(wallMs)} ${milliseconds(cpuMs)} of CPU ${rate.padStart(14)}`,
    );
  }
  say('');
}

interface Took {
  readonly wall: number[];
  readonly cpu: number[];
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(0).padStart(6)} ms`;
}

function splitAndNumber(path: string): CandleSeries {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n').slice(1);
  const columns = emptyColumns(lines.length);
  for (const [i, line] of lines.entries()) {
    const fields = line.split(',');
    for (const [column, name] of COLUMN_NAMES.entries()) {
      columns[name][i] = Number(fields[column]);
    }
  }
  return seriesOf(columns);
}

/** Prices that go up and down, with two decimals. */
function madeUp(bars: number): CandleSeries {
  const columns = emptyColumns(bars);
  for (let i = 0; i < bars; i++) {
    const open = Math.round(1_000_000 + 500_000 * Math.sin(i / 5_000)) / 100;
    const close = Math.round(1_000_000 + 500_000 * Math.sin((i + 1) / 5_000)) / 100;
    columns.openTimeMs[i] = Date.UTC(2018, 0, 1) + i * MINUTE_MS;
    columns.open[i] = open;
    columns.high[i] = Math.max(open, close) + 1.25;
    columns.low[i] = Math.min(open, close) - 1.75;
    columns.close[i] = close;
    columns.volume[i] = (i % 977) / 8;
  }
  return seriesOf(columns);
}

function packed(csv: string): string {
  writeFileSync(`${csv}.gz`, gzipSync(readFileSync(csv)));
  return `${csv}.gz`;
}

function megabytes(path: string): string {
  return `${(statSync(path).size / 1e6).toFixed(1)} MB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
