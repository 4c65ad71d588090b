import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PROPERTY_RUNS } from '../../../tests/support/property-runs.ts';
import { BadField } from '../wire/fields.ts';
import { damaged } from '../wire/testing/damage.ts';
import { eventOf } from './events.ts';

const PRICE = {
  event: 'price',
  symbol: 'EUR/USD',
  currency_base: 'Euro',
  currency_quote: 'US Dollar',
  exchange: 'Physical Currency',
  timestamp: 1_774_742_400,
  price: 1.0825,
  bid: 1.0824,
  ask: 1.0826,
};
const STATUS = {
  event: 'subscribe-status',
  status: 'ok',
  success: [{ symbol: 'EUR/USD', exchange: 'PHYSICAL CURRENCY' }],
  fails: null,
};

describe('an event of TwelveData', () => {
  test('is a print and a quote, in milliseconds', () => {
    const atMs = 1_774_742_400_000;
    expect(eventOf(PRICE, 'EUR/USD')).toEqual({
      kind: 'NEWS',
      news: [
        { kind: 'TICK', atMs, price: 1.0825 },
        { kind: 'QUOTE', atMs, bid: 1.0824, ask: 1.0826 },
      ],
    });
  });

  test('answers a subscription for one symbol', () => {
    expect(eventOf(STATUS, 'EUR/USD').kind).toBe('SUBSCRIBED');
    expect(eventOf(STATUS, 'XAU/USD').kind).toBe('NOT_SUBSCRIBED');
    expect(eventOf({ ...STATUS, success: null }, 'EUR/USD').kind).toBe('NOT_SUBSCRIBED');
  });

  test.each([{ event: 'heartbeat', status: 'ok' }, { event: 'new' }, { ...PRICE, symbol: 'X' }])(
    'is a sign of life: %j',
    (event) => {
      expect(eventOf(event, 'EUR/USD')).toEqual({ kind: 'NEWS', news: [{ kind: 'ALIVE' }] });
    },
  );

  test.each([
    [{ status: 'error', code: 401, message: 'wrong key' }, 401],
    [{ event: 'error', status: 'error', code: '400', message: 'wrong symbol' }, 400],
  ])('is a refusal: %j', (event, code) => {
    expect(eventOf(event, 'EUR/USD')).toMatchObject({ kind: 'REFUSED', refusal: { code } });
  });

  test.each([null, [], 'price', {}, { event: 7 }, { status: 'error', code: 'x', message: '' }])(
    'that is %j is refused',
    (event) => {
      expect(() => eventOf(event, 'EUR/USD')).toThrow(BadField);
    },
  );

  test('that is damaged anywhere is refused, or every number of it can be believed', () => {
    fc.assert(
      fc.property(fc.oneof(damaged(PRICE), damaged(STATUS)), (message) => {
        try {
          const event = eventOf(message, 'EUR/USD');
          for (const each of event.kind === 'NEWS' ? event.news : []) {
            if (each.kind === 'TICK') expect(each.price).toBeGreaterThan(0);
            if (each.kind === 'QUOTE') expect(each.ask).toBeGreaterThanOrEqual(each.bid);
            if ('atMs' in each) expect(Number.isSafeInteger(each.atMs)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(BadField);
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});
