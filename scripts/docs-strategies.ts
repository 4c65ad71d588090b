/**
 * Brings the pages of the strategies up to date: the table of parameters from the code, and pictures of
 * one long and one short on a real chart. Needs the market data that the tests use.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TIMEFRAME_MS, type Timeframe } from '../domain/candle.ts';
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
  const ended = endWords(endOf(signal, market.series, at));
  return {
    svg: drawing({ title, bars, at: at - from, signal, decimals: market.decimals }),
    title,
    ended,
  };
}

interface End {
  readonly kind: 'TARGET' | 'STOP' | 'OPEN';
  readonly bars: number;
}

/** What became of it by stop and last target alone, the stop first where one bar touched both. */
function endOf({ direction, stop, target }: Signal, series: CandleSeries, at: number): End {
  const isLong = direction === 'LONG';
  for (let i = at + 1; i < series.length; i++) {
    const low = series.low[i]!;
    const high = series.high[i]!;
    if (isLong ? low <= stop : high >= stop) return { kind: 'STOP', bars: i - at };
    if (isLong ? high >= target : low <= target) return { kind: 'TARGET', bars: i - at };
  }
  return { kind: 'OPEN', bars: series.length - 1 - at };
}

function endWords({ kind, bars }: End): string {
  const later = `${bars} ${bars === 1 ? 'bar' : 'bars'} later`;
  if (kind === 'OPEN') return 'The recording ended before it did.';
  return kind === 'STOP' ? `It was stopped out ${later}.` : `It reached its target ${later}.`;
}

/** The markets on which each strategy of a fitting timeframe is counted. */
const COUNTED: readonly (readonly [title: string, file: string, from: Timeframe, to: Timeframe])[] =
  [
    ['BTC/USD 1m, 2019', 'btcusd-bitfinex-1m-2019.csv.gz', '1m', '1m'],
    ['ETH/USD 1m, 2019', 'ethusd-bitfinex-1m-2019.csv.gz', '1m', '1m'],
    ['BTC/USD 15m, 2019', 'btcusd-bitfinex-1m-2019.csv.gz', '1m', '15m'],
    ['EUR/USD 1h, 2017–2018', 'eurusd-1h-2017-2018.csv', '1h', '1h'],
    ['XAU/USD 1h, 2012–2022', 'xauusd-1h-2012-2022.csv.gz', '1h', '1h'],
    ['BTC/USD 4h, 2016–2024', 'btcusd-coinbase-4h-2016-2024.csv', '4h', '4h'],
    ['SPY 1d, 1998–2021', 'spy-1d-1998-2021.csv', '1d', '1d'],
  ];

function resultsOf(strategy: Strategy): string {
  const rows = COUNTED.flatMap(([title, file, from, to]) => {
    if (!strategy.timeframes.includes(to)) return [];
    const read = readCandles(fileOf(file));
    const series = from === to ? read : resample(read, from, to);
    const found = signalsOf(strategy, series);
    const long = found.filter(({ signal }) => signal.direction === 'LONG').length;
    const ended = found
      .map(({ at, signal }) => ({ signal, end: endOf(signal, series, at) }))
      .filter(({ end }) => end.kind !== 'OPEN');
    const won = ended.filter(({ end }) => end.kind === 'TARGET').length;
    const needed = mean(ended.map(({ signal }) => 1 / (1 + rewardRiskOf(signal))));
    const result = mean(
      ended.map(({ signal, end }) => (end.kind === 'TARGET' ? rewardRiskOf(signal) : -1)),
    );
    const cells = [
      title,
      long,
      found.length - long,
      ((1_000 * found.length) / series.length).toFixed(1),
      percent(won / ended.length),
      percent(needed),
      result.toFixed(2),
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  return [
    '| market | long | short | in 1,000 bars | reached the target | needed | average, in risks |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'By stop and last target alone, whichever came first, with the defaults and before every cost; adds, partial targets,' +
      ' trails and closes by the rule are left out. It says how often the idea is right, not what it would have earned.',
  ].join('\n');
}

const rewardRiskOf = ({ entry, stop, target }: Signal): number =>
  Math.abs(target - entry) / Math.abs(entry - stop);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

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
  const pictured = withBlock(readFileSync(path, 'utf8'), 'picture', block);
  const counted = withBlock(pictured, 'results', resultsOf(strategy));
  writeFileSync(path, withBlock(counted, PARAMETERS_MARK, parameterTable(strategy)));
  process.stdout.write(
    `${strategy.id}: ${found.length} signals, ${pictures.length / 2} pictures\n`,
  );
}
execFileSync('npx', ['prettier', '--write', '--log-level', 'warn', FOLDER], { stdio: 'inherit' });
