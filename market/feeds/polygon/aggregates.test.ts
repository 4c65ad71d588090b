import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { candleFault } from '../../../domain/candle.ts';
import { PROPERTY_RUNS } from '../../../tests/support/property-runs.ts';
import { BadField, fieldsOf } from '../wire/fields.ts';
import { damaged } from '../wire/testing/damage.ts';
import { aggregatesOf } from './aggregates.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);
const ASKED = { ticker: 'X:BTCUSD', timeframe: '1h' } as const;
const BODY = {
  ticker: 'X:BTCUSD',
  queryCount: 2,
  resultsCount: 2,
  adjusted: true,
  results: [
    { v: 1.5, vw: 101, o: 100, c: 102, h: 103, l: 99.5, t: START, n: 7 },
    { v: 0, vw: 102, o: 102, c: 102, h: 102, l: 102, t: START + HOUR },
  ],
  status: 'OK',
  next_url: 'https://api.polygon.io/v2/aggs/ticker/X:BTCUSD/range/1/hour/1/2?cursor=bGltaXQ9Mg',
};
const read = (
  body: unknown,
  asked: Parameters<typeof aggregatesOf>[1] = ASKED,
): ReturnType<typeof aggregatesOf> => aggregatesOf(fieldsOf(body, ''), asked);

describe('a page of aggregates of Polygon', () => {
  test('has candles, and the way to the next page without its host', () => {
    expect(read(BODY)).toEqual({
      candles: [
        { openTimeMs: START, open: 100, high: 103, low: 99.5, close: 102, volume: 1.5 },
        { openTimeMs: START + HOUR, open: 102, high: 102, low: 102, close: 102, volume: 0 },
      ],
      isDelayed: false,
      next: '/v2/aggs/ticker/X:BTCUSD/range/1/hour/1/2?cursor=bGltaXQ9Mg',
    });
  });

  test.each([undefined, null, []])('without results, written as %j, is empty', (results) => {
    const { next_url: _, ...body } = { ...BODY, results };
    expect(read(body)).toEqual({ candles: [], isDelayed: false, next: undefined });
  });

  test('says when it is late', () => {
    expect(read({ ...BODY, status: 'DELAYED' }).isDelayed).toBe(true);
  });

  test('of days has midnights of UTC, wherever midnight was', () => {
    const results = [5, 4, 0].map((hour, day) => ({
      ...BODY.results[0],
      t: Date.UTC(2026, 2, 6 + day, hour),
    }));
    const days = read({ ...BODY, results }, { ...ASKED, timeframe: '1d' }).candles;
    expect(days.map(({ openTimeMs }) => openTimeMs)).toEqual(
      [6, 7, 8].map((day) => Date.UTC(2026, 2, day)),
    );
  });

  test.each<[string, object, string]>([
    [
      'another status',
      { ...BODY, status: 'WEIRD' },
      'status is "WEIRD" and should be OK or DELAYED',
    ],
    [
      'a time as a text',
      { ...BODY, results: [{ ...BODY.results[0], t: '1' }] },
      'results[0].t is "1" and should be a number',
    ],
    [
      'no price',
      { ...BODY, results: [{ t: START }] },
      'results[0].o is missing and should be a number',
    ],
    [
      'a negative price',
      { ...BODY, results: [{ ...BODY.results[0], l: -1 }] },
      'low -1 is not a positive number',
    ],
    [
      'an address that is none',
      { ...BODY, next_url: '/v2' },
      'next_url is "/v2" and should be an address',
    ],
    [
      'results out of order',
      { ...BODY, results: BODY.results.toReversed() },
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
          for (const candle of read(body).candles) expect(candleFault(candle)).toBeUndefined();
        } catch (error) {
          expect(error).toBeInstanceOf(BadField);
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});
