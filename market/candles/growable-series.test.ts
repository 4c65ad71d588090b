import { describe, expect, test } from 'vitest';

import type { Candle } from '../../domain/candle.ts';
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

describe('a series that keeps its newest', () => {
  const closes = (series: GrowableSeries): readonly number[] => [
    ...series.close.subarray(0, series.length),
  ];

  test('forgets the oldest, and counts from the first that is left', () => {
    const series = GrowableSeries.of([bar(1, 11), bar(2, 12), bar(3, 13)]);
    series.keepNewest(2);
    expect(closes(series)).toEqual([12, 13]);
    expect(series.candle(0)).toEqual(bar(2, 12));
    expect([...series.close.subarray(2)].every((value) => value === 0)).toBe(true);
    expect(() => series.candle(2)).toThrow('there is no candle 2 in a series of 2');
  });

  test('goes on after them, and knows which time comes next', () => {
    const series = GrowableSeries.of([bar(1), bar(2), bar(3)]);
    series.keepNewest(1);
    expect(() => series.append(bar(3))).toThrow('time 3 does not come after 3');
    series.append(bar(4, 14));
    expect(closes(series)).toEqual([10, 14]);
  });

  test.each([3, 4])('is as it was when %i are kept of three', (bars) => {
    const series = GrowableSeries.of([bar(1, 11), bar(2, 12), bar(3, 13)]);
    series.keepNewest(bars);
    expect(closes(series)).toEqual([11, 12, 13]);
  });
});

describe('a saved series', () => {
  test('is the same again, and is not changed by what comes after', () => {
    const series = GrowableSeries.of([bar(1, 11), bar(2, 12)]);
    const saved = series.save();
    const again = new GrowableSeries();
    again.load(saved);
    series.append(bar(3));
    series.keepNewest(1);
    expect([again.length, again.candle(0), again.candle(1)]).toEqual([2, bar(1, 11), bar(2, 12)]);
    expect(again.save()).toEqual(saved);
  });

  test('with a bar that cannot be believed is refused', () => {
    const saved = GrowableSeries.of([bar(1), bar(2)]).save();
    const spoilt = { ...saved, high: Float64Array.of(11, 3) };
    expect(() => new GrowableSeries().load(spoilt)).toThrow('high 3 is below');
    const short = { ...saved, low: Float64Array.of(9) };
    expect(() => new GrowableSeries().load(short)).toThrow('low undefined');
  });
});
