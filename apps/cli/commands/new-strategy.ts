import type { Command } from 'commander';

export interface NewStrategyFlags {
  readonly dir: string;
}

export function addNewStrategy(program: Command): void {
  program
    .command('new-strategy <name>')
    .description('Write a strategy of your own and its test: a working one, to be changed.')
    .option('--dir <folder>', 'where to write them', '.')
    .action(async (name: string, flags: NewStrategyFlags) =>
      (await import('./run-new-strategy.ts')).runNewStrategy(name, flags),
    );
}
