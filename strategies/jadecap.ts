import type { Candle } from '../domain/candle.ts';
import { strategyId } from '../domain/ids.ts';
import { trailBy } from '../domain/management.ts';
import type { Direction, Opinion, Signal } from '../domain/signal.ts';
import { Resampler } from '../market/candles/resample.ts';
import { Atr } from '../market/indicators/atr.ts';
import { Ema } from '../market/indicators/ema.ts';
import { evidenceBy, nothingBy } from './opinions.ts';
import { decimal, integer, type ValuesOf } from './parameters.ts';
import { sessionParameter, sessionTest } from './sessions.ts';
import { defineStrategy, Memory } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';
import { Trend, type TrendPeriods, type TrendReading, trendWarmupBars } from './trend.ts';

const ID = strategyId('jadecap');
const ATR_BARS = 14;
/** Spans of the slow average, on the higher timeframe, until where it began no longer decides the trend. */
const SETTLED_SPANS = 2;

const PARAMETERS = {
  fastBars: integer({
    default: 20,
    min: 2,
    max: 100,
    unit: 'bars',
    says: 'The average that price comes back to, and the faster one of the trend.',
  }),
  slowBars: integer({
    default: 50,
    min: 3,
    max: 200,
    unit: 'bars',
    says: 'The average that the stop lies beyond, and the slower one of the trend.',
  }),
  riseBars: integer({
    default: 4,
    min: 1,
    max: 20,
    unit: 'bars',
    says: 'The trend’s fast average must have moved its way over so many higher bars.',
  }),
  higherMultiple: integer({
    default: 4,
    min: 2,
    max: 12,
    unit: 'times',
    says: 'The timeframe that the trend is read on, as a multiple of the one traded.',
  }),
  bandBps: decimal({
    default: 50,
    min: 5,
    max: 500,
    step: 5,
    unit: 'bps',
    says: 'How near to the fast average price has come back to it.',
  }),
  stopBeyondBps: decimal({
    default: 50,
    min: 0,
    max: 500,
    step: 5,
    unit: 'bps',
    says: 'How far beyond the slow average the stop lies.',
  }),
  rewardRisk: decimal({
    default: 3,
    min: 2,
    max: 10,
    step: 0.5,
    unit: 'times',
    says: 'The distance of the target, as a multiple of the distance of the stop.',
  }),
  trailBps: integer({
    default: 150,
    min: 10,
    max: 2_000,
    step: 10,
    unit: 'bps',
    says: 'How far the stop follows the best price, once that would lock in the entry.',
  }),
  riskBps: integer({
    default: 150,
    min: 10,
    max: 200,
    step: 10,
    unit: 'bps',
    says: 'The share of equity lost when the stop is hit.',
  }),
  expiryBars: integer({
    default: 48,
    min: 1,
    max: 500,
    unit: 'bars',
    says: 'How long the signal may wait for its entry: two days on the hourly chart.',
  }),
  session: sessionParameter,
};
type Values = ValuesOf<typeof PARAMETERS>;

interface Pullback {
  readonly direction: Direction;
  readonly sinceMs: number;
  readonly signalled: boolean;
}

const nothing = nothingBy(ID);
const WARMING_UP = nothing('warming up');
const NO_TREND = nothing('no trend on the higher timeframe');
const NO_PULLBACK = nothing('price is not pulling back to its average');
const SIGNALLED = nothing('this pull-back has already signalled');
const FALLEN_THROUGH = nothing('price has fallen through its average');
const NOT_TURNED = nothing('the pull-back has not turned');
const OUTSIDE_SESSION = nothing('the pull-back turned outside of the chosen session');
const STOP_MISPLACED = nothing('the stop would be too near the entry or on its wrong side');
const BELOW_ZERO = nothing('the target would be below zero');
const fact = evidenceBy(ID);

const warmupBars = (values: Values): number =>
  Math.max(
    values.higherMultiple * Math.max(trendWarmupBars(values), SETTLED_SPANS * values.slowBars),
    ATR_BARS,
  );

/**
 * JadeCap, a trend pull-back: the trend is read on a higher timeframe, on closed bars only; the entry
 * is the first close that turns back with the trend near the fast average; the stop lies beyond the
 * slow one. A pull-back signals once: it is over when price has run more than the band beyond the fast
 * average with the trend, or when the trend has reversed.
 */
export const jadecap = defineStrategy({
  id: ID,
  name: 'JadeCap trend pull-back',
  rule:
    'When the higher timeframe trends and price comes back to its 20-bar average, ' +
    'join the trend at the first bar that turns, with the stop beyond the 50-bar average.',
  timeframes: ['15m', '1h', '4h', '1d'],
  parameters: PARAMETERS,
  conflict: ({ fastBars, slowBars }) =>
    fastBars < slowBars
      ? undefined
      : `fastBars ${fastBars} must be less than slowBars ${slowBars}, or there is no trend to read`,
  warmupBars,
  start({ values, barMs, keep }) {
    const resampler = keep(new Resampler(barMs, barMs * values.higherMultiple));
    const higherTrend = keep(new Trend(values));
    const fastAverage = keep(new Ema(values.fastBars));
    const slowAverage = keep(new Ema(values.slowBars));
    const range = keep(new Atr(ATR_BARS));
    const bars = keep(new Memory(0));
    const previousCloses = keep(new Memory(Number.NaN));
    const pullbacks = keep(new Memory<Pullback | undefined>(undefined));
    const isInSession = sessionTest(values.session, barMs);
    const warmup = warmupBars(values);
    const band = values.bandBps / 10_000;
    const stopBeyond = values.stopBeyondBps / 10_000;

    const judge = (bar: Candle, previousClose: number): Opinion => {
      for (const higher of resampler.push(bar)) higherTrend.push(higher);
      const { close } = bar;
      const fast = fastAverage.push(close);
      const slow = slowAverage.push(close);
      const averageTrueRange = range.push(bar);
      const trend = higherTrend.reading;
      const distance = close / fast - 1;
      const pullback = followed(pullbacks.value, bar, distance, band, trend?.direction);
      pullbacks.value = pullback;
      if (trend === undefined) return NO_TREND;
      if (pullback === undefined) return NO_PULLBACK;
      if (pullback.signalled) return SIGNALLED;
      if (Math.abs(distance) > band) return FALLEN_THROUGH;
      const sign = signOf(trend.direction);
      if (sign * (close - previousClose) <= 0) return NOT_TURNED;
      if (!isInSession(bar.openTimeMs)) return OUTSIDE_SESSION;
      const stop = slow * (1 - sign * stopBeyond);
      if (sign * (close - stop) < smallestStopDistance(close, averageTrueRange))
        return STOP_MISPLACED;
      const target = targetAt(close, stop, values.rewardRisk);
      if (target === undefined) return BELOW_ZERO;
      pullbacks.value = { ...pullback, signalled: true };
      return {
        kind: 'SIGNAL',
        strategyId: ID,
        direction: trend.direction,
        entry: close,
        stop,
        target,
        confidence: 0.75,
        riskBps: values.riskBps,
        expiresAfterMs: values.expiryBars * barMs,
        management: trailBy(values.trailBps),
        setupId: `jadecap:${trend.direction}:${pullback.sinceMs}`,
        ...words(trend.direction, values),
        evidence: [
          ...trendEvidence(trend, values),
          fact('ema-fast', `EMA(${values.fastBars})`, fast, 'price', bar.openTimeMs),
          fact('ema-slow', `EMA(${values.slowBars})`, slow, 'price', bar.openTimeMs),
          fact(
            'range',
            `average true range of ${ATR_BARS} bars`,
            averageTrueRange,
            'price',
            bar.openTimeMs,
          ),
        ],
      };
    };

    return (bar) => {
      const opinion = judge(bar, previousCloses.value);
      previousCloses.value = bar.close;
      bars.value++;
      // A pull-back that would have signalled during the warm-up is spent with it, and not late news.
      return bars.value < warmup ? WARMING_UP : opinion;
    };
  },
});

/** A pause in the trend neither ends a pull-back nor starts one, so it cannot signal twice. */
function followed(
  current: Pullback | undefined,
  bar: Candle,
  distance: number,
  band: number,
  direction: Direction | undefined,
): Pullback | undefined {
  if (current !== undefined) {
    const hasRunOn = signOf(current.direction) * distance > band;
    const hasReversed = direction !== undefined && direction !== current.direction;
    if (!hasRunOn && !hasReversed) return current;
  }
  if (direction === undefined || Math.abs(distance) > band) return undefined;
  return { direction, sinceMs: bar.openTimeMs, signalled: false };
}

function words(
  direction: Direction,
  { fastBars, slowBars }: Values,
): Pick<Signal, 'because' | 'invalidation'> {
  return direction === 'LONG'
    ? {
        because: `The higher timeframe is rising and price has turned up from a pull-back to its ${fastBars}-bar average.`,
        invalidation: `A fall to the stop below the ${slowBars}-bar average, or a higher timeframe that no longer rises.`,
      }
    : {
        because: `The higher timeframe is falling and price has turned down from a pull-back to its ${fastBars}-bar average.`,
        invalidation: `A rise to the stop above the ${slowBars}-bar average, or a higher timeframe that no longer falls.`,
      };
}

function trendEvidence(
  { fast, slow, fastBefore, barTimeMs }: TrendReading,
  { fastBars, slowBars, riseBars }: TrendPeriods,
): Signal['evidence'] {
  return [
    fact('trend-fast', `EMA(${fastBars}) of the higher timeframe`, fast, 'price', barTimeMs),
    fact('trend-slow', `EMA(${slowBars}) of the higher timeframe`, slow, 'price', barTimeMs),
    fact(
      'trend-before',
      `EMA(${fastBars}) ${riseBars} higher bars earlier`,
      fastBefore,
      'price',
      barTimeMs,
    ),
  ];
}
