import { join } from 'node:path';
import pc from 'picocolors';
import { nameFault, scaffold } from '../../authoring/scaffold.ts';
import { BadInput, reading } from '../errors.ts';
import { printFacts, printLine } from '../output.ts';

import type { NewStrategyFlags } from './new-strategy.ts';

export function runNewStrategy(name: string, { dir }: NewStrategyFlags): void {
  const fault = nameFault(name);
  if (fault !== undefined) throw new BadInput(fault);
  const { strategyFile, testFile } = reading(() => scaffold(name, dir));
  const file = typed(strategyFile);
  printLine();
  printLine(`  ${pc.bold(strategyFile)} holds the strategy, ${pc.bold(testFile)} its test. Next:`);
  printLine();
  printFacts([
    ['test it', `npx plimsoll test-strategy ${typed(testFile)}`],
    ['look for peeking', `npx plimsoll lookahead --strategy ${file}`],
    ['watch it trade', `npx plimsoll simulate --strategy ${file} --data FILE`],
  ]);
  printLine();
}

/** A path that is typed as one: `mine.ts` alone could be a name. */
const typed = (path: string): string => (/[\\/]/.test(path) ? path : `.${join('/', path)}`);
