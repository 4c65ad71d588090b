import { type Command, Option } from 'commander';
import type { Timeframe } from '../../../domain/candle.ts';
import type { Money } from '../../../domain/units.ts';
import type { FaultProfileName } from '../../../simulation/fault-profiles.ts';
import {
  DEFAULT_BARS_PER_SECOND,
  DEFAULT_DATA_DIR,
  DEFAULT_PORT,
  DEFAULT_SEED,
  DEFAULT_SPEED,
} from '../../defaults.ts';
import { CANDLES_HELP } from '../candles-help.ts';
import { type EntryFlags, withEntryRules } from '../entry-rules.ts';
import { BadInput } from '../errors.ts';
import { addLimitsOptions, type LimitsFlags } from '../limits.ts';
import { cashOption, REHEARSALS, rehearseOption, speedOf, wholeNumber } from '../options.ts';
import { timeframeFlag } from './data/flags.ts';
import { addStrategyOptions, type StrategyFlags } from '../strategy-options.ts';

export type VenueChoice = 'SIMULATION' | 'PAPER';

export interface StartFlags extends LimitsFlags, StrategyFlags, EntryFlags {
  readonly port: number;
  readonly dataDir?: string;
  readonly replay?: string;
  readonly live?: string;
  readonly liveUrl?: string;
  readonly timeframe: Timeframe;
  readonly instrument?: string;
  readonly history?: number;
  readonly barsPerSecond: number;
  readonly seed: number;
  readonly speed: number;
  readonly cash: Money;
  readonly rehearse: FaultProfileName;
  readonly venue: VenueChoice;
}

export function addStart(program: Command): void {
  const start = program
    .command('start', { isDefault: true })
    .description('Run everything in GUIDE and SIMULATION, and serve the page.')
    .option(
      '--port <n>',
      'port on the loopback interface; 0 takes a free one',
      wholeNumber('--port', 0, 65_535),
      DEFAULT_PORT,
    )
    .option(
      '--data-dir <dir>',
      `where the journal is kept; else DATABASE_URL, else ${DEFAULT_DATA_DIR}`,
    )
    .option('--replay <candles>', `instead of the synthetic market, ${CANDLES_HELP}`)
    .option(
      '--instrument <name>',
      'what is traded live, or what the candles are of, such as BTC/USD; told by a file’s name when left out',
    )
    .option(
      '--history <bars>',
      'bars of the file to warm up on; 300 when left out, fewer for a short file',
      wholeNumber('--history', 0, 1_000_000),
    )
    .option(
      '--live <providers>',
      'the market as it happens: an exchange of ccxt, twelvedata or polygon; more than one, comma-separated, to fall back on',
    )
    .option('--timeframe <span>', 'of a live market, such as 5m', timeframeFlag, '5m')
    .addOption(new Option('--live-url <url>', 'instead of the provider’s address').hideHelp())
    .option('--bars-per-second <n>', 'pace of a replay', speedOf, DEFAULT_BARS_PER_SECOND)
    .option(
      '--seed <n>',
      'seed of the synthetic market',
      wholeNumber('--seed', 0, 0xffff_ffff),
      DEFAULT_SEED,
    )
    .option('--speed <n>', 'synthetic market seconds per second', speedOf, DEFAULT_SPEED)
    .addOption(cashOption('starting cash of a new journal'))
    .addOption(rehearseOption())
    .addOption(
      new Option(
        '--venue <which>',
        'simulation, or paper: a market that is real (--replay, --live), with delays and queues modelled',
      )
        .argParser(venueOf)
        .default('SIMULATION', 'simulation'),
    )
    .addHelpText('after', REHEARSALS);
  addLimitsOptions(withEntryRules(addStrategyOptions(start))).action(async (flags: StartFlags) =>
    (await import('./run-start.ts')).runStart(flags),
  );
}

function venueOf(value: string): VenueChoice {
  if (value === 'simulation' || value === 'paper')
    return value === 'paper' ? 'PAPER' : 'SIMULATION';
  throw new BadInput(`--venue "${value}" must be simulation or paper`);
}
