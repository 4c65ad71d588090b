import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TIMEFRAME_MS } from '../../../domain/candle.ts';
import { describeWithData } from '../../../tests/support/data.ts';
import { readCandles } from '../csv-candles.ts';
import { GrowableSeries } from '../growable-series.ts';
import { timeframeOf } from '../timeframe.ts';
import { examine, type ExamineOptions } from './examine.ts';

const MINUTE = 60_000;
const OPTIONS: ExamineOptions = { barMs: MINUTE, jumpMin: 0.5 };

const at = (...minutes: readonly number[]): GrowableSeries =>
  GrowableSeries.of(
    minutes.map((minute, i) => ({
      openTimeMs: minute * MINUTE,
      open: 10,
      high: 11 + (i % 2),
      low: 9,
      close: 10,
      volume: 1,
    })),
  );

describe('gaps', () => {
  test('are told with their first and last missing bar, and the bar behind them', () => {
    const { gaps, missing, closures } = examine(at(0, 1, 3, 4, 9), OPTIONS);
    expect(gaps).toEqual([
      { index: 2, fromMs: 2 * MINUTE, toMs: 2 * MINUTE, missing: 1 },
      { index: 4, fromMs: 5 * MINUTE, toMs: 8 * MINUTE, missing: 4 },
    ]);
    expect([missing, closures]).toEqual([5, { places: 0, bars: 0 }]);
  });

  test('are closures where no bar was to be expected, and are cut to the bars that were', () => {
    const isExpected = (ms: number): boolean => ms % (10 * MINUTE) < 5 * MINUTE;
    const { gaps, missing, closures } = examine(at(3, 4, 10, 11, 18), { ...OPTIONS, isExpected });
    expect(gaps).toEqual([{ index: 4, fromMs: 12 * MINUTE, toMs: 14 * MINUTE, missing: 3 }]);
    expect([missing, closures]).toEqual([3, { places: 1, bars: 8 }]);
  });

  test('and overlaps are seen off the grid too', () => {
    const { gaps, overlaps } = examine(at(0, 1.5, 2, 3), OPTIONS);
    expect(gaps).toEqual([{ index: 1, fromMs: MINUTE, toMs: MINUTE, missing: 1 }]);
    expect(overlaps).toEqual([2]);
  });

  test('add up: bars that are there and bars that are missing fill the span', () => {
    const minutes = fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(minutes, (picked) => {
        const sorted = picked.toSorted((a, b) => a - b);
        const { gaps, missing } = examine(at(...sorted), OPTIONS);
        expect(missing + sorted.length).toBe(sorted.at(-1)! - sorted[0]! + 1);
        expect(gaps.reduce((sum, gap) => sum + gap.missing, 0)).toBe(missing);
      }),
    );
  });
});

test('a jump is a close that differs by more than the threshold, up or down', () => {
  const closes = [100, 151, 100, 149, 50, 50];
  const series = GrowableSeries.of(
    closes.map((close, i) => ({
      openTimeMs: i * MINUTE,
      open: close,
      high: close + 1,
      low: close - 1,
      close,
      volume: 1,
    })),
  );
  const { jumps } = examine(series, OPTIONS);
  expect(jumps.map(({ index }) => index)).toEqual([1, 4]);
  expect(jumps[0]!.change).toBeCloseTo(0.51, 12);
  expect(jumps[1]!.change).toBeCloseTo(50 / 149 - 1, 12);
});

test('stretches of ten bars without volume or movement are told, shorter ones are not', () => {
  const bars = (from: number, to: number, price: number, volume: number) =>
    Array.from({ length: to - from }, (_, i) => ({
      openTimeMs: (from + i) * MINUTE,
      open: price,
      high: price + volume,
      low: price,
      close: price,
      volume,
    }));
  const series = GrowableSeries.of([
    ...bars(0, 9, 5, 0),
    ...bars(9, 10, 6, 1),
    ...bars(10, 20, 7, 0),
    ...bars(20, 30, 8, 0),
  ]);
  const { silences, flats } = examine(series, OPTIONS);
  expect(silences).toEqual([{ index: 10, bars: 20 }]);
  // Another price is another stretch.
  expect(flats).toEqual([
    { index: 10, bars: 10 },
    { index: 20, bars: 10 },
  ]);
});

test('bars that nobody expects are counted where it is known which are', () => {
  const isExpected = (ms: number): boolean => ms !== 2 * OPTIONS.barMs;
  expect(examine(at(1, 2, 3), { ...OPTIONS, isExpected }).outside).toEqual([1]);
  expect(examine(at(1, 2, 3), OPTIONS).outside).toEqual([]);
});

test('a series of one bar and none has nothing wrong', () => {
  for (const series of [new GrowableSeries(), at(1)]) {
    expect(examine(series, OPTIONS)).toEqual({
      gaps: [],
      missing: 0,
      outside: [],
      closures: { places: 0, bars: 0 },
      overlaps: [],
      jumps: [],
      silences: [],
      flats: [],
    });
  }
});

/** Rows, gaps and missing bars as the notes to the data state them. */
const STATED: readonly (readonly [string, string, number, number, number])[] = [
  ['btcusd-bitfinex-1m-2018.csv.gz', '1m', 520_499, 3_992, 5_101],
  ['btcusd-bitfinex-1m-2019.csv.gz', '1m', 512_727, 9_955, 12_873],
  ['ethusd-bitfinex-1m-2019.csv.gz', '1m', 455_968, 46_729, 69_629],
  ['btcusd-coinbase-4h-2016-2024.csv', '4h', 18_895, 2, 4],
  ['ethusd-coinbase-1d-2016-2024.csv', '1d', 3_148, 1, 2],
  ['goog-1d-2004-2013.csv', '1d', 2_148, 463, 969],
  ['eurusd-1h-2017-2018.csv', '1h', 5_000, 42, 2_063],
  ['xauusd-1h-2012-2022.csv.gz', '1h', 57_600, 2_532, 28_288],
  ['aapl-1d-2018-2024.csv', '1d', 1_714, 373, 773],
  ['googl-1d-2018-2024.csv', '1d', 1_714, 373, 773],
  ['amzn-1d-2018-2024.csv', '1d', 1_714, 373, 773],
  ['pltr-1d-2020-2024.csv', '1d', 1_070, 231, 484],
  ['spy-1d-1998-2021.csv', '1d', 5_849, 1_267, 2_641],
];

describe.each(STATED)('%s', (file, timeframe, rows, gaps, missing) => {
  describeWithData('on disk', [file], (path) => {
    test('has the rows and the gaps that its notes state, and no other fault', () => {
      const series = readCandles(path!);
      const barMs = TIMEFRAME_MS[timeframeOf(series)];
      const found = examine(series, { barMs, jumpMin: 0.5 });
      expect(timeframeOf(series)).toBe(timeframe);
      expect([series.length, found.gaps.length, found.missing]).toEqual([rows, gaps, missing]);
      expect([found.overlaps, found.jumps]).toEqual([[], []]);
    });
  });
});
