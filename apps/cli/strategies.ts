import { type ParameterValue, valueFromText } from '../../strategies/parameters.ts';
import { DEFAULT_STRATEGIES, strategyNamed } from '../../strategies/registry.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { isStrategyFile, loadStrategyFile } from '../authoring/load-strategy.ts';
import { BadInput, reading } from './errors.ts';
import type { Limits } from '../../risk-kernel/limits.ts';
import type { StrategyFlags } from './strategy-options.ts';

/** The strategies that were asked for, with their parameters set; `otherwise` when none was named. */
export async function chosenStrategies(
  { strategies, strategy, set }: StrategyFlags,
  otherwise: readonly Strategy[] = DEFAULT_STRATEGIES,
): Promise<readonly Strategy[]> {
  const named = strategies === undefined ? [] : strategies.split(',').map((name) => name.trim());
  const chosen =
    named.length + strategy.length === 0
      ? otherwise
      : [
          ...named.map((name) => reading(() => strategyNamed(name))),
          ...(await Promise.all(strategy.map(strategyFor))),
        ];
  const twice = chosen.find(({ id }, index) => chosen.findIndex((one) => one.id === id) !== index);
  if (twice !== undefined) throw new BadInput(`the strategy "${twice.id}" is named twice`);
  return withSettings(chosen, set);
}

/** Those that shall trade together: no more than the kernel lets any of them trade beside. */
export async function tradedStrategies(
  flags: StrategyFlags,
  { strategiesActiveMax }: Limits,
): Promise<readonly Strategy[]> {
  const chosen = await chosenStrategies(flags);
  if (chosen.length <= strategiesActiveMax) return chosen;
  throw new BadInput(
    `${chosen.length} strategies are named, and the kernel lets ${strategiesActiveMax} trade together; leave some out`,
  );
}

async function strategyFor(text: string): Promise<Strategy> {
  if (!isStrategyFile(text)) return reading(() => strategyNamed(text));
  try {
    return await loadStrategyFile(text);
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** All settings of a strategy at once: values that fit only together must not be set one by one. */
function withSettings(
  strategies: readonly Strategy[],
  settings: readonly string[],
): readonly Strategy[] {
  const changes = new Map<Strategy, Record<string, ParameterValue>>();
  for (const setting of settings) {
    const { strategy, name, text } = settingOf(setting, strategies);
    const parameter = Object.hasOwn(strategy.parameters, name)
      ? strategy.parameters[name]
      : undefined;
    // A name that is unknown is left to the strategy, which says what it knows.
    const value =
      parameter === undefined ? text : reading(() => valueFromText(name, parameter, text));
    changes.set(strategy, { ...changes.get(strategy), [name]: value });
  }
  return strategies.map((strategy) => {
    const values = changes.get(strategy);
    return values === undefined ? strategy : reading(() => strategy.with(values));
  });
}

interface Setting {
  readonly strategy: Strategy;
  readonly name: string;
  readonly text: string;
}

function settingOf(setting: string, strategies: readonly Strategy[]): Setting {
  const [, id, name = '', text = ''] = /^([^.=]+)\.([^.=]+)=(.*)$/.exec(setting) ?? [];
  if (id === undefined) throw new BadInput(`--set "${setting}" must be as in sma-cross.fast=10`);
  const strategy = strategies.find((one) => one.id === id);
  if (strategy !== undefined) return { strategy, name, text };
  const chosen = strategies.map((one) => one.id).join(', ');
  throw new BadInput(`--set ${setting}: no strategy "${id}" was chosen; chosen are ${chosen}`);
}
