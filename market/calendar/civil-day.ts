/** Days of the calendar, counted from 1 January 1970, without any zone or time of day. */
import { DAY_MS } from '../../domain/clock.ts';

export const WEEKDAY = { SUN: 0, MON: 1, TUE: 2, WED: 3, THU: 4, FRI: 5, SAT: 6 } as const;

/** `month` is 1 to 12. */
export const dayOf = (year: number, month: number, date: number): number =>
  Date.UTC(year, month - 1, date) / DAY_MS;

/** 0 is Sunday; the first day of the count was a Thursday. */
export const weekdayOf = (day: number): number => (((day + WEEKDAY.THU) % 7) + 7) % 7;

export const isWeekend = (day: number): boolean =>
  weekdayOf(day) === WEEKDAY.SAT || weekdayOf(day) === WEEKDAY.SUN;

export const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

/** `2025-01-09`. */
export const dateText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The third Monday of January is `nthWeekday(year, 1, WEEKDAY.MON, 3)`. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = dayOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7;
}

export function lastWeekday(year: number, month: number, weekday: number): number {
  const last = dayOf(year, month + 1, 1) - 1;
  return last - ((weekdayOf(last) - weekday + 7) % 7);
}

/** The Gregorian rule, as Meeus, Jones and Butcher wrote it down. */
export function easterSunday(year: number): number {
  const century = Math.floor(year / 100);
  const leapsDropped = century - Math.floor(century / 4);
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const goldenYear = year % 19;
  const moonAge = (19 * goldenYear + leapsDropped - moonCorrection + 15) % 30;
  const yearOfCentury = year % 100;
  const toSunday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - moonAge - (yearOfCentury % 4)) %
    7;
  const shift = Math.floor((goldenYear + 11 * moonAge + 22 * toSunday) / 451);
  const march = moonAge + toSunday - 7 * shift + 22;
  return dayOf(year, 3, march);
}
