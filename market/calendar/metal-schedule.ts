/**
 * Gold and silver, by the hours of New York's electronic futures, which spot quotes follow: from Sunday
 * 18:00 to Friday 17:00 with the hour from 17:00 off. Ignores that single brokers stop a little earlier.
 */
import { dateText, isWeekend } from './civil-day.ts';
import { clock, type DayPlan, type Schedule, WEEKEND } from './schedule.ts';
import { isDayAfterThanksgiving, type UsHoliday, usHolidayOn } from './us-holidays.ts';

const OPENS = clock(-6);
const CLOSES = clock(17);
/** Half days before a weekend or a holiday. */
const CLOSES_ON_EVES = clock(13, 45);

/** The other holidays of the United States only stop trading early. */
const CLOSED_ON: readonly UsHoliday[] = ['New Year', 'Good Friday', 'Christmas'];

/** On holidays the day ends at 13:00, and since 2022 at 14:30. */
const holidayClose = (date: string): number => (date < '2022' ? clock(13) : clock(14, 30));

function planOf(day: number): DayPlan {
  if (isWeekend(day)) return WEEKEND;
  const date = dateText(day);
  const holiday = usHolidayOn(day);
  if (holiday !== undefined)
    return CLOSED_ON.includes(holiday)
      ? { kind: 'CLOSED', because: holiday }
      : openUntil(holidayClose(date), holiday);
  if (isDayAfterThanksgiving(day)) return openUntil(CLOSES_ON_EVES, 'the day after Thanksgiving');
  if (date.endsWith('-12-24')) return openUntil(CLOSES_ON_EVES, 'Christmas Eve');
  return { kind: 'OPEN', opensAtMinute: OPENS, closesAtMinute: CLOSES };
}

const openUntil = (closesAtMinute: number, earlyBecause: string): DayPlan => ({
  kind: 'OPEN',
  opensAtMinute: OPENS,
  closesAtMinute,
  earlyBecause,
});

export const METAL_SCHEDULE: Schedule = {
  name: 'the metals market',
  zone: 'America/New_York',
  planOf,
};
