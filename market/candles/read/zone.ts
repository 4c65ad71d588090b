import { DAY_MS, HOUR_MS } from '../../../domain/clock.ts';
import { isZone, wallTimeMs } from '../../calendar/zone.ts';

/** The instants at which the clocks of a zone show a time: one, none in spring, two in autumn. */
export type Instants = readonly number[];

/** Brokers' clocks are hours ahead of a zone's and change with it: `America/New_York+7h`. */
const AHEAD = /^(.+)\+(\d{1,2})h$/;

/**
 * The instants of a time that clocks show, given as if it were UTC and answered in UTC milliseconds,
 * earlier first. Throws a sentence when there is no such zone.
 */
export function zoneClock(zone: string): (wallMs: number) => Instants {
  const [, base, hours] = AHEAD.exec(zone) ?? [];
  if (base === undefined) return clockOf(zone);
  const clock = clockOf(base);
  return (wallMs) => clock(wallMs - Number(hours) * HOUR_MS);
}

function clockOf(zone: string): (wallMs: number) => Instants {
  if (!isZone(zone)) {
    throw new Error(
      `"${zone}" is no time zone; names such as UTC and America/New_York are, also with hours added, as in America/New_York+7h`,
    );
  }
  const offsetAt = (utcMs: number): number => wallTimeMs(zone, utcMs) - utcMs;
  let cachedDay = Number.NaN;
  let [before, after] = [0, 0];
  return (wallMs) => {
    const day = Math.floor(wallMs / DAY_MS);
    if (day !== cachedDay) {
      cachedDay = day;
      // No zone is more than a day from UTC, so these lie on both sides of every change of that day.
      before = offsetAt((day - 1) * DAY_MS);
      after = offsetAt((day + 2) * DAY_MS);
    }
    if (before === after) return [wallMs - before];
    const early = wallMs - Math.max(before, after);
    const late = wallMs - Math.min(before, after);
    return [early, late].filter((ms) => ms + offsetAt(ms) === wallMs);
  };
}
