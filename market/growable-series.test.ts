import { expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { GrowableSeries } from './growable-series.ts';

const bar = (openTimeMs: number, close = 10): Candle => ({
  openTimeMs,
  open: 10,
  high: Math.max(10, close) + 1,
  low: Math.min(10, close) - 1,
  close,
  volume: 3,
});

test('a series gives back the candles appended to it', () => {
  const series = GrowableSeries.of([bar(1, 11), bar(2, 12)]);
  expect(series.length).toBe(2);
  expect(series.candle(0)).toEqual(bar(1, 11));
  expect(series.candle(1)).toEqual(bar(2, 12));
  expect([...series.close.subarray(0, 2)]).toEqual([11, 12]);
});

test('a series grows past its first capacity and keeps what it had', () => {
  const series = new GrowableSeries();
  for (let i = 0; i < 5_000; i++) series.append(bar(i, 5 + (i % 7)));
  expect(series.length).toBe(5_000);
  for (const i of [0, 1_023, 1_024, 4_999]) expect(series.candle(i)).toEqual(bar(i, 5 + (i % 7)));
  expect(series.close.length).toBeGreaterThanOrEqual(5_000);
});

test('columns beyond the length hold no prices', () => {
  const series = GrowableSeries.of([bar(1)]);
  expect([...series.close.subarray(1)].every((value) => value === 0)).toBe(true);
});

test('a candle that cannot be believed is refused and leaves the series as it was', () => {
  const series = GrowableSeries.of([bar(1)]);
  expect(() => series.append({ ...bar(2), high: 2 })).toThrow(
    'high 2 is below the open or the close',
  );
  expect(() => series.append({ ...bar(2), volume: Number.NaN })).toThrow('volume NaN');
  expect(series.length).toBe(1);
});

test.each([1, 0])('a candle at time %i does not follow one at time 1', (time) => {
  const series = GrowableSeries.of([bar(1)]);
  expect(() => series.append(bar(time))).toThrow(
    `time ${time} does not come after 1, the time of the candle before it`,
  );
});

test.each([-1, 1, 0.5])('there is no candle %d in a series of one', (index) => {
  expect(() => GrowableSeries.of([bar(1)]).candle(index)).toThrow(
    `there is no candle ${index} in a series of 1`,
  );
});
