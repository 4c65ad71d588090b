import type { Command } from 'commander';
import type { Timeframe } from '../../../../domain/candle.ts';
import { type ClockFlags, type StoreFlags, timeframeFlag, withClock, withStore } from './flags.ts';

export interface ImportFlags extends StoreFlags, ClockFlags {
  readonly instrument?: string;
  readonly timeframe?: Timeframe;
  readonly skipBad: boolean;
  readonly replace: boolean;
}

const HELP =
  '\nCSV with a header in any order or none, separated by comma, semicolon or tab; times in seconds, milli-, micro- or\n' +
  'nanoseconds since 1970, or written out; freqtrade JSON. Gzipped or not. Bars that are there already stay as they are.';

export function addImport(data: Command): void {
  withClock(
    withStore(data.command('import <files...>').description('Bring candle files into the store.')),
  )
    .option('--instrument <name>', 'such as BTC/USD; told by the file name when left out')
    .option('--timeframe <span>', 'such as 1h; told by the candles when left out', timeframeFlag)
    .option('--skip-bad', 'leave out rows that cannot be believed, and say which', false)
    .option('--replace', 'put these values in the place of others that are stored', false)
    .addHelpText('after', HELP)
    .action(async (files: readonly string[], flags: ImportFlags) =>
      (await import('./run-import.ts')).runImport(files, flags),
    );
}
