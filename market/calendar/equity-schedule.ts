/** New York's stock exchanges: 09:30 to 16:00, their holidays, and the days that were unlike others. */
import { dateText, isWeekend, WEEKDAY, weekdayOf } from './civil-day.ts';
import { clock, type DayPlan, type Schedule, WEEKEND } from './schedule.ts';
import { isDayAfterThanksgiving, usHolidayOn } from './us-holidays.ts';

const OPENS = clock(9, 30);
const CLOSES = clock(16);
const CLOSES_EARLY = clock(13);

/** Whole days on which the exchanges stayed closed though no rule says so. */
const SPECIAL_CLOSURES: Readonly<Record<string, string>> = {
  '2001-09-11': 'the attacks of 11 September',
  '2001-09-12': 'the attacks of 11 September',
  '2001-09-13': 'the attacks of 11 September',
  '2001-09-14': 'the attacks of 11 September',
  '2004-06-11': 'mourning for Ronald Reagan',
  '2007-01-02': 'mourning for Gerald Ford',
  '2012-10-29': 'hurricane Sandy',
  '2012-10-30': 'hurricane Sandy',
  '2018-12-05': 'mourning for George H. W. Bush',
  '2025-01-09': 'mourning for Jimmy Carter',
};

/** Early closes announced for one year only. */
const SPECIAL_EARLY_CLOSES: Readonly<Record<string, string>> = {
  '1999-12-31': 'the eve of the year 2000',
  '2003-12-26': 'the day after Christmas',
};

/** From then on a Wednesday before Independence Day is the short day, and no longer the Friday after it. */
const SHORT_WEDNESDAY_SINCE = '2013';

function earlyBecause(day: number): string | undefined {
  const date = dateText(day);
  const weekday = weekdayOf(day);
  if (isDayAfterThanksgiving(day)) return 'the day after Thanksgiving';
  if (date.endsWith('-12-24')) return 'Christmas Eve';
  const isNewRule = date >= SHORT_WEDNESDAY_SINCE;
  if (date.endsWith('-07-03') && (weekday !== WEEKDAY.WED || isNewRule))
    return 'the day before Independence Day';
  if (date.endsWith('-07-05') && weekday === WEEKDAY.FRI && !isNewRule)
    return 'the day after Independence Day';
  return SPECIAL_EARLY_CLOSES[date];
}

function planOf(day: number): DayPlan {
  if (isWeekend(day)) return WEEKEND;
  const closure = usHolidayOn(day) ?? SPECIAL_CLOSURES[dateText(day)];
  if (closure !== undefined) return { kind: 'CLOSED', because: closure };
  const because = earlyBecause(day);
  return because === undefined
    ? { kind: 'OPEN', opensAtMinute: OPENS, closesAtMinute: CLOSES }
    : { kind: 'OPEN', opensAtMinute: OPENS, closesAtMinute: CLOSES_EARLY, earlyBecause: because };
}

export const EQUITY_SCHEDULE: Schedule = {
  name: 'the New York stock market',
  zone: 'America/New_York',
  planOf,
};
