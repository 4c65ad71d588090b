import { getHolidays } from 'nyse-holidays';
import { expect, test } from 'vitest';

import { dateText, dayOf } from './civil-day.ts';
import { usHolidayOn } from './us-holidays.ts';

function ours(year: number): string[] {
  const dates: string[] = [];
  for (let day = dayOf(year, 1, 1); day < dayOf(year + 1, 1, 1); day++)
    if (usHolidayOn(day) !== undefined) dates.push(dateText(day));
  return dates;
}

test('ten holidays of 2023, each on the day it was kept', () => {
  expect(ours(2023)).toEqual([
    '2023-01-02',
    '2023-01-16',
    '2023-02-20',
    '2023-04-07',
    '2023-05-29',
    '2023-06-19',
    '2023-07-04',
    '2023-09-04',
    '2023-11-23',
    '2023-12-25',
  ]);
});

test('a New Year on a Saturday is not kept, a Christmas on one is, on the Friday', () => {
  expect(usHolidayOn(dayOf(2021, 12, 31))).toBeUndefined();
  expect(usHolidayOn(dayOf(2021, 12, 24))).toBe('Christmas');
});

test('every holiday from 1998 to 2060 is that of an independent library', () => {
  for (let year = 1998; year <= 2060; year++)
    expect(ours(year)).toEqual(getHolidays(year).map(({ dateString }) => dateString));
});
