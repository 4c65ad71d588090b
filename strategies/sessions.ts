import { choice } from './parameters.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Hours of the day in UTC, all year round: the first belongs to the session, the last does not. */
const LONDON = [7, 16] as const;
const NEW_YORK = [12, 21] as const;

const HOURS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  london: [LONDON],
  'new-york': [NEW_YORK],
  'london+new-york': [LONDON, NEW_YORK],
};

/** The parameter of every strategy that can be told when to look for entries. */
export const sessionParameter = choice({
  default: 'any',
  options: ['any', ...Object.keys(HOURS)],
  says: 'Entries only at bars that close in these hours: London 07 to 16, New York 12 to 21 UTC.',
});

/**
 * Whether bars of this length may open a trade when they close, by the session chosen. A bar of a day
 * or more holds every session and closes in none, so no choice keeps it out.
 */
export function sessionTest(session: string, barMs: number): (openTimeMs: number) => boolean {
  const hours = HOURS[session];
  if (hours === undefined || barMs >= DAY_MS) return () => true;
  return (openTimeMs) => {
    const hour = ((openTimeMs + barMs) % DAY_MS) / HOUR_MS;
    return hours.some(([from, to]) => hour >= from && hour < to);
  };
}
