import type { Command } from 'commander';
import type { Money } from '../../../domain/units.ts';
import type { Approver } from '../../simulate/simulation.ts';
import type { FaultProfileName } from '../../../simulation/fault-profiles.ts';
import { type EntryFlags, withEntryRules } from '../entry-rules.ts';
import { BadInput } from '../errors.ts';
import { CANDLES_HELP } from '../candles-help.ts';
import { addLimitsOptions, type LimitsFlags } from '../limits.ts';
import { cashOption, REHEARSALS, rehearseOption, wholeNumber } from '../options.ts';
import { addStrategyOptions, type StrategyFlags } from '../strategy-options.ts';

export interface SimulateFlags extends LimitsFlags, StrategyFlags, EntryFlags {
  readonly data: string;
  readonly instrument?: string;
  readonly approver: Approver;
  readonly seed: number;
  readonly cash: Money;
  readonly rehearse: FaultProfileName;
  readonly dataDir?: string;
  readonly resume: boolean;
  readonly json: boolean;
}

export function addSimulate(program: Command): void {
  const simulate = program
    .command('simulate')
    .description(
      'Run the whole orchestrator over a candle file at full speed, with a scripted approver.',
    )
    .requiredOption('--data <candles>', CANDLES_HELP)
    .option('--instrument <name>', 'of a file, such as BTC/USD; told by its name when left out')
    .option(
      '--approver <who>',
      'all approves every proposal, none lets them expire',
      approverOf,
      'all' as Approver,
    )
    .option('--seed <n>', 'seed of slippage', wholeNumber('--seed', 0, 0xffff_ffff), 1)
    .addOption(cashOption('starting cash'))
    .option(
      '--data-dir <dir>',
      'keep the journal there (embedded); DATABASE_URL keeps it on a server',
    )
    .option(
      '--resume',
      'go on with an interrupted simulation of the same file in the same place',
      false,
    )
    .addOption(rehearseOption())
    .addHelpText('after', REHEARSALS)
    .option('--json', 'print one JSON object', false);
  addLimitsOptions(withEntryRules(addStrategyOptions(simulate))).action(
    async (flags: SimulateFlags) => (await import('./run-simulate.ts')).runSimulate(flags),
  );
}

function approverOf(value: string): Approver {
  if (value === 'all' || value === 'none') return value;
  throw new BadInput(`--approver "${value}" must be all or none`);
}
