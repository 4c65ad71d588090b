/**
 * What a fall from the equity peak costs: rung 1 half size, rung 2 quarter size, rung 3 exits only, rung
 * 4 emergency. A rung is reached at once and left one at a time, well below where it began.
 */
import type { DrawdownRung } from '../domain/event.ts';
import type { Limits } from './limits.ts';

export type Rung = DrawdownRung;

/** What each rung asks for, in words for people. */
export const RUNG_WORDS: Readonly<Record<Rung, string>> = {
  0: 'full size',
  1: 'half size',
  2: 'quarter size',
  3: 'exits only',
  4: 'emergency',
};

/** Basis points of the peak at which a rung begins; rung 0 begins nowhere. */
export function rungStartBps(rung: Rung, limits: Limits): number {
  switch (rung) {
    case 0:
      return 0;
    case 1:
      return limits.drawdownFullSizeBpsMax;
    case 2:
      return limits.drawdownHalfSizeBpsMax;
    case 3:
      return limits.drawdownEntriesBpsMax;
    case 4:
      return limits.drawdownBpsMax;
  }
}

/** The rung that a drawdown alone calls for. What is no number calls for the last one. */
export function rungAt(drawdownBps: number, limits: Limits): Rung {
  if (drawdownBps < limits.drawdownFullSizeBpsMax) return 0;
  if (drawdownBps < limits.drawdownHalfSizeBpsMax) return 1;
  if (drawdownBps < limits.drawdownEntriesBpsMax) return 2;
  if (drawdownBps < limits.drawdownBpsMax) return 3;
  return 4;
}

/** The rung after `from`: up as far as the drawdown says, down by one and only when it is well below. */
export function nextRung(from: Rung, drawdownBps: number, limits: Limits): Rung {
  const releasedBelow = rungStartBps(from, limits) - limits.drawdownReleaseBpsMin;
  const kept = drawdownBps < releasedBelow ? from - 1 : from;
  return Math.max(kept, rungAt(drawdownBps, limits)) as Rung;
}
