import type { Command } from 'commander';
import type { Timeframe } from '../../../../domain/candle.ts';
import { instantFlag, type StoreFlags, timeframeFlag, withStore } from './flags.ts';

export interface ExportFlags extends StoreFlags {
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly out: string;
  readonly from?: number;
  readonly to?: number;
  readonly force: boolean;
}

const HELP =
  '\nThe name tells the format: .csv (timestamp_ms,open,high,low,close,volume) or .json (as freqtrade keeps it), with .gz\n' +
  'behind it to pack it. What was exported can be imported again and is the same, to the last digit.';

export function addExport(data: Command): void {
  withStore(data.command('export').description('Write stored candles to a file.'))
    .requiredOption('--instrument <name>', 'such as BTC/USD')
    .requiredOption('--timeframe <span>', 'such as 1h', timeframeFlag)
    .requiredOption('--out <file>', 'where to write them')
    .option('--from <time>', 'bars that open at this time or later (UTC)', instantFlag('--from'))
    .option('--to <time>', 'bars that open before this time (UTC)', instantFlag('--to'))
    .option('--force', 'replace a file that is there', false)
    .addHelpText('after', HELP)
    .action(async (flags: ExportFlags) => (await import('./run-export.ts')).runExport(flags));
}
