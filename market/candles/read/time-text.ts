/** `2018-01-02`, `2018.01.02 17:00`, `20180102 170000`, `2018-01-02T17:00:00.000+01:00` and the like. */
const TIME_TEXT =
  /^(\d{4})([-./]?)(\d{2})\2(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?$/i;
const MINUTE_MS = 60_000;
const YEAR_MIN = 1_000;

/** DATE: a day without a time. WALL: what clocks somewhere showed, as if it were UTC. UTC: an instant. */
export interface ReadTime {
  readonly kind: 'DATE' | 'WALL' | 'UTC';
  readonly ms: number;
}

/** Undefined for what is no time, also for a day that no calendar has. Months never come after days. */
export function readTime(text: string): ReadTime | undefined {
  const match = TIME_TEXT.exec(text);
  if (match === null) return undefined;
  const [, year, , month, day, hour, minute, second = '0', fraction = '0', zone] = match;
  const dateMs = dayMs(Number(year), Number(month), Number(day));
  if (dateMs === undefined) return undefined;
  if (hour === undefined) return zone === undefined ? { kind: 'DATE', ms: dateMs } : undefined;
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  if (hours > 23 || minutes > 59 || seconds > 59 || /[1-9]/.test(fraction.slice(3))) {
    return undefined;
  }
  const ms = dateMs + (hours * 60 + minutes) * MINUTE_MS + seconds * 1_000 + milliseconds;
  return zone === undefined ? { kind: 'WALL', ms } : { kind: 'UTC', ms: ms - offsetMs(zone) };
}

function dayMs(year: number, month: number, day: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  // 31 April becomes 1 May, which shows that there is no such day.
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay && year >= YEAR_MIN ? ms : undefined;
}

/** `+01:00`, `-0500`, `+09`; letters mean UTC. */
function offsetMs(zone: string): number {
  const digits = zone.replace(/\D/g, '');
  if (digits === '') return 0;
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}
