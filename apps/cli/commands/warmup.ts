import type { Command } from 'commander';
import type { CandlesFlags } from '../candles.ts';
import { addCandlesOptions } from '../candles-options.ts';
import { addStrategyOption, type StrategyFlags } from '../strategy-options.ts';

export interface WarmupFlags extends CandlesFlags, StrategyFlags {
  readonly json: boolean;
}

const HELP =
  '\nRuns that begin late are held against the run that heard everything: what they say, and their' +
  '\nnumbers to a millionth. Exit code 1 when the declared warm-up is too short.';

export function addWarmup(program: Command): void {
  const warmup = program
    .command('warmup')
    .description('How much history a strategy needs until its opinions no longer depend on it.');
  addCandlesOptions(addStrategyOption(warmup))
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', HELP)
    .action(async (flags: WarmupFlags) => (await import('./run-warmup.ts')).runWarmup(flags));
}
