import type { Command } from 'commander';

export function addTestStrategy(program: Command): void {
  program
    .command('test-strategy <files...>')
    .description("Run the tests of your strategies: files written with Node's own node:test.")
    .action(async (files: readonly string[]) =>
      (await import('./run-test-strategy.ts')).runTestStrategy(files),
    );
}
