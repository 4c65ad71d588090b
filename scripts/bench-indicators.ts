/**
 * How fast the indicators are, in batch and one value at a time, beside the bare loop over typed arrays
 * and beside every npm library that is installed to be measured against. Run: `npm run bench:indicators`,
 * with PLIMSOLL_TEST_DATA naming the folder of the two years of bitcoin minutes; without it a seeded walk
 * of the same length is measured. Everything runs in one process and in turns, so that a busy machine
 * slows all of it alike: believe the ratios, not the rates. It measures and judges nothing.
 *
 * The bare loop subtracts what leaves the window and checks nothing: it is the limit, not a rival. Left
 * out: tulind and talib, which are native and want a compiler where they are installed.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as debut from '@debut/indicators';
import type * as FastIndicators from 'fast-technical-indicators';
import * as indicatorts from 'indicatorts';
import * as talib from 'talib-web';
import * as technical from 'technicalindicators';
import * as signals from 'trading-signals';
import { seededRandom } from '../domain/random.ts';
import {
  bareSma,
  bareEma,
  bareRsi,
  bareAtr,
  bareThree,
  bareBands,
} from './indicators/bare-loops.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { Atr, atrOf } from '../market/indicators/atr.ts';
import { Bollinger, bollingerOf } from '../market/indicators/bollinger.ts';
import { Ema, emaOf } from '../market/indicators/ema.ts';
import { Sma, smaOf } from '../market/indicators/sma.ts';
import { rsiOf, WilderRsi } from '../market/indicators/wilder-rsi.ts';

const require = createRequire(import.meta.url);
/** So that nobody pays for what another has left lying about. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Its ES modules are not marked as such, so only this door opens. */
const fast = require('fast-technical-indicators') as typeof FastIndicators;

const ROUNDS = 5;
/** How long each contender is given in a round, and one run at least. */
const SAMPLE_MS = 300;
const VALUES = 1_033_226;
const FILES = ['btcusd-bitfinex-1m-2018.csv.gz', 'btcusd-bitfinex-1m-2019.csv.gz'];
/** As many as fit into the fixed memory of its WebAssembly; it aborts for good on more. */
const TALIB_VALUES = 250_000;
/** Answers at the end that are compared; by then no average remembers how it was begun. */
const COMPARED = 10_000;
const MEAN = 20;
const WILDER = 14;
const DEVIATIONS = 2;

const market = readMarket(process.env['PLIMSOLL_TEST_DATA']);
const { high, low, close } = market;
/** Each library is given the shape that it asks for, made before the clock runs. */
const highs = [...high];
const lows = [...low];
const closes = [...close];
const bars = closes.map((value, i) => ({ high: highs[i]!, low: lows[i]!, close: value }));
const latest = (values: readonly number[]): number[] => values.slice(-TALIB_VALUES);
const [latestHighs, latestLows, latestCloses] = [latest(highs), latest(lows), latest(closes)];

interface Contender {
  readonly name: string;
  readonly values: number;
  run(): void;
  /** The answer so many bars before the last, of the latest run. */
  answer(back: number): number;
  forget(): void;
  readonly ms: number[];
}

interface Race {
  readonly title: string;
  /** The bare loop comes first. */
  readonly contenders: readonly Contender[];
  /** What is right so many bars before the last. */
  readonly right: (back: number) => number;
}

await startTalib();
const races = [rsiRace(), emaRace(), atrRace(), bollingerRace(), smaRace()];
process.stdout.write(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}\n` +
    `${close.length} bars: ${market.name}; talib-web: the last ${TALIB_VALUES} of them\n` +
    `median of ${ROUNDS} rounds in turns, in each the best run of ${SAMPLE_MS} ms, and share of the bare loop of the ` +
    `same round; at best: the best run of all, and its share of the bare loop's; ` +
    `off: the most by which the last ${COMPARED} answers are off, as a share of the right ones\n`,
);
for (const race of races) {
  const off = race.contenders.map((one) => worstOff(one, race.right));
  for (let round = 0; round < ROUNDS; round++) race.contenders.forEach(time);
  print(race, off);
}
process.stdout.write(`\n${digitsAfterAMillion()}\n`);

function contender<Answers>(
  name: string,
  work: () => Answers,
  read: (answers: Answers, back: number) => number,
  values = close.length,
): Contender {
  let answers: Answers | undefined;
  return {
    name,
    values,
    run: () => {
      answers = work();
    },
    answer: (back) => (answers === undefined ? Number.NaN : read(answers, back)),
    forget: () => {
      answers = undefined;
    },
    ms: [],
  };
}

function fromEnd(answers: ArrayLike<number>, back: number): number {
  return answers[answers.length - 1 - back]!;
}

function upperFromEnd(
  answers: readonly { readonly upper?: number | undefined }[],
  back: number,
): number {
  return answers[answers.length - 1 - back]?.upper ?? Number.NaN;
}

function upperColumn({ upper }: { readonly upper: ArrayLike<number> }, back: number): number {
  return fromEnd(upper, back);
}

/**
 * talib-web's answers come first, and then as many zeros as it needs values to warm up. Of its outer
 * Bollinger bands nothing but zeros is left behind the first few.
 */
function talibFromEnd(warmUp: number) {
  return (answers: ArrayLike<number>, back: number) => fromEnd(answers, back + warmUp);
}

function rsiRace(): Race {
  const bare = bareRsi(close, WILDER);
  const talibWork = () => talib.RSI({ inReal: latestCloses, timePeriod: WILDER }).output;
  return {
    title: `RSI ${WILDER}`,
    right: (back) => fromEnd(bare, back),
    contenders: [
      contender('bare loop', () => bareRsi(close, WILDER), fromEnd),
      contender('ours, batch', () => rsiOf(close, WILDER), fromEnd),
      contender('ours, streaming', () => streamRsi(new WilderRsi(WILDER), close), fromEnd),
      contender(
        'technicalindicators',
        () => technical.RSI.calculate({ values: closes, period: WILDER }),
        fromEnd,
      ),
      contender('trading-signals (streaming)', () => signalsRsi(new signals.RSI(WILDER)), fromEnd),
      contender('indicatorts', () => indicatorts.rsi(closes, { period: WILDER }), fromEnd),
      contender('@debut/indicators (streaming)', () => debutRsi(new debut.RSI(WILDER)), fromEnd),
      contender(
        'fast-technical-indicators',
        () => fast.rsi({ values: closes, period: WILDER }),
        fromEnd,
      ),
      contender('talib-web (wasm)', talibWork, talibFromEnd(WILDER), TALIB_VALUES),
    ],
  };
}

function emaRace(): Race {
  const bare = bareEma(close, MEAN);
  const talibWork = () => talib.EMA({ inReal: latestCloses, timePeriod: MEAN }).output;
  return {
    title: `EMA ${MEAN}`,
    right: (back) => fromEnd(bare, back),
    contenders: [
      contender('bare loop', () => bareEma(close, MEAN), fromEnd),
      contender('ours, batch', () => emaOf(close, MEAN), fromEnd),
      contender('ours, streaming', () => streamEma(new Ema(MEAN), close), fromEnd),
      contender(
        'technicalindicators',
        () => technical.EMA.calculate({ values: closes, period: MEAN }),
        fromEnd,
      ),
      contender('trading-signals (streaming)', () => signalsEma(new signals.EMA(MEAN)), fromEnd),
      contender('indicatorts', () => indicatorts.ema(closes, { period: MEAN }), fromEnd),
      contender('@debut/indicators (streaming)', () => debutEma(new debut.EMA(MEAN)), fromEnd),
      contender(
        'fast-technical-indicators',
        () => fast.ema({ values: closes, period: MEAN }),
        fromEnd,
      ),
      contender('talib-web (wasm)', talibWork, talibFromEnd(MEAN - 1), TALIB_VALUES),
    ],
  };
}

function atrRace(): Race {
  const bare = bareAtr(high, low, close, WILDER);
  const input = { high: highs, low: lows, close: closes, period: WILDER };
  const talibInput = { high: latestHighs, low: latestLows, close: latestCloses };
  const talibWork = () => talib.ATR({ ...talibInput, timePeriod: WILDER }).output;
  return {
    title: `ATR ${WILDER}`,
    right: (back) => fromEnd(bare, back),
    contenders: [
      contender('bare loop', () => bareAtr(high, low, close, WILDER), fromEnd),
      contender('ours, batch', () => atrOf({ high, low, close }, WILDER), fromEnd),
      contender('ours, streaming', () => streamAtr(new Atr(WILDER)), fromEnd),
      contender('technicalindicators', () => technical.ATR.calculate(input), fromEnd),
      contender('trading-signals (streaming)', () => signalsAtr(new signals.ATR(WILDER)), fromEnd),
      contender(
        'indicatorts (no Wilder)',
        () => indicatorts.atr(highs, lows, closes, { period: WILDER }).atrLine,
        fromEnd,
      ),
      contender('@debut/indicators (streaming)', () => debutAtr(new debut.ATR(WILDER)), fromEnd),
      contender('fast-technical-indicators', () => fast.atr(input), fromEnd),
      contender('talib-web (wasm)', talibWork, talibFromEnd(WILDER), TALIB_VALUES),
    ],
  };
}

/** The upper band is compared: rivals have three columns, ours five, and so there are two bare loops. */
function bollingerRace(): Race {
  const talibInput = { timePeriod: MEAN, nbDevUp: DEVIATIONS, nbDevDn: DEVIATIONS, MAType: 0 };
  const talibWork = () => talib.BBANDS({ inReal: latestCloses, ...talibInput }).upperBand;
  const input = { values: closes, period: MEAN, stdDev: DEVIATIONS };
  return {
    title: `Bollinger ${MEAN}/${DEVIATIONS}`,
    right: (back) => {
      const { mean, deviation } = twoPass(close, close.length - 1 - back, MEAN);
      return mean + DEVIATIONS * deviation;
    },
    contenders: [
      contender('bare loop, 5 columns', () => bareBands(close, MEAN, DEVIATIONS), upperColumn),
      contender('bare loop, 3 columns', () => bareThree(close, MEAN, DEVIATIONS), upperColumn),
      contender('ours, batch', () => bollingerOf(close, MEAN, DEVIATIONS), upperColumn),
      contender(
        'ours, streaming',
        () => streamBollinger(new Bollinger(MEAN, DEVIATIONS), close),
        fromEnd,
      ),
      contender(
        'technicalindicators',
        () => technical.BollingerBands.calculate(input),
        upperFromEnd,
      ),
      contender(
        'trading-signals (streaming)',
        () => signalsBollinger(new signals.BollingerBands(MEAN, DEVIATIONS)),
        fromEnd,
      ),
      contender('indicatorts', () => indicatorts.bb(closes, { period: MEAN }), upperColumn),
      contender(
        '@debut/indicators (streaming)',
        () => debutBollinger(new debut.BollingerBands(MEAN, DEVIATIONS)),
        fromEnd,
      ),
      contender('fast-technical-indicators', () => fast.bollingerbands(input), upperFromEnd),
      contender('talib-web (wasm)', talibWork, talibFromEnd(MEAN - 1), TALIB_VALUES),
    ],
  };
}

function smaRace(): Race {
  const talibWork = () => talib.SMA({ inReal: latestCloses, timePeriod: MEAN }).output;
  return {
    title: `SMA ${MEAN}`,
    right: (back) => twoPass(close, close.length - 1 - back, MEAN).mean,
    contenders: [
      contender('bare loop', () => bareSma(close, MEAN), fromEnd),
      contender('ours, batch', () => smaOf(close, MEAN), fromEnd),
      contender('ours, streaming', () => streamSma(new Sma(MEAN), close), fromEnd),
      contender(
        'technicalindicators',
        () => technical.SMA.calculate({ values: closes, period: MEAN }),
        fromEnd,
      ),
      contender('trading-signals (streaming)', () => signalsSma(new signals.SMA(MEAN)), fromEnd),
      contender('indicatorts', () => indicatorts.sma(closes, { period: MEAN }), fromEnd),
      contender('@debut/indicators (streaming)', () => debutSma(new debut.SMA(MEAN)), fromEnd),
      contender(
        'fast-technical-indicators',
        () => fast.sma({ values: closes, period: MEAN }),
        fromEnd,
      ),
      contender('talib-web (wasm)', talibWork, talibFromEnd(MEAN - 1), TALIB_VALUES),
    ],
  };
}

// One loop for each that takes one value at a time: a shared one would be slow for all of them. It is given
// what it drives: one that makes it would be compiled anew for every run.

function streamRsi(rsi: WilderRsi, values: Float64Array): Float64Array {
  const answers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) answers[i] = rsi.push(values[i]!);
  return answers;
}

function streamEma(ema: Ema, values: Float64Array): Float64Array {
  const answers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) answers[i] = ema.push(values[i]!);
  return answers;
}

function streamSma(sma: Sma, values: Float64Array): Float64Array {
  const answers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) answers[i] = sma.push(values[i]!);
  return answers;
}

function streamAtr(atr: Atr): Float64Array {
  const answers = new Float64Array(bars.length);
  for (let i = 0; i < bars.length; i++) answers[i] = atr.push(bars[i]!);
  return answers;
}

function streamBollinger(bands: Bollinger, values: Float64Array): Float64Array {
  const answers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) answers[i] = bands.push(values[i]!).upper;
  return answers;
}

function signalsRsi(rsi: signals.RSI): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) answers[i] = rsi.update(closes[i]!, false) ?? Number.NaN;
  return answers;
}

function signalsEma(ema: signals.EMA): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) answers[i] = ema.update(closes[i]!, false) ?? Number.NaN;
  return answers;
}

function signalsSma(sma: signals.SMA): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) answers[i] = sma.update(closes[i]!, false) ?? Number.NaN;
  return answers;
}

function signalsAtr(atr: signals.ATR): Float64Array {
  const answers = new Float64Array(bars.length);
  for (let i = 0; i < bars.length; i++) answers[i] = atr.update(bars[i]!, false) ?? Number.NaN;
  return answers;
}

function signalsBollinger(bands: signals.BollingerBands): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) {
    answers[i] = bands.update(closes[i]!, false)?.upper ?? Number.NaN;
  }
  return answers;
}

function debutRsi(rsi: debut.RSI): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) answers[i] = rsi.nextValue(closes[i]!);
  return answers;
}

function debutEma(ema: debut.EMA): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) answers[i] = ema.nextValue(closes[i]!);
  return answers;
}

function debutSma(sma: debut.SMA): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) answers[i] = sma.nextValue(closes[i]!);
  return answers;
}

function debutAtr(atr: debut.ATR): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) {
    answers[i] = atr.nextValue(highs[i]!, lows[i]!, closes[i]!) as number;
  }
  return answers;
}

function debutBollinger(bands: debut.BollingerBands): Float64Array {
  const answers = new Float64Array(closes.length);
  for (let i = 0; i < closes.length; i++) {
    // Without a value until it has warmed up, whatever its types say.
    answers[i] = bands.nextValue(closes[i]!)?.upper;
  }
  return answers;
}

/** Mean and deviation of one window, in two passes about its first value, of which nothing is lost. */
function twoPass(
  values: Float64Array,
  end: number,
  period: number,
): { readonly mean: number; readonly deviation: number } {
  const origin = values[end - period + 1]!;
  let sum = 0;
  for (let i = end - period + 1; i <= end; i++) sum += values[i]! - origin;
  const mean = sum / period;
  let squares = 0;
  for (let i = end - period + 1; i <= end; i++) squares += (values[i]! - origin - mean) ** 2;
  return { mean: origin + mean, deviation: Math.sqrt(squares / period) };
}

/** Runs it once, which warms it up as well. */
function worstOff(one: Contender, right: (back: number) => number): number {
  one.run();
  let worst = 0;
  for (let back = 0; back < COMPARED; back++) {
    const expected = right(back);
    worst = Math.max(worst, Math.abs(one.answer(back) - expected) / Math.abs(expected));
  }
  one.forget();
  return worst;
}

/** The best of as many runs as fit, because a neighbour on the machine only ever slows one down. */
function time(one: Contender): void {
  collectGarbage();
  const beganMs = performance.now();
  let bestMs = Infinity;
  do {
    const startMs = performance.now();
    one.run();
    bestMs = Math.min(bestMs, performance.now() - startMs);
    one.forget();
  } while (performance.now() - beganMs < SAMPLE_MS);
  one.ms.push(bestMs);
}

/** How far the width of the bands, where the digits go first, is off anywhere in the million. */
function digitsAfterAMillion(): string {
  const { width } = bollingerOf(close, MEAN, DEVIATIONS);
  const bare = bareBands(close, MEAN, DEVIATIONS);
  let ours = 0;
  let theirs = 0;
  for (let end = MEAN - 1; end < close.length; end++) {
    const { mean, deviation } = twoPass(close, end, MEAN);
    if (deviation === 0) continue;
    const right = (2 * DEVIATIONS * deviation) / mean;
    ours = Math.max(ours, Math.abs(width[end]! / right - 1));
    theirs = Math.max(theirs, Math.abs(bare.width[end]! / right - 1));
  }
  return (
    `Width of the bands at any of ${close.length} bars, beside two passes over its window: ` +
    `ours is off by ${ours.toExponential(1)} of it at most, the bare loop by ${theirs.toExponential(1)}`
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function print({ title, contenders }: Race, off: readonly number[]): void {
  const bare = contenders[0]!;
  process.stdout.write(`\n${row(title, 'M values/s', 'share', 'at best', 'share', 'off')}`);
  for (const [index, { name, values, ms }] of contenders.entries()) {
    const rates = ms.map((own) => values / own / 1000);
    const shares = rates.map((rate, round) => rate / (bare.values / bare.ms[round]! / 1000));
    const best = Math.max(...rates);
    const bestShare = best / (bare.values / Math.min(...bare.ms) / 1000);
    process.stdout.write(
      row(
        name,
        median(rates).toFixed(2),
        median(shares).toFixed(3),
        best.toFixed(2),
        bestShare.toFixed(3),
        off[index]!.toExponential(1),
      ),
    );
  }
}

function row(name: string, ...cells: string[]): string {
  return `${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join('')}\n`;
}

/** It would fetch its file from a path, which Node cannot; it is given the bytes as an address. */
async function startTalib(): Promise<void> {
  const file = join(dirname(require.resolve('talib-web')), 'talib.wasm');
  await talib.init(`data:application/wasm;base64,${readFileSync(file).toString('base64')}`);
}

interface Market {
  readonly name: string;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

function readMarket(folder: string | undefined): Market {
  if (folder === undefined) return walk();
  const years = FILES.map((file) => readCandles(join(folder, file)));
  const joined = (column: 'high' | 'low' | 'close'): Float64Array =>
    Float64Array.from(years.flatMap((year) => Array.from(year[column].subarray(0, year.length))));
  const [high, low, close] = [joined('high'), joined('low'), joined('close')];
  return { name: FILES.join(' and '), high, low, close };
}

/** A seeded walk in ticks of a tenth, of the length of those files. */
function walk(): Market {
  const random = seededRandom(1);
  const high = new Float64Array(VALUES);
  const low = new Float64Array(VALUES);
  const close = new Float64Array(VALUES);
  let ticks = 70_000;
  for (let i = 0; i < VALUES; i++) {
    ticks = Math.max(10_000, ticks + Math.round((random.next() - 0.5) * 200));
    close[i] = ticks / 10;
    high[i] = (ticks + Math.round(random.next() * 80)) / 10;
    low[i] = (ticks - Math.round(random.next() * 80)) / 10;
  }
  return { name: 'a seeded walk, for want of PLIMSOLL_TEST_DATA', high, low, close };
}
