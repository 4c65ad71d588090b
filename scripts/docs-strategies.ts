/**
 * Brings the pages of the strategies up to date: the table of parameters from the code, and pictures of
 * one long and one short on a real chart. Needs the market data that the tests use.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TIMEFRAME_MS } from '../domain/candle.ts';
import type { Direction, Signal } from '../domain/signal.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { resample } from '../market/candles/resample.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import { timeframeOf } from '../market/candles/timeframe.ts';
import { STRATEGIES } from '../strategies/registry.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { dataFile } from '../tests/support/data.ts';
import { drawing } from './strategy-pages/chart.ts';
import { PARAMETERS_MARK, parameterTable, withBlock } from './strategy-pages/parameter-table.ts';

const FOLDER = fileURLToPath(new URL('../docs/strategies/', import.meta.url));
const BARS_BEFORE = 70;
const BARS_AFTER = 40;

interface Market {
  readonly name: string;
  readonly series: CandleSeries;
  readonly decimals: number;
}

/** The chart each strategy is shown on; it must be one of a timeframe that fits. */
function marketOf({ id, timeframes }: Strategy): Market {
  if (!timeframes.some((one) => one === '1h' || one === '4h') || id === 'grid') {
    const minutes = readCandles(fileOf('btcusd-bitfinex-1m-2019.csv.gz'));
    const to = timeframes.includes('1m') ? '1m' : '15m';
    const series = to === '1m' ? minutes : resample(minutes, '1m', to);
    return { name: `BTC/USD ${to}, 2019`, series, decimals: 1 };
  }
  if (timeframes.includes('4h') && !timeframes.includes('1h')) {
    return {
      name: 'BTC/USD 4h',
      series: readCandles(fileOf('btcusd-coinbase-4h-2016-2024.csv')),
      decimals: 1,
    };
  }
  return {
    name: 'EUR/USD 1h',
    series: readCandles(fileOf('eurusd-1h-2017-2018.csv')),
    decimals: 5,
  };
}

function fileOf(name: string): string {
  const path = dataFile(name);
  if (path === undefined)
    throw new Error(`the pictures need ${name}; PLIMSOLL_TEST_DATA names its folder`);
  return path;
}

interface Found {
  readonly at: number;
  readonly signal: Signal;
}

function signalsOf(strategy: Strategy, series: CandleSeries): readonly Found[] {
  const run = strategy.start(timeframeOf(series));
  const found: Found[] = [];
  const view = { ...columnsOf(series), length: 0, candle: (index: number) => series.candle(index) };
  for (let at = 0; at < series.length; at++) {
    view.length = at + 1;
    const opinion = run.onBar(view);
    if (opinion.kind === 'SIGNAL') found.push({ at, signal: opinion });
  }
  return found;
}

const columnsOf = ({ openTimeMs, open, high, low, close, volume }: CandleSeries) => ({
  openTimeMs,
  open,
  high,
  low,
  close,
  volume,
});

/** The one in the middle of all of its direction: nobody chose it for how it ended. */
function pictureOf(
  strategy: Strategy,
  market: Market,
  found: readonly Found[],
  direction: Direction,
) {
  const fitting = found.filter(
    ({ signal, at }) => signal.direction === direction && at + BARS_AFTER < market.series.length,
  );
  const middle = fitting[Math.floor(fitting.length / 2)];
  if (middle === undefined) return undefined;
  const { at, signal } = middle;
  const from = Math.max(0, at - BARS_BEFORE);
  const bars = Array.from({ length: at - from + BARS_AFTER + 1 }, (_, i) =>
    market.series.candle(from + i),
  );
  const when = new Date(market.series.openTimeMs[at]!).toISOString().slice(0, 16).replace('T', ' ');
  const title = `${strategy.name}: a ${direction.toLowerCase()} on ${market.name}, ${when} UTC`;
  const ended = endOf(signal, market.series, at);
  return {
    svg: drawing({ title, bars, at: at - from, signal, decimals: market.decimals }),
    title,
    ended,
  };
}

/** What became of it by stop and last target alone, the stop first where one bar touched both. */
function endOf({ direction, stop, target }: Signal, series: CandleSeries, at: number): string {
  const isLong = direction === 'LONG';
  for (let i = at + 1; i < series.length; i++) {
    const { low, high } = series.candle(i);
    const bars = `${i - at} ${i - at === 1 ? 'bar' : 'bars'} later`;
    if (isLong ? low <= stop : high >= stop) return `It was stopped out ${bars}.`;
    if (isLong ? high >= target : low <= target) return `It reached its target ${bars}.`;
  }
  return 'The recording ended before it did.';
}

mkdirSync(`${FOLDER}pictures`, { recursive: true });
for (const strategy of STRATEGIES) {
  const path = `${FOLDER}${strategy.id}.md`;
  const market = marketOf(strategy);
  const found = signalsOf(strategy, market.series);
  const days = (market.series.length * TIMEFRAME_MS[timeframeOf(market.series)]) / 86_400_000;
  const pictures = (['LONG', 'SHORT'] as const).flatMap((direction) => {
    const picture = pictureOf(strategy, market, found, direction);
    if (picture === undefined) return [];
    const file = `pictures/${strategy.id}-${direction.toLowerCase()}.svg`;
    writeFileSync(`${FOLDER}${file}`, picture.svg);
    return [`![${picture.title}](${file})`, picture.ended];
  });
  const block = [
    ...pictures,
    `The middle one of each direction among ${found.length} signals in ${Math.round(days)} days of ${market.name}; what came after the signal is faint.`,
  ].join('\n\n');
  const page = withBlock(
    withBlock(readFileSync(path, 'utf8'), 'picture', block),
    PARAMETERS_MARK,
    parameterTable(strategy),
  );
  writeFileSync(path, page);
  process.stdout.write(
    `${strategy.id}: ${found.length} signals, ${pictures.length / 2} pictures\n`,
  );
}
execFileSync('npx', ['prettier', '--write', '--log-level', 'warn', FOLDER], { stdio: 'inherit' });
