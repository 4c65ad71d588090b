/** What every strategy owes its callers; each strategy's own test calls this. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS, type Timeframe } from '../domain/candle.ts';
import type { Opinion, Signal } from '../domain/signal.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import { syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import { timeframeOf } from '../market/candles/timeframe.ts';
import { describeWithData } from '../tests/support/data.ts';
import { LOOK_BACK_BARS_MAX, type Strategy } from './strategy.ts';

const DATA_FILES = [
  'btcusd-bitfinex-1m-2018.csv.gz',
  'btcusd-bitfinex-1m-2019.csv.gz',
  'ethusd-bitfinex-1m-2019.csv.gz',
  'btcusd-coinbase-4h-2016-2024.csv',
  'ethusd-coinbase-1d-2016-2024.csv',
  'goog-1d-2004-2013.csv',
  'eurusd-1h-2017-2018.csv',
  'xauusd-1h-2012-2022.csv.gz',
  'aapl-1d-2018-2024.csv',
  'googl-1d-2018-2024.csv',
  'amzn-1d-2018-2024.csv',
  'pltr-1d-2020-2024.csv',
  'spy-1d-1998-2021.csv',
];

/**
 * A series that ends at `length` while its columns run on into the future: a strategy that reads
 * beyond the last closed bar finds something there.
 */
function endingAt(series: CandleSeries, length: number): CandleSeries {
  return {
    length,
    openTimeMs: series.openTimeMs,
    open: series.open,
    high: series.high,
    low: series.low,
    close: series.close,
    volume: series.volume,
    candle: (index) => series.candle(index),
  };
}

/** The opinions on each bar in turn, with the bars to come in plain sight. */
export function opinionsOn(
  strategy: Strategy,
  series: CandleSeries,
  timeframe: Timeframe,
): readonly Opinion[] {
  const run = strategy.start(timeframe);
  return Array.from({ length: series.length }, (_, i) => run.onBar(endingAt(series, i + 1)));
}

export const signalsAmong = (opinions: readonly Opinion[]): readonly Signal[] =>
  opinions.filter((opinion) => opinion.kind === 'SIGNAL');

export function countSides(opinions: readonly Opinion[]): {
  readonly long: number;
  readonly short: number;
} {
  const signals = signalsAmong(opinions);
  const long = signals.filter(({ direction }) => direction === 'LONG').length;
  return { long, short: signals.length - long };
}

export function strategyContract(strategy: Strategy): void {
  describe(`${strategy.id} keeps the strategy contract`, () => {
    test('its signals are sound on a synthetic market', () => {
      fc.assert(
        fc.property(fc.nat(100_000), (seed) => {
          const { history } = syntheticFeed({ seed });
          checkSignals(strategy, GrowableSeries.of(history), '5m');
        }),
        { numRuns: 25 },
      );
    });

    test('the future never changes an opinion', () => {
      fc.assert(
        fc.property(fc.nat(100_000), (seed) => {
          const { history } = syntheticFeed({ seed });
          const run = strategy.start('5m');
          const growing = new GrowableSeries();
          const withoutFuture = history.map((bar) => {
            growing.append(bar);
            return run.onBar(growing);
          });
          const withFuture = opinionsOn(strategy, GrowableSeries.of(history), '5m');
          expect(withFuture).toEqual(withoutFuture);
        }),
        { numRuns: 40 },
      );
    });

    test('two runs share no memory', () => {
      const series = GrowableSeries.of(syntheticFeed().history);
      const one = strategy.start('5m');
      const other = strategy.start('5m');
      for (let length = 1; length <= series.length; length++) {
        expect(one.onBar(endingAt(series, length))).toEqual(other.onBar(endingAt(series, length)));
      }
    });

    test('a run saved after any bar and taken up again has the same opinions from there on', () => {
      fc.assert(
        fc.property(fc.nat(100_000), fc.nat(), (seed, cut) => {
          const { history } = syntheticFeed({ seed });
          const until = cut % history.length;
          const series = GrowableSeries.of(history);
          const original = strategy.start('5m');
          for (let length = 1; length <= until; length++) original.onBar(endingAt(series, length));
          const saved = original.save();
          const kept = structuredClone(saved);
          const again = strategy.start('5m');
          again.load(saved);
          for (let length = until + 1; length <= series.length; length++) {
            const bar = endingAt(series, length);
            expect(again.onBar(bar)).toEqual(original.onBar(bar));
          }
          expect(again.save()).toEqual(original.save());
          expect(saved).toEqual(kept);
        }),
        { numRuns: 20 },
      );
    });

    test('bars older than it may look back change nothing', () => {
      const candles = [...manyBars()];
      const forgetful = new GrowableSeries();
      const [one, other] = [strategy.start('5m'), strategy.start('5m')];
      const whole = GrowableSeries.of(candles);
      candles.forEach((candle, index) => {
        forgetful.append(candle);
        forgetful.keepNewest(LOOK_BACK_BARS_MAX);
        expect(other.onBar(forgetful)).toEqual(one.onBar(endingAt(whole, index + 1)));
      });
    });

    test('it calls itself by its own id', () => {
      const opinions = opinionsOn(strategy, GrowableSeries.of(syntheticFeed().history), '5m');
      expect(new Set(opinions.map(({ strategyId }) => strategyId))).toEqual(new Set([strategy.id]));
    });
  });

  for (const name of DATA_FILES) {
    describeWithData(`${strategy.id} on ${name}`, [name], (path) => {
      test('gives sound signals, long and short', { timeout: 60_000 }, () => {
        const series = readCandles(path!);
        const { long, short } = countSides(checkSignals(strategy, series, timeframeOf(series)));
        expect(long).toBeGreaterThan(0);
        expect(short).toBeGreaterThan(0);
      });
    });
  }
}

/** Synthetic markets one after another, long enough that the first bars are forgotten. */
function* manyBars(): Generator<Candle> {
  let bars = 0;
  for (let seed = 1; bars < LOOK_BACK_BARS_MAX + 600; seed++) {
    for (const candle of syntheticFeed({ seed }).history)
      yield { ...candle, openTimeMs: bars++ * TIMEFRAME_MS['5m'] };
  }
}

/** Runs the strategy over the series and throws at the first signal that breaks a promise. */
function checkSignals(
  strategy: Strategy,
  series: CandleSeries,
  timeframe: Timeframe,
): readonly Opinion[] {
  const seen = new Set<string>();
  const opinions = opinionsOn(strategy, series, timeframe);
  opinions.forEach((opinion, index) => {
    if (opinion.kind === 'NO_SETUP') {
      if (opinion.because === '') throw new Error(`bar ${index}: no reason is given`);
      return;
    }
    const fault = signalFault(opinion, series.candle(index)) ?? setupFault(opinion, seen);
    if (fault !== undefined) throw new Error(`bar ${index}: ${fault}: ${JSON.stringify(opinion)}`);
    if (index + 1 < strategy.warmupBars) throw new Error(`bar ${index}: a signal during warm-up`);
  });
  return opinions;
}

function signalFault(signal: Signal, bar: Candle): string | undefined {
  const { entry, stop, target, confidence, evidence } = signal;
  const sign = signal.direction === 'LONG' ? 1 : -1;
  const values = [entry, stop, target, ...evidence.map(({ value }) => value)];
  if (!values.every(Number.isFinite)) return 'a number is not finite';
  if (!(stop > 0 && target > 0)) return 'a level is not positive';
  if (entry !== bar.close) return 'the entry is not the close of the bar';
  if (!(sign * (entry - stop) > 0)) return 'the stop is not on the losing side';
  if (!(sign * (target - entry) > 0)) return 'the target is not on the winning side';
  if (Math.abs(entry - stop) < 0.002 * entry * (1 - 1e-9)) return 'the stop is too near the entry';
  if (Math.abs(target - entry) < 2 * Math.abs(entry - stop))
    return 'the reward is under twice the risk';
  if (!(confidence > 0 && confidence <= 1)) return 'the confidence is no share';
  if (evidence.length === 0) return 'there is no evidence';
  if (new Set(evidence.map(({ id }) => id)).size !== evidence.length) return 'evidence ids repeat';
  if (evidence.some(({ barTimeMs }) => barTimeMs > bar.openTimeMs))
    return 'evidence is from the future';
  return undefined;
}

function setupFault({ setupId }: Signal, seen: Set<string>): string | undefined {
  if (seen.has(setupId)) return 'the set-up has signalled before';
  seen.add(setupId);
  return undefined;
}
