import { STRATEGIES, strategyNamed } from '../../strategies/registry.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { BadInput, reading } from './errors.ts';

/** The strategies of a comma-separated option; all of them when it was left out. */
export function strategiesOf(value: string | undefined): readonly Strategy[] {
  if (value === undefined) return STRATEGIES;
  const names = value.split(',').map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new BadInput(`--strategies names "${twice}" twice`);
  return names.map((name) => reading(() => strategyNamed(name)));
}
