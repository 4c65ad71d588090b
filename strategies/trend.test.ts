import { expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { Ema } from '../market/indicators/ema.ts';
import { Trend, trendWarmupBars } from './trend.ts';

const PERIODS = { fastBars: 3, slowBars: 6, riseBars: 2 };

const bar = (close: number, i: number): Candle => ({
  openTimeMs: i,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
});

const climb = (bars: number, by: number): readonly number[] =>
  Array.from({ length: bars }, (_, i) => 100 + i * by);

function trendOf(closes: readonly number[]): Trend {
  const trend = new Trend(PERIODS);
  closes.map(bar).forEach((candle) => trend.push(candle));
  return trend;
}

test('a climb is up and a fall is down', () => {
  expect(trendOf(climb(20, 1)).reading?.direction).toBe('LONG');
  expect(trendOf(climb(20, -1)).reading?.direction).toBe('SHORT');
});

test('a fast average that no longer rises is no trend, though it lies above the slow one', () => {
  const closes = [...climb(20, 1), 117, 117];
  const [fast, slow] = [new Ema(3), new Ema(6)];
  const averages = closes.map((close) => [fast.push(close), slow.push(close)] as const);
  expect(averages.at(-1)![0]).toBeGreaterThan(averages.at(-1)![1]);
  expect(averages.at(-1)![0]).toBeLessThan(averages.at(-3)![0]);
  expect(trendOf(closes).reading).toBeUndefined();
});

test('its reading is what it was judged by', () => {
  const closes = climb(20, 1);
  const [fast, slow] = [new Ema(3), new Ema(6)];
  const averages = closes.map((close) => [fast.push(close), slow.push(close)] as const);
  expect(trendOf(closes).reading).toEqual({
    direction: 'LONG',
    fast: averages.at(-1)![0],
    slow: averages.at(-1)![1],
    fastBefore: averages.at(-3)![0],
    barTimeMs: 19,
  });
});

test('it can answer once it is warm, and not before its slow average is', () => {
  expect(trendWarmupBars(PERIODS)).toBe(8);
  expect(trendOf(climb(8, 1)).reading?.direction).toBe('LONG');
  expect(trendOf(climb(5, 1)).reading).toBeUndefined();
});

test('a trend saved after any bar goes on as if it had never been put away', () => {
  const closes = [...climb(12, 1), ...climb(12, -2), ...climb(12, 1)];
  for (let cut = 0; cut < closes.length; cut++) {
    const original = trendOf(closes.slice(0, cut));
    const again = new Trend(PERIODS);
    again.load(structuredClone(original.save()));
    closes.slice(cut).forEach((close, i) => {
      original.push(bar(close, cut + i));
      again.push(bar(close, cut + i));
      expect(again.reading).toEqual(original.reading);
    });
  }
});
