import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { candleFault } from '../../../domain/candle.ts';
import { PROPERTY_RUNS } from '../../../tests/support/property-runs.ts';
import { BadField, fieldsOf } from '../wire/fields.ts';
import { damaged } from '../wire/testing/damage.ts';
import { candlesOf, earliestMsOf, writtenTime } from './time-series.ts';

const ASKED = { symbol: 'EUR/USD', timeframe: '1h' } as const;
const BODY = {
  meta: { symbol: 'EUR/USD', interval: '1h', currency_base: 'Euro', type: 'Physical Currency' },
  values: [
    {
      datetime: '2026-03-29 00:00:00',
      open: '1.08210',
      high: '1.08300',
      low: '1.08200',
      close: '1.08250',
    },
    {
      datetime: '2026-03-29 01:00:00',
      open: '1.08250',
      high: '1.08251',
      low: '1.08',
      close: '1.081',
      volume: '12',
    },
  ],
  status: 'ok',
};
const read = (
  body: unknown,
  asked: Parameters<typeof candlesOf>[1] = ASKED,
): ReturnType<typeof candlesOf> => candlesOf(fieldsOf(body, ''), asked);
const withFirst = (change: object): object => ({
  ...BODY,
  values: [{ ...BODY.values[0], ...change }, BODY.values[1]],
});

describe('a time series of TwelveData', () => {
  test('is read in UTC, with no volume where there is none', () => {
    expect(read(BODY)).toEqual([
      {
        openTimeMs: Date.UTC(2026, 2, 29),
        open: 1.0821,
        high: 1.083,
        low: 1.082,
        close: 1.0825,
        volume: 0,
      },
      {
        openTimeMs: Date.UTC(2026, 2, 29, 1),
        open: 1.0825,
        high: 1.08251,
        low: 1.08,
        close: 1.081,
        volume: 12,
      },
    ]);
  });

  test('of days has dates alone', () => {
    const values = BODY.values.map((bar, i) => ({ ...bar, datetime: `2026-03-${28 + i}` }));
    const days = read(
      { ...BODY, meta: { symbol: 'AAPL', interval: '1day' }, values },
      { symbol: 'AAPL', timeframe: '1d' },
    );
    expect(days.map(({ openTimeMs }) => writtenTime(openTimeMs))).toEqual([
      '2026-03-28 00:00:00',
      '2026-03-29 00:00:00',
    ]);
  });

  test.each<[string, object, string]>([
    ['no list', { ...BODY, values: null }, 'values is null and should be a list'],
    [
      'another interval',
      { ...BODY, meta: { symbol: 'EUR/USD', interval: '1min' } },
      'meta.interval is "1min" and should be "1h", as asked',
    ],
    [
      'a number that is none',
      withFirst({ open: '1,08' }),
      'values[0].open is "1,08" and should be a plain number',
    ],
    [
      'a number that is no text',
      withFirst({ close: 1.08 }),
      'values[0].close is 1.08 and should be a text',
    ],
    [
      'a day that is none',
      withFirst({ datetime: '2026-02-30 00:00:00' }),
      'values[0].datetime is "2026-02-30 00:00:00" and should be a date',
    ],
    [
      'a time of elsewhere',
      withFirst({ datetime: '2026-03-29T00:00:00+02:00' }),
      'should be a date as 2026-01-31',
    ],
    [
      'a high below the close',
      withFirst({ high: '1.081' }),
      'a candle that can be believed: high 1.081 is below',
    ],
    [
      'the newest first',
      { ...BODY, values: BODY.values.toReversed() },
      'later than the candle before it',
    ],
    [
      'one bar twice',
      { ...BODY, values: [BODY.values[0], BODY.values[0]] },
      'later than the candle before it',
    ],
  ])('with %s is refused by name', (_, body, sentence) => {
    expect(() => read(body)).toThrow(BadField);
    expect(() => read(body)).toThrow(sentence);
  });

  test('that is damaged anywhere is refused, or every number of it can be believed', () => {
    fc.assert(
      fc.property(damaged(BODY), (body) => {
        try {
          for (const candle of read(body)) expect(candleFault(candle)).toBeUndefined();
        } catch (error) {
          expect(error).toBeInstanceOf(BadField);
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test('begins with the bar of the earliest timestamp', () => {
    const body = fieldsOf({ datetime: '1980-12-12', unix_time: 345_479_400 }, '');
    expect(earliestMsOf(body, '1d')).toBe(Date.UTC(1980, 11, 12));
    expect(() => earliestMsOf(fieldsOf({ unix_time: 'x' }, ''), '1d')).toThrow(BadField);
  });
});
