import { expect, test } from 'vitest';

import { dateText, dayOf, easterSunday, lastWeekday, nthWeekday, WEEKDAY } from './civil-day.ts';

test.each([
  ['the third Monday of January 2024', nthWeekday(2024, 1, WEEKDAY.MON, 3), '2024-01-15'],
  ['the first Monday of a September that begins on one', nthWeekday(2025, 9, 1, 1), '2025-09-01'],
  ['the fourth Thursday of November 2018', nthWeekday(2018, 11, WEEKDAY.THU, 4), '2018-11-22'],
  ['the last Monday of May 2021, its last day', lastWeekday(2021, 5, WEEKDAY.MON), '2021-05-31'],
  ['the last Sunday of December 2024', lastWeekday(2024, 12, WEEKDAY.SUN), '2024-12-29'],
  ['a day before the count began', dayOf(1969, 12, 31), '1969-12-31'],
])('%s', (_, day, date) => {
  expect(dateText(day)).toBe(date);
});

test.each([
  [1961, '1961-04-02'],
  [2000, '2000-04-23'],
  [2008, '2008-03-23'],
  [2011, '2011-04-24'],
  [2024, '2024-03-31'],
  [2038, '2038-04-25'],
])('Easter of %i is on %s', (year, date) => {
  expect(dateText(easterSunday(year))).toBe(date);
});
