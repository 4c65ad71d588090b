import { expect, test } from 'vitest';

import { describeWithData } from '../../tests/support/data.ts';
import { readCandles } from './csv-candles.ts';
import { GrowableSeries } from './growable-series.ts';
import { spanText, timeframeOf } from './timeframe.ts';

const atMinutes = (...minutes: readonly number[]): GrowableSeries =>
  GrowableSeries.of(
    minutes.map((minute) => ({
      openTimeMs: minute * 60_000,
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 0,
    })),
  );

test('the commonest step is the timeframe, whatever the gaps', () => {
  expect(timeframeOf(atMinutes(0, 5, 10, 100, 105, 1000))).toBe('5m');
  expect(timeframeOf(atMinutes(0, 60))).toBe('1h');
});

test('a step that is no timeframe of ours is refused', () => {
  expect(() => timeframeOf(atMinutes(0, 7, 14))).toThrow(
    'the candles are mostly 7 minutes apart, which is no timeframe of ours; the known ones are 1m, 5m',
  );
});

test('a step is told in words that fit it', () => {
  expect([3_600, 1_000, 1_800_000, 604_800_000, 86_400_000].map(spanText)).toEqual([
    '3.6 seconds',
    '1 second',
    '30 minutes',
    '7 days',
    '1 day',
  ]);
});

test('one candle shows no timeframe', () => {
  expect(() => timeframeOf(atMinutes(0))).toThrow('a series of 1 has no step');
});

describeWithData(
  'the timeframe of real files',
  ['spy-1d-1998-2021.csv', 'eurusd-1h-2017-2018.csv', 'btcusd-coinbase-4h-2016-2024.csv'],
  (...paths) => {
    test('is seen through weekends and holidays', () => {
      expect(paths.map((path) => timeframeOf(readCandles(path)))).toEqual(['1d', '1h', '4h']);
    });
  },
);
