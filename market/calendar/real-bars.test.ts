/** The calendars against bars that were really traded. */
import { expect, test } from 'vitest';

import { DAY_MS, HOUR_MS } from '../../domain/clock.ts';
import { describeWithData } from '../../tests/support/data.ts';
import { readCandles } from '../candles/csv-candles.ts';
import { calendarOf } from './calendars.ts';
import type { TradingCalendar } from './trading-calendar.ts';
import { instantOf } from './zone.ts';

const DAILY = [
  'spy-1d-1998-2021.csv',
  'goog-1d-2004-2013.csv',
  'aapl-1d-2018-2024.csv',
  'amzn-1d-2018-2024.csv',
  'googl-1d-2018-2024.csv',
  'pltr-1d-2020-2024.csv',
];

for (const name of DAILY) {
  describeWithData(name, [name], (path = '') => {
    test('has a bar for every session and a session for every bar', () => {
      const times = timesOf(path);
      const [first, last] = [times[0]!, times.at(-1)!];
      const dates = times.map((ms) => new Date(ms).toISOString().slice(0, 10));
      const sessions = [...calendarOf('EQUITY').sessions(first, last + DAY_MS)];
      expect(sessions.map(({ date }) => date)).toEqual(dates);
    });
  });
}

function timesOf(path: string): readonly number[] {
  const series = readCandles(path);
  return Array.from({ length: series.length }, (_, i) => series.openTimeMs[i]!);
}

/** Hours that have a bar and owed none, and hours that owed one and have none. */
function misfits(calendar: TradingCalendar, times: readonly number[]) {
  const have = new Set(times);
  const unowed = times.filter((ms) => !calendar.isExpectedBar(ms, '1h'));
  const missing: number[] = [];
  for (let ms = times[0]!; ms <= times.at(-1)!; ms += HOUR_MS)
    if (calendar.isExpectedBar(ms, '1h') && !have.has(ms)) missing.push(ms);
  return { unowed, missing };
}

describeWithData('EUR/USD by the hour', ['eurusd-1h-2017-2018.csv'], (path = '') => {
  test('has every bar owed, and two Friday evenings on which the source quoted an hour longer', () => {
    const { unowed, missing } = misfits(calendarOf('FX'), timesOf(path));
    expect(missing).toEqual([]);
    expect(unowed.map((ms) => new Date(ms).toISOString())).toEqual([
      '2017-10-06T21:00:00.000Z',
      '2017-10-20T21:00:00.000Z',
    ]);
  });
});

describeWithData('XAU/USD by the hour', ['xauusd-1h-2012-2022.csv.gz'], (path = '') => {
  /** Its source says no zone; the daily hour off lies where clocks seven hours ahead of New York put it. */
  const AHEAD_OF_NEW_YORK_MS = 7 * HOUR_MS;

  test('differs from the calendar in less than one hour of a hundred', () => {
    const times = timesOf(path).map((ms) =>
      instantOf('America/New_York', ms - AHEAD_OF_NEW_YORK_MS),
    );
    const { unowed, missing } = misfits(calendarOf('METAL'), times);
    expect(unowed.length).toBeLessThan(times.length / 1_000);
    expect(missing.length).toBeLessThan(times.length / 100);
  });
});
