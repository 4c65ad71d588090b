import type { Command } from 'commander';

export interface StrategyFlags {
  readonly strategies?: string;
  readonly strategy: readonly string[];
  readonly set: readonly string[];
}

/** For commands that run strategies together. */
export const addStrategyOptions = (command: Command): Command =>
  addStrategyOption(
    command.option('--strategies <ids>', 'comma-separated; jadecap,nbb when left out'),
  );

/** For commands that look at strategies one by one. */
export const addStrategyOption = (command: Command): Command =>
  command
    .option(
      '--strategy <id or file>',
      'one of "plimsoll strategies catalog", or your own ./mine.ts; may be repeated',
      collected,
      [],
    )
    .option(
      '--set <strategy.parameter=value>',
      'a parameter, such as sma-cross.fast=10; may be repeated; the catalog lists them',
      collected,
      [],
    );

const collected = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
];
