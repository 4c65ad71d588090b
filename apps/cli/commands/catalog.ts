import pc from 'picocolors';
import type { Parameter, ParameterValue } from '../../../strategies/parameters.ts';
import { DEFAULT_STRATEGIES, STRATEGIES, strategyNamed } from '../../../strategies/registry.ts';
import type { Strategy } from '../../../strategies/strategy.ts';
import { reading } from '../errors.ts';
import { printFacts, printJson, printLine, printTable } from '../output.ts';

export interface CatalogFlags {
  readonly json: boolean;
}

/** What comes with Plimsoll and what can be set about it; it asks no server. */
export function showCatalog(id: string | undefined, { json }: CatalogFlags): void {
  if (id === undefined) {
    if (json) printJson({ strategies: STRATEGIES.map(factsOf) });
    else printAll();
    return;
  }
  const strategy = reading(() => strategyNamed(id));
  if (json) printJson(factsOf(strategy));
  else printOne(strategy);
}

const factsOf = (strategy: Strategy) => ({
  id: strategy.id,
  name: strategy.name,
  rule: strategy.rule,
  timeframes: strategy.timeframes,
  warmupBars: strategy.warmupBars,
  isUsual: DEFAULT_STRATEGIES.includes(strategy),
  parameters: strategy.parameters,
});

function printAll(): void {
  printLine();
  printTable(
    ['id', 'name', 'made for', '>warm-up', '>parameters'],
    STRATEGIES.map((strategy) => [
      strategy.id,
      strategy.name,
      strategy.timeframes.join(' '),
      `${strategy.warmupBars} bars`,
      String(Object.keys(strategy.parameters).length),
    ]),
  );
  printLine();
  const usual = DEFAULT_STRATEGIES.map(({ id }) => id).join(' and ');
  printLine(pc.dim(`  ${usual} run when nobody chooses; --strategy ID chooses another.`));
  printLine(pc.dim('  "plimsoll strategies catalog ID" tells the rule, and what --set can set.'));
  printLine();
}

function printOne({ id, name, rule, timeframes, warmupBars, parameters }: Strategy): void {
  printLine();
  printLine(`  ${pc.bold(name)}`);
  printLine(`  ${rule}`);
  printLine();
  printFacts([
    ['made for', timeframes.join(' ')],
    ['warm-up', `${warmupBars} bars`],
    ['choose it', `--strategy ${id}`],
  ]);
  printLine();
  printTable(
    [`--set ${id}.…`, '>default', 'allowed', 'unit', 'what it is'],
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      String(parameter.default),
      allowedIn(parameter),
      'unit' in parameter ? parameter.unit : '',
      parameter.says,
    ]),
  );
  printLine();
}

function allowedIn(parameter: Parameter): string {
  const values: readonly ParameterValue[] =
    parameter.kind === 'CHOICE' ? parameter.options : [true, false];
  return 'min' in parameter ? `${parameter.min} to ${parameter.max}` : values.join(', ');
}
