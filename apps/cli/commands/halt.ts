import type { Command } from 'commander';
import { type ConnectFlags, withServer } from '../connect.ts';

export interface HaltFlags extends ConnectFlags {
  readonly flatten: boolean;
  readonly because: string;
}

const HOW =
  '\nNo password: toward safety is always one step. Where no server answers, the signal file HALT is left\n' +
  'in the data directory instead. Exit 1: something was not reached, or nobody confirmed it.';

export function addHalt(program: Command): void {
  withServer(
    program
      .command('halt')
      .description('Stop everything at once: nothing new, entries canceled, on demand all closed.')
      .option('--flatten', 'also close every position at the market', false)
      .option('--because <text>', 'why, recorded for good', 'plimsoll halt')
      .addHelpText('after', HOW),
  ).action(async (flags: HaltFlags) => (await import('./run-halt.ts')).runHalt(flags));
}
