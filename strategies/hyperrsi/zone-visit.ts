/**
 * Visits of the index to a zone. They are told by depth: how far beyond the zone's edge the index lies,
 * 0 on it and negative outside, so that oversold and overbought are one thing.
 */

export interface Visit {
  /** The bar that entered the zone; NaN before the first. A visit is remembered until the next begins. */
  readonly sinceMs: number;
  readonly hasSignalled: boolean;
  /** When this side last signalled, in whichever visit. */
  readonly lastSignalMs: number;
}

export const NEVER: Visit = Object.freeze({
  sinceMs: Number.NaN,
  hasSignalled: false,
  lastSignalMs: -Infinity,
});

/** The depth of the bar that just closed and of the two before it; NaN where the index was not known yet. */
export interface Depths {
  readonly now: number;
  readonly previous: number;
  readonly before: number;
}

/** The visit after this bar: the same object unless the index has just entered. */
export const visitAfter = (visit: Visit, { now, previous }: Depths, openTimeMs: number): Visit =>
  now >= 0 && !(previous >= 0)
    ? { sinceMs: openTimeMs, hasSignalled: false, lastSignalMs: visit.lastSignalMs }
    : visit;

/** What each kind of entry waits for. A comparison with a NaN is false, so none answers in warm-up. */
export const TRIGGERS: Readonly<Record<string, (depths: Depths) => boolean>> = {
  breakout: ({ now, previous }) => previous < 0 && now >= 0,
  inflection: ({ now, previous, before }) => now >= 0 && now < previous && previous >= before,
  'inflection-breakout': ({ now, previous }) => previous >= 0 && now < 0,
  excess: ({ now }) => now >= 0,
};
