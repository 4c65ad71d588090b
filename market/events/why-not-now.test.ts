import { expect, test } from 'vitest';

import { MINUTE_MS } from '../../domain/clock.ts';
import { BTC_USD, EUR_USD, instrumentByName } from '../instruments/instruments.ts';
import { EconomicEvent } from './economic-event.ts';
import { entryHours, type EntryRules, whyNotNow } from './why-not-now.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);
const named = (name: string, at: string): EconomicEvent =>
  new EconomicEvent({ atMs: utc(at), currency: 'USD', country: 'US', name, impact: 'HIGH' });

const RULE = { beforeMs: 30 * MINUTE_MS, afterMs: 15 * MINUTE_MS, impact: 'HIGH' } as const;
const NEWS: EntryRules = {
  sessions: false,
  news: {
    events: [named('CPI', '2024-01-11T13:30'), named('Claims', '2024-01-11T13:50')],
    rule: RULE,
  },
};
const SESSIONS: EntryRules = { sessions: true };
const SPY = instrumentByName('SPY');

test.each([
  ['12:59:59', undefined],
  ['13:00', '30 minutes before US CPI'],
  ['13:18', '12 minutes before US CPI'],
  ['13:29:30', '1 minute before US CPI'],
  ['13:30', '0 minutes after US CPI'],
  ['13:39', '9 minutes after US CPI'],
  ['13:42', '8 minutes before US Claims'],
  ['14:04', '14 minutes after US Claims'],
  ['14:05', undefined],
])('near the news at %s: %s', (time, because) => {
  const hours = entryHours(NEWS, BTC_USD, '1h');
  expect(whyNotNow(hours, utc(`2024-01-11T${time}`))).toBe(because);
});

test('a market that is closed says until when', () => {
  const hours = entryHours(SESSIONS, SPY, '1h');
  expect(whyNotNow(hours, utc('2024-01-12T20:59'))).toBeUndefined();
  expect(whyNotNow(hours, utc('2024-01-12T21:00'))).toBe(
    'the New York stock market is closed until 2024-01-16 14:30 UTC',
  );
  expect(whyNotNow(entryHours(SESSIONS, EUR_USD, '5m'), utc('2024-01-13T12:00'))).toBe(
    'the currency market is closed until 2024-01-14 22:00 UTC',
  );
  expect(whyNotNow(entryHours(SESSIONS, BTC_USD, '1m'), utc('2024-01-13T12:00'))).toBeUndefined();
});

test('daily bars are not held to sessions, and are to news', () => {
  const hours = entryHours({ ...NEWS, sessions: true }, SPY, '1d');
  expect(whyNotNow(hours, utc('2024-01-13T00:00'))).toBeUndefined();
  expect(whyNotNow(hours, utc('2024-01-11T13:20'))).toBe('10 minutes before US CPI');
});

test('without rules nothing stands against an entry', () => {
  const hours = entryHours({ sessions: false }, SPY, '1h');
  expect(whyNotNow(hours, utc('2024-01-13T12:00'))).toBeUndefined();
});

test('the hours of a city are kept by its own clocks, summer and winter', () => {
  const hours = entryHours({ sessions: false, hours: ['london', 'new-york'] }, EUR_USD, '5m');
  const summer = (time: string) => whyNotNow(hours, utc(`2024-07-09T${time}`));
  const winter = (time: string) => whyNotNow(hours, utc(`2024-01-09T${time}`));
  expect(summer('06:59')).toBe('it is outside of the London session and the New York session');
  expect([summer('07:00'), summer('19:59'), winter('08:00'), winter('20:59')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(
    [summer('20:00'), winter('07:59'), winter('21:00')].every((why) => why !== undefined),
  ).toBe(true);
  expect(
    whyNotNow(entryHours({ sessions: false, hours: ['tokyo'] }, EUR_USD, '1d'), 0),
  ).toBeUndefined();
});
