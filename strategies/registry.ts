import { jadecap } from './jadecap.ts';
import { nbb } from './nbb.ts';
import type { Strategy } from './strategy.ts';

/** What runs when nobody chooses. */
export const DEFAULT_STRATEGIES: readonly Strategy[] = [jadecap, nbb];

export const STRATEGIES: readonly Strategy[] = [...DEFAULT_STRATEGIES];

/** Throws a sentence that lists the known ids when there is no such strategy. */
export function strategyNamed(id: string): Strategy {
  const strategy = STRATEGIES.find((candidate) => candidate.id === id);
  if (strategy !== undefined) return strategy;
  const known = STRATEGIES.map((candidate) => candidate.id).join(', ');
  throw new Error(`"${id}" is not a known strategy; the known ones are ${known}`);
}
