import { expect, test } from 'vitest';

import { strategyId } from '../../domain/ids.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { Ema } from '../../market/indicators/ema.ts';
import { evidenceBy, nothingBy } from '../opinions.ts';
import { momentum } from '../momentum.ts';
import { smaCross } from '../sma-cross.ts';
import { defineStrategy, Memory, type Strategy } from '../strategy.ts';
import { syntheticCandles } from './synthetic-candles.ts';
import { warmup, WARMUP_TOLERANCE } from './warmup.ts';

const series = GrowableSeries.of(await syntheticCandles(3_000));
const ID = strategyId('late');
const nothing = nothingBy(ID)('nothing to see');
const fact = evidenceBy(ID);

/** Tells on every third bar of the market what it `reckons`. */
const telling = (
  declared: number,
  start: (keep: <T extends Ema | Memory<number>>(part: T) => T) => (series: CandleSeries) => number,
): Strategy =>
  defineStrategy({
    id: ID,
    name: 'Late',
    rule: 'Says what it has reckoned.',
    timeframes: ['5m'],
    parameters: {},
    warmupBars: () => declared,
    start({ keep, barMs }) {
      const reckons = start(keep);
      return (bar, seen) => {
        const value = reckons(seen);
        if ((bar.openTimeMs / barMs) % 3 !== 0) return nothing;
        return {
          kind: 'EXIT',
          strategyId: ID,
          direction: 'LONG',
          because: 'It always does.',
          evidence: [fact('value', 'what it reckoned', value, 'price', bar.openTimeMs)],
        };
      };
    },
  });

const meanOf = (bars: number) => (): ((seen: CandleSeries) => number) => (seen) => {
  const closes = seen.close.subarray(Math.max(0, seen.length - bars), seen.length);
  return closes.reduce((sum, close) => sum + close, 0) / closes.length;
};

test('a window of thirty bars needs thirty, whatever was declared', () => {
  for (const declared of [10, 29, 30, 200]) {
    const report = warmup(telling(declared, meanOf(30)), series, '5m');
    expect(report).toMatchObject({ declaredBars: declared, neededBars: 30 });
    expect(report.opinions).toBeGreaterThan(0);
  }
});

test('it says the same words sooner than the same numbers', () => {
  const report = warmup(telling(40, meanOf(30)), series, '5m');
  expect(report.sameWordsBars).toBe(1);
});

test('an average that never forgets needs until less than a millionth is left', () => {
  const period = 20;
  const averaging = telling(period, (keep) => {
    const average = keep(new Ema(period));
    return (seen) => average.push(seen.close[seen.length - 1]!);
  });
  const { neededBars, rows } = warmup(averaging, series, '5m');
  // Each bar leaves (period - 1) / (period + 1) of the error, and an error is at most a few percent.
  const untilMillionth = Math.log(WARMUP_TOLERANCE) / Math.log((period - 1) / (period + 1));
  expect(neededBars).toBeGreaterThan(2 * period);
  expect(neededBars).toBeLessThan(period + untilMillionth);
  const drifts = rows.filter(({ historyBars }) => historyBars >= period).map(({ drift }) => drift);
  expect(drifts.slice(0, 5)).toEqual(drifts.slice(0, 5).toSorted((a, b) => b - a));
});

test('a rule that never forgets has no warm-up that is enough', () => {
  const counting = telling(10, (keep) => {
    const bars = keep(new Memory(0));
    return () => ++bars.value;
  });
  expect(warmup(counting, series, '5m').neededBars).toBeUndefined();
});

test('too few candles are refused with how many would do', () => {
  const few = GrowableSeries.of([...Array(300).keys()].map((index) => series.candle(index)));
  expect(() => warmup(smaCross, few, '5m')).toThrow(
    '300 candles cannot show a warm-up of 196 bars; 392 or more can',
  );
});

test.each([smaCross, momentum, smaCross.with({ slow: 300 }), momentum.with({ volatility: 400 })])(
  '$id declares what it needs',
  (strategy) => {
    const { declaredBars, neededBars, opinions } = warmup(strategy, series, '5m');
    expect(neededBars).toBeLessThanOrEqual(declaredBars);
    expect(opinions).toBeGreaterThan(0);
  },
);
