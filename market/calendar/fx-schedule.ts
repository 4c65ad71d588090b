/**
 * Currencies: from Sunday 17:00 to Friday 17:00 in New York, one trading day from 17:00 to 17:00, dated
 * like the day it ends on. Ignores the holidays of single countries, on which most pairs trade thinly.
 */
import { dateText, isWeekend } from './civil-day.ts';
import { clock, type DayPlan, type Schedule, WEEKEND } from './schedule.ts';

/** Days that no market maker quotes, by month and day. They are not moved when they fall on a weekend. */
const CLOSED: Readonly<Record<string, string>> = { '01-01': 'New Year', '12-25': 'Christmas' };

const OPEN: DayPlan = Object.freeze({
  kind: 'OPEN',
  opensAtMinute: clock(-7),
  closesAtMinute: clock(17),
});

function planOf(day: number): DayPlan {
  if (isWeekend(day)) return WEEKEND;
  const because = CLOSED[dateText(day).slice(5)];
  return because === undefined ? OPEN : { kind: 'CLOSED', because };
}

export const FX_SCHEDULE: Schedule = {
  name: 'the currency market',
  zone: 'America/New_York',
  planOf,
};
