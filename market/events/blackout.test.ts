import fc from 'fast-check';
import { expect, test } from 'vitest';

import { MINUTE_MS } from '../../domain/clock.ts';
import { instrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { BTC_USD, EUR_USD, instrumentByName, XAU_USD } from '../instruments/instruments.ts';
import { type BlackoutRule, blackouts, currenciesOf } from './blackout.ts';
import { EconomicEvent, type Impact, IMPACTS } from './economic-event.ts';

const event = (atMs: number, currency = 'USD', impact: Impact = 'HIGH'): EconomicEvent =>
  new EconomicEvent({ atMs, currency, country: currency.slice(0, 2), name: 'CPI', impact });
const RULE: BlackoutRule = { beforeMs: 30, afterMs: 10, impact: 'HIGH' };
const spans = (events: readonly EconomicEvent[], instrument: Instrument, rule = RULE): number[][] =>
  blackouts(events, instrument, rule).windows.map(({ fromMs, toMs }) => [fromMs, toMs]);

test('news of both currencies counts for a pair, of the one paid in for shares and coins', () => {
  expect(currenciesOf(EUR_USD)).toEqual(['EUR', 'USD']);
  expect(currenciesOf(XAU_USD)).toEqual(['XAU', 'USD']);
  expect(currenciesOf(instrumentByName('SPY'))).toEqual(['USD']);
  expect(currenciesOf(BTC_USD)).toEqual(['USD']);
  const tethered = { ...BTC_USD, id: instrumentId('BTC/USDT'), quote: 'USDT' };
  expect(currenciesOf(tethered)).toEqual(['USD']);
  const events = [event(1_000, 'EUR'), event(2_000, 'USD'), event(3_000, 'JPY')];
  expect(spans(events, EUR_USD)).toEqual([
    [970, 1_010],
    [1_970, 2_010],
  ]);
  expect(spans(events, BTC_USD)).toEqual([[1_970, 2_010]]);
});

test('an event counts from the impact that was asked for', () => {
  const events = IMPACTS.map((impact, i) => event(1_000 * i, 'USD', impact));
  const counted = (impact: Impact): number => spans(events, EUR_USD, { ...RULE, impact }).length;
  expect([counted('LOW'), counted('MEDIUM'), counted('HIGH')]).toEqual([3, 2, 1]);
});

test('windows that touch are one, whatever the order of the events', () => {
  expect(spans([event(140), event(100), event(200)], EUR_USD)).toEqual([
    [70, 150],
    [170, 210],
  ]);
});

test('a window begins with its first instant and is over at its end', () => {
  const calendar = blackouts([event(100)], EUR_USD, RULE);
  expect([69, 70, 109, 110].map((ms) => calendar.windowAt(ms) !== undefined)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('the event named is one that forbids the entry itself, not one it only touches', () => {
  const calendar = blackouts([event(100), event(125)], EUR_USD, RULE);
  expect(calendar.windows.length).toBe(1);
  expect([105, 109, 111].map((ms) => calendar.eventAt(ms)?.atMs)).toEqual([100, 100, 125]);
});

test('spans of time that make no sense are refused', () => {
  expect(() => blackouts([], EUR_USD, { ...RULE, beforeMs: -1 })).toThrow('beforeMs -1 must be');
  expect(() => blackouts([], EUR_USD, { ...RULE, afterMs: NaN })).toThrow('afterMs NaN must be');
});

test('an instant lies in a window exactly when some event is near enough', () => {
  const times = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(fc.array(times), times, times, times, (events, ms, beforeMs, afterMs) => {
      const rule = { beforeMs, afterMs, impact: 'LOW' } as const;
      const calendar = blackouts(
        events.map((atMs) => event(atMs)),
        EUR_USD,
        rule,
      );
      const near = events.some((atMs) => ms >= atMs - beforeMs && ms < atMs + afterMs);
      expect(calendar.windowAt(ms) !== undefined).toBe(near);
      expect(calendar.eventAt(ms) !== undefined).toBe(near);
      calendar.windows.forEach(({ fromMs }, i) => {
        if (i > 0) expect(fromMs).toBeGreaterThan(calendar.windows[i - 1]!.toMs);
      });
      expect(calendar.windows.flatMap(({ events: inside }) => inside).length).toBe(events.length);
    }),
  );
});

test('the unit is milliseconds', () => {
  const rule = { beforeMs: 30 * MINUTE_MS, afterMs: 0, impact: 'HIGH' } as const;
  expect(spans([event(3_600_000)], EUR_USD, rule)).toEqual([[1_800_000, 3_600_000]]);
});
