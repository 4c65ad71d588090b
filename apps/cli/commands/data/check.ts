import type { Command } from 'commander';
import type { Timeframe } from '../../../../domain/candle.ts';
import { BadInput } from '../../errors.ts';
import { wholeNumber } from '../../options.ts';
import { type ClockFlags, type StoreFlags, timeframeFlag, withClock, withStore } from './flags.ts';

export interface CheckFlags extends StoreFlags, ClockFlags {
  readonly instrument?: string;
  readonly timeframe?: Timeframe;
  /** In percent. */
  readonly jump: number;
  readonly places: number;
  readonly allGaps: boolean;
}

const HELP =
  '\nExit 1: a row that cannot be believed, a gap, an overlap, a repeated or misplaced bar, or a jump. Stretches without\n' +
  'volume or movement are told and are no fault.';

export function addCheck(data: Command): void {
  withClock(
    withStore(
      data
        .command('check [candles...]')
        .description(
          'Look for what is wrong in stored candles, all or such as BTC/USD@1h, or in files before they are imported.',
        ),
    ),
  )
    .option('--instrument <name>', 'only this one of the store; of files, what they are of')
    .option(
      '--timeframe <span>',
      'only this one of the store; of files, what they are',
      timeframeFlag,
    )
    .option(
      '--jump <percent>',
      'report closes that differ by more from the one before',
      percentOf,
      50,
    )
    .option(
      '--places <n>',
      'how many places of each kind to show',
      wholeNumber('--places', 1, 1_000),
      5,
    )
    .option('--all-gaps', 'expect bars at nights, weekends and holidays too', false)
    .addHelpText('after', HELP)
    .action(async (files: readonly string[], flags: CheckFlags) =>
      (await import('./run-check.ts')).runCheck(files, flags),
    );
}

function percentOf(value: string): number {
  const percent = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (percent > 0 && percent <= 10_000) return percent;
  throw new BadInput(`--jump "${value}" must be percent, above 0 and at most 10000`);
}
