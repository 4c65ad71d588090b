/** Hours of the day that traders know by a city's name, for filters and for anchors of averages. */
import { dateText, isWeekend } from './civil-day.ts';
import { clock, type DayPlan, type Schedule, WEEKEND } from './schedule.ts';
import { TradingCalendar } from './trading-calendar.ts';

export const SESSION_NAMES = ['london', 'new-york', 'tokyo'] as const;
export type SessionName = (typeof SESSION_NAMES)[number];

/** The Tokyo exchange trades half an hour longer since then. */
const TOKYO_LONGER_SINCE = '2024-11-05';
const tokyoClose = (day: number): number =>
  dateText(day) < TOKYO_LONGER_SINCE ? clock(15) : clock(15, 30);

/** From Monday to Friday by the city's own clocks; holidays and lunch breaks are ignored. */
const onWeekdays = (
  name: string,
  zone: string,
  opensAtMinute: number,
  closesAtMinuteOn: (day: number) => number,
): Schedule => ({
  name,
  zone,
  planOf: (day): DayPlan =>
    isWeekend(day)
      ? WEEKEND
      : { kind: 'OPEN', opensAtMinute, closesAtMinute: closesAtMinuteOn(day) },
});

const SESSIONS: Readonly<Record<SessionName, TradingCalendar>> = {
  london: new TradingCalendar(
    onWeekdays('the London session', 'Europe/London', clock(8), () => clock(16, 30)),
  ),
  'new-york': new TradingCalendar(
    onWeekdays('the New York session', 'America/New_York', clock(9, 30), () => clock(16)),
  ),
  tokyo: new TradingCalendar(onWeekdays('the Tokyo session', 'Asia/Tokyo', clock(9), tokyoClose)),
};

/** The hours of a city's session, open at its beginning and closed at its end. */
export const namedSession = (name: SessionName): TradingCalendar => SESSIONS[name];
