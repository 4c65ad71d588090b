import { fabio } from './fabio.ts';
import { grid } from './grid/grid.ts';
import { hyperrsi } from './hyperrsi/hyperrsi.ts';
import { jadecap } from './jadecap.ts';
import { nbb } from './nbb.ts';
import { momentum } from './momentum.ts';
import { smaCross } from './sma-cross.ts';
import { tori } from './tori.ts';
import type { Strategy } from './strategy.ts';

/** What runs when nobody chooses. */
export const DEFAULT_STRATEGIES: readonly Strategy[] = [jadecap, nbb];

export const STRATEGIES: readonly Strategy[] = [
  ...DEFAULT_STRATEGIES,
  fabio,
  tori,
  hyperrsi,
  grid,
  smaCross,
  momentum,
];

/** Throws a sentence that lists the known ids when there is no such strategy. */
export function strategyNamed(id: string): Strategy {
  const strategy = STRATEGIES.find((candidate) => candidate.id === id);
  if (strategy !== undefined) return strategy;
  const known = STRATEGIES.map((candidate) => candidate.id).join(', ');
  throw new Error(`"${id}" is not a known strategy; the known ones are ${known}`);
}
