/** The holidays that New York's exchanges keep, by the rules of the years since 1998. */
import {
  dayOf,
  easterSunday,
  lastWeekday,
  nthWeekday,
  WEEKDAY,
  weekdayOf,
  yearOf,
} from './civil-day.ts';

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(day: number): number {
  if (weekdayOf(day) === WEEKDAY.SAT) return day - 1;
  return weekdayOf(day) === WEEKDAY.SUN ? day + 1 : day;
}

/** New Year on a Saturday is kept by nobody: the Friday before closes the books of the old year. */
function newYear(year: number): number | undefined {
  const day = dayOf(year, 1, 1);
  return weekdayOf(day) === WEEKDAY.SAT ? undefined : observed(day);
}

const JUNETEENTH_SINCE = 2022;

/** The day each is kept on in a year, or undefined when it is not kept. */
const HOLIDAYS = {
  'New Year': newYear,
  'Martin Luther King Day': (year: number) => nthWeekday(year, 1, WEEKDAY.MON, 3),
  'Washington’s Birthday': (year: number) => nthWeekday(year, 2, WEEKDAY.MON, 3),
  'Good Friday': (year: number) => easterSunday(year) - 2,
  'Memorial Day': (year: number) => lastWeekday(year, 5, WEEKDAY.MON),
  Juneteenth: (year: number) =>
    year < JUNETEENTH_SINCE ? undefined : observed(dayOf(year, 6, 19)),
  'Independence Day': (year: number) => observed(dayOf(year, 7, 4)),
  'Labor Day': (year: number) => nthWeekday(year, 9, WEEKDAY.MON, 1),
  Thanksgiving: (year: number) => nthWeekday(year, 11, WEEKDAY.THU, 4),
  Christmas: (year: number) => observed(dayOf(year, 12, 25)),
} as const;

export type UsHoliday = keyof typeof HOLIDAYS;

const NAMES = Object.keys(HOLIDAYS) as readonly UsHoliday[];

/** The holiday kept on a day. */
export function usHolidayOn(day: number): UsHoliday | undefined {
  const year = yearOf(day);
  return NAMES.find((name) => HOLIDAYS[name](year) === day);
}

export const isDayAfterThanksgiving = (day: number): boolean =>
  usHolidayOn(day - 1) === 'Thanksgiving';
