import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wallTimeMs } from '../../calendar/zone.ts';
import { zoneClock } from './zone.ts';

const HOUR_MS = 3_600_000;
const utc = (...parts: Parameters<typeof Date.UTC>): number => Date.UTC(...parts);

test('UTC is itself', () => {
  expect(zoneClock('UTC')(utc(2018, 2, 11, 2, 30))).toEqual([utc(2018, 2, 11, 2, 30)]);
});

test('New York is five hours behind in winter and four in summer', () => {
  const clock = zoneClock('America/New_York');
  expect(clock(utc(2018, 0, 2, 9, 30))).toEqual([utc(2018, 0, 2, 14, 30)]);
  expect(clock(utc(2018, 6, 2, 9, 30))).toEqual([utc(2018, 6, 2, 13, 30)]);
});

test('an hour is skipped in spring and shown twice in autumn', () => {
  const clock = zoneClock('America/New_York');
  expect(clock(utc(2018, 2, 11, 1, 59))).toEqual([utc(2018, 2, 11, 6, 59)]);
  expect(clock(utc(2018, 2, 11, 2, 0))).toEqual([]);
  expect(clock(utc(2018, 2, 11, 2, 59))).toEqual([]);
  expect(clock(utc(2018, 2, 11, 3, 0))).toEqual([utc(2018, 2, 11, 7)]);
  expect(clock(utc(2018, 10, 4, 0, 59))).toEqual([utc(2018, 10, 4, 4, 59)]);
  expect(clock(utc(2018, 10, 4, 1, 0))).toEqual([utc(2018, 10, 4, 5), utc(2018, 10, 4, 6)]);
  expect(clock(utc(2018, 10, 4, 2, 0))).toEqual([utc(2018, 10, 4, 7)]);
});

test('a broker’s clock is hours ahead of a zone and changes when the zone does', () => {
  const clock = zoneClock('America/New_York+7h');
  expect(clock(utc(2018, 0, 2, 0))).toEqual([utc(2018, 0, 1, 22)]);
  expect(clock(utc(2018, 6, 2, 0))).toEqual([utc(2018, 6, 1, 21)]);
  expect(clock(utc(2018, 2, 11, 9, 30))).toEqual([]);
  expect(clock(utc(2018, 10, 4, 8, 0))).toEqual([utc(2018, 10, 4, 5), utc(2018, 10, 4, 6)]);
  expect(() => zoneClock('New York+7h')).toThrow('"New York" is no time zone');
});

test('half an hour is shown twice where clocks are set back by half an hour', () => {
  const clock = zoneClock('Australia/Lord_Howe');
  expect(clock(utc(2018, 3, 1, 1, 45))).toHaveLength(2);
  expect(clock(utc(2018, 3, 1, 1, 15))).toHaveLength(1);
});

test('a day that a country left out never was', () => {
  expect(zoneClock('Pacific/Apia')(utc(2011, 11, 30, 12))).toEqual([]);
});

test('no such zone is refused', () => {
  expect(() => zoneClock('Mars/Olympus')).toThrow('"Mars/Olympus" is no time zone; names such as');
});

test.each(['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland'])(
  'in %s every instant is among those at which the clocks show its time',
  (zone) => {
    const clock = zoneClock(zone);
    const hours = fc.integer({ min: utc(1980, 0) / HOUR_MS, max: utc(2030, 0) / HOUR_MS });
    fc.assert(
      fc.property(hours, (hour) => {
        expect(clock(wallTimeMs(zone, hour * HOUR_MS))).toContain(hour * HOUR_MS);
      }),
    );
  },
);
