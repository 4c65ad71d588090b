import fc from 'fast-check';
import { expect, test } from 'vitest';

import { HOUR_MS } from '../../domain/clock.ts';
import { instantOf, isZone, wallTimeMs } from './zone.ts';

const NEW_YORK = 'America/New_York';
const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

test.each([
  ['in winter', '2024-01-10T09:30', '2024-01-10T14:30'],
  ['in summer', '2024-07-10T09:30', '2024-07-10T13:30'],
  ['just before the clocks are set forward', '2024-03-10T01:59', '2024-03-10T06:59'],
  ['just after', '2024-03-10T03:00', '2024-03-10T07:00'],
  ['when the clocks skip it', '2024-03-10T02:30', '2024-03-10T07:30'],
  ['when it comes twice, the first time', '2024-11-03T01:30', '2024-11-03T05:30'],
  ['after the clocks were set back', '2024-11-03T02:00', '2024-11-03T07:00'],
])('a time in New York %s', (_, wall, instant) => {
  expect(iso(instantOf(NEW_YORK, utc(wall)))).toBe(instant);
});

test('zones that never change, and zones off the full hour', () => {
  expect(iso(instantOf('UTC', utc('2024-03-31T02:30')))).toBe('2024-03-31T02:30');
  expect(iso(instantOf('Asia/Tokyo', utc('2024-07-01T09:00')))).toBe('2024-07-01T00:00');
  expect(iso(instantOf('Asia/Kolkata', utc('2024-07-01T09:00')))).toBe('2024-07-01T03:30');
});

test('London and New York change their clocks weeks apart', () => {
  const apart = (at: string): number =>
    (wallTimeMs('Europe/London', utc(at)) - wallTimeMs(NEW_YORK, utc(at))) / HOUR_MS;
  expect(apart('2024-03-01T12:00')).toBe(5);
  expect(apart('2024-03-20T12:00')).toBe(4);
  expect(apart('2024-04-10T12:00')).toBe(5);
  expect(apart('2024-10-30T12:00')).toBe(4);
});

test('what the clocks show at an instant leads back to it, but for the hour that comes twice', () => {
  const instants = fc.integer({ min: utc('1975-01-01'), max: utc('2037-12-31') });
  fc.assert(
    fc.property(instants, fc.constantFrom(NEW_YORK, 'Europe/London', 'Asia/Tokyo'), (ms, zone) => {
      const back = instantOf(zone, wallTimeMs(zone, ms));
      expect([0, HOUR_MS]).toContain(ms - back);
      expect(wallTimeMs(zone, back)).toBe(wallTimeMs(zone, ms));
    }),
  );
});

test('a zone is known or it is not', () => {
  expect(isZone('Europe/London')).toBe(true);
  expect(isZone('Europe/Londres')).toBe(false);
});
