/** Wall clocks of time zones, by the zone rules that the JavaScript engine carries. */
import { DAY_MS } from '../../domain/clock.ts';

/** Making a formatter costs more than a thousand uses of it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, formatter);
  return formatter;
}

/** Whether the engine knows the zone, such as `America/New_York`. */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the wall clocks of a zone show at an instant, as milliseconds of a clock that ran on UTC. */
export function wallTimeMs(zone: string, atMs: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(atMs)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1_000) + 1_000) % 1_000);
}

/**
 * The instant at which the wall clocks of a zone show a time. A time that comes twice, when the clocks
 * are set back, is the first of the two; one that is skipped is as long after the skip as it would have
 * been after its beginning.
 */
export function instantOf(zone: string, wallMs: number): number {
  const earlier = wallMs - aheadOfUtcMs(zone, wallMs - DAY_MS);
  const later = wallMs - aheadOfUtcMs(zone, wallMs + DAY_MS);
  const shows = (atMs: number): boolean => wallTimeMs(zone, atMs) === wallMs;
  const [first, second] = earlier < later ? [earlier, later] : [later, earlier];
  if (shows(first)) return first;
  return shows(second) ? second : earlier;
}

const aheadOfUtcMs = (zone: string, atMs: number): number => wallTimeMs(zone, atMs) - atMs;
