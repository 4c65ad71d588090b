import type { Command } from 'commander';
import type { Money } from '../../../domain/units.ts';
import {
  DEFAULT_BARS_PER_SECOND,
  DEFAULT_DATA_DIR,
  DEFAULT_PORT,
  DEFAULT_SEED,
  DEFAULT_SPEED,
} from '../../defaults.ts';
import { addLimitsOptions, type LimitsFlags } from '../limits.ts';
import { cashOption, speedOf, wholeNumber } from '../options.ts';

export interface StartFlags extends LimitsFlags {
  readonly port: number;
  readonly dataDir?: string;
  readonly replay?: string;
  readonly instrument?: string;
  readonly history?: number;
  readonly barsPerSecond: number;
  readonly seed: number;
  readonly speed: number;
  readonly strategies?: string;
  readonly cash: Money;
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
    .option('--replay <file>', 'your own candles instead of the synthetic market')
    .option(
      '--instrument <name>',
      'what the candles are of, such as BTC/USD; told by the file name when left out',
    )
    .option(
      '--history <bars>',
      'bars of the file to warm up on; 300 when left out, fewer for a short file',
      wholeNumber('--history', 0, 1_000_000),
    )
    .option('--bars-per-second <n>', 'pace of a replay', speedOf, DEFAULT_BARS_PER_SECOND)
    .option(
      '--seed <n>',
      'seed of the synthetic market',
      wholeNumber('--seed', 0, 0xffff_ffff),
      DEFAULT_SEED,
    )
    .option('--speed <n>', 'synthetic market seconds per second', speedOf, DEFAULT_SPEED)
    .option('--strategies <ids>', 'comma-separated; all when left out')
    .addOption(cashOption('starting cash of a new journal'));
  addLimitsOptions(start).action(async (flags: StartFlags) =>
    (await import('./run-start.ts')).runStart(flags),
  );
}
