import { expect, test } from 'vitest';

import { namedSession, type SessionName } from './named-sessions.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

test.each<readonly [SessionName, string, string, string]>([
  ['london', '2024-03-28T12:00', '2024-03-28T08:00', '2024-03-28T16:30'],
  ['london', '2024-04-02T12:00', '2024-04-02T07:00', '2024-04-02T15:30'],
  ['london', '2024-10-28T12:00', '2024-10-28T08:00', '2024-10-28T16:30'],
  ['new-york', '2024-03-08T16:00', '2024-03-08T14:30', '2024-03-08T21:00'],
  ['new-york', '2024-03-11T16:00', '2024-03-11T13:30', '2024-03-11T20:00'],
  ['tokyo', '2024-07-01T03:00', '2024-07-01T00:00', '2024-07-01T06:00'],
  ['tokyo', '2024-11-05T03:00', '2024-11-05T00:00', '2024-11-05T06:30'],
])('the %s session around %s', (name, at, opens, closes) => {
  const session = namedSession(name).sessionAt(utc(at))!;
  expect([iso(session.opensAtMs), iso(session.closesAtMs)]).toEqual([opens, closes]);
});

test('on a weekend there is none, and on Monday in Tokyo it begins on Sunday evening elsewhere', () => {
  expect(namedSession('london').isOpen(utc('2024-03-30T12:00'))).toBe(false);
  expect(iso(namedSession('tokyo').nextOpenMs(utc('2024-06-29T12:00')))).toBe('2024-07-01T00:00');
});
