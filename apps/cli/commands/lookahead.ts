import type { Command } from 'commander';
import type { CandlesFlags } from '../candles.ts';
import { addCandlesOptions } from '../candles-options.ts';
import { addStrategyOption, type StrategyFlags } from '../strategy-options.ts';

export interface LookaheadFlags extends CandlesFlags, StrategyFlags {
  readonly json: boolean;
}

const HELP =
  '\nEvery bar is asked about five times: with its future in plain sight, once more, with a higher one,' +
  '\na lower one, and none, as it is live. Exit code 1 when an opinion moves.';

export function addLookahead(program: Command): void {
  const lookahead = program
    .command('lookahead')
    .description('Change the future: what a strategy said about the past must not move.');
  addCandlesOptions(addStrategyOption(lookahead))
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', HELP)
    .action(async (flags: LookaheadFlags) =>
      (await import('./run-lookahead.ts')).runLookahead(flags),
    );
}
