import type { StrategyRule } from '../../domain/event.ts';

/** A strategy by its id, where it came from, and everything that is set about it. */
export function ruleText(id: string, rules: Readonly<Record<string, StrategyRule>>): string {
  const rule = rules[id];
  if (rule === undefined) return id;
  // A record keeps its fields in an order of its own.
  const values = Object.entries(rule.values)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
  return `${id}(${[rule.origin, ...values].join(' ')})`;
}
