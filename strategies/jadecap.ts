import { type Candle, TIMEFRAME_MS, type Timeframe } from '../domain/candle.ts';
import { strategyId } from '../domain/ids.ts';
import type { Direction, Evidence, NoSetup, Opinion, Signal } from '../domain/signal.ts';
import { Atr } from '../market/indicators/atr.ts';
import { Ema } from '../market/indicators/ema.ts';
import { Resampler } from '../market/candles/resample.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import type { Strategy, StrategyRun } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';
import { Trend, TREND_WARMUP_BARS, type TrendReading } from './trend.ts';

const ID = strategyId('jadecap');
const HIGHER_TIMEFRAME_MULTIPLE = 4;
const WARMUP_BARS = HIGHER_TIMEFRAME_MULTIPLE * TREND_WARMUP_BARS;
const BAND = 0.005;
const STOP_BEYOND_AVERAGE = 0.005;
/** Above the rule's own minimum of 2. */
const REWARD_RISK = 3;
/** The rule's 48 hours on its hourly chart, and as many bars on any other. */
const EXPIRY_BARS = 48;

/**
 * JadeCap, a trend pull-back: the trend is read four timeframes up, on closed bars only; the entry is
 * the first close that turns back with the trend near EMA(20); the stop lies beyond EMA(50). A
 * pull-back signals once: it is over when price has run more than the band beyond EMA(20) with the
 * trend, or when the trend has reversed.
 */
export const jadecap: Strategy = {
  id: ID,
  name: 'JadeCap trend pull-back',
  rule:
    'When the higher timeframe trends and price comes back to its 20-bar average, ' +
    'join the trend at the first bar that turns, with the stop beyond the 50-bar average.',
  warmupBars: WARMUP_BARS,
  start: (timeframe) => new JadeCapRun(timeframe),
};

interface Pullback {
  readonly direction: Direction;
  readonly sinceMs: number;
  readonly signalled: boolean;
}

/** What the base timeframe looks like at the bar that just closed. */
interface Moment {
  readonly bar: Candle;
  readonly previousClose: number;
  readonly fast: number;
  readonly slow: number;
  readonly range: number;
}

class JadeCapRun implements StrategyRun {
  readonly #barMs: number;
  readonly #resampler: Resampler;
  readonly #trend = new Trend();
  readonly #fast = new Ema(20);
  readonly #slow = new Ema(50);
  readonly #range = new Atr(14);
  #bars = 0;
  #previousClose = Number.NaN;
  #pullback: Pullback | undefined;

  constructor(timeframe: Timeframe) {
    this.#barMs = TIMEFRAME_MS[timeframe];
    this.#resampler = new Resampler(this.#barMs, this.#barMs * HIGHER_TIMEFRAME_MULTIPLE);
  }

  onBar(series: CandleSeries): Opinion {
    const moment = this.#absorb(series.candle(series.length - 1));
    if (this.#bars < WARMUP_BARS) return noSetup('warming up');
    const trend = this.#trend.reading;
    this.#followPullback(moment, trend?.direction);
    if (trend === undefined) return noSetup('no trend on the higher timeframe');
    const pullback = this.#pullback;
    if (pullback === undefined) return noSetup('price is not pulling back to its average');
    if (pullback.signalled) return noSetup('this pull-back has already signalled');
    const { bar, fast } = moment;
    if (Math.abs(bar.close / fast - 1) > BAND)
      return noSetup('price has fallen through its average');
    const sign = signOf(trend.direction);
    if (sign * (bar.close - moment.previousClose) <= 0)
      return noSetup('the pull-back has not turned');
    const stop = moment.slow * (1 - sign * STOP_BEYOND_AVERAGE);
    if (sign * (bar.close - stop) < smallestStopDistance(bar.close, moment.range)) {
      return noSetup('the stop would be too near the entry or on its wrong side');
    }
    const target = targetAt(bar.close, stop, REWARD_RISK);
    if (target === undefined) return noSetup('the target would be below zero');
    this.#pullback = { ...pullback, signalled: true };
    return this.#signal(moment, trend, pullback, stop, target);
  }

  save() {
    return {
      resampler: this.#resampler.save(),
      trend: this.#trend.save(),
      fast: this.#fast.save(),
      slow: this.#slow.save(),
      range: this.#range.save(),
      bars: this.#bars,
      previousClose: this.#previousClose,
      pullback: this.#pullback,
    };
  }

  load(saved: unknown): void {
    const state = saved as ReturnType<JadeCapRun['save']>;
    this.#resampler.load(state.resampler);
    this.#trend.load(state.trend);
    this.#fast.load(state.fast);
    this.#slow.load(state.slow);
    this.#range.load(state.range);
    this.#bars = state.bars;
    this.#previousClose = state.previousClose;
    this.#pullback = state.pullback;
  }

  #absorb(bar: Candle): Moment {
    for (const higher of this.#resampler.push(bar)) this.#trend.push(higher);
    const previousClose = this.#previousClose;
    this.#previousClose = bar.close;
    this.#bars++;
    return {
      bar,
      previousClose,
      fast: this.#fast.push(bar.close),
      slow: this.#slow.push(bar.close),
      range: this.#range.push(bar),
    };
  }

  /** A pause in the trend neither ends a pull-back nor starts one, so it cannot signal twice. */
  #followPullback({ bar, fast }: Moment, direction: Direction | undefined): void {
    const distance = bar.close / fast - 1;
    const current = this.#pullback;
    if (current !== undefined) {
      const hasRunOn = signOf(current.direction) * distance > BAND;
      const hasReversed = direction !== undefined && direction !== current.direction;
      if (!hasRunOn && !hasReversed) return;
      this.#pullback = undefined;
    }
    if (direction !== undefined && Math.abs(distance) <= BAND) {
      this.#pullback = { direction, sinceMs: bar.openTimeMs, signalled: false };
    }
  }

  #signal(
    { bar, fast, slow, range }: Moment,
    trend: TrendReading,
    pullback: Pullback,
    stop: number,
    target: number,
  ): Signal {
    const isLong = trend.direction === 'LONG';
    return {
      kind: 'SIGNAL',
      strategyId: ID,
      direction: trend.direction,
      entry: bar.close,
      stop,
      target,
      confidence: 0.75,
      riskBps: 150,
      expiresAfterMs: EXPIRY_BARS * this.#barMs,
      trailBps: 150,
      setupId: `jadecap:${trend.direction}:${pullback.sinceMs}`,
      because: isLong
        ? 'The higher timeframe is rising and price has turned up from a pull-back to its 20-bar average.'
        : 'The higher timeframe is falling and price has turned down from a pull-back to its 20-bar average.',
      invalidation: isLong
        ? 'A fall to the stop below the 50-bar average, or a higher timeframe that no longer rises.'
        : 'A rise to the stop above the 50-bar average, or a higher timeframe that no longer falls.',
      evidence: [
        fact('trend-fast', 'EMA(20) of the higher timeframe', trend.fast, trend.barTimeMs),
        fact('trend-slow', 'EMA(50) of the higher timeframe', trend.slow, trend.barTimeMs),
        fact('trend-before', 'EMA(20) four higher bars earlier', trend.fastBefore, trend.barTimeMs),
        fact('ema-fast', 'EMA(20)', fast, bar.openTimeMs),
        fact('ema-slow', 'EMA(50)', slow, bar.openTimeMs),
        fact('range', 'average true range of 14 bars', range, bar.openTimeMs),
      ],
    };
  }
}

function fact(name: string, label: string, value: number, barTimeMs: number): Evidence {
  return { id: `jadecap.${name}`, label, value, unit: 'price', barTimeMs };
}

function noSetup(because: string): NoSetup {
  return { kind: 'NO_SETUP', strategyId: ID, because };
}
