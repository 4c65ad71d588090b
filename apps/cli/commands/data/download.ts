import { type Command, Option } from 'commander';
import type { Timeframe } from '../../../../domain/candle.ts';
import { BadInput } from '../../errors.ts';
import { instantFlag, type StoreFlags, timeframeFlag, withStore } from './flags.ts';

export const PROVIDERS = ['ccxt', 'twelvedata', 'polygon'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

export interface DownloadFlags extends StoreFlags {
  readonly provider: ProviderName;
  readonly exchange: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly from: number;
  readonly to?: number;
  readonly baseUrl?: string;
}

const HELP =
  '\nccxt is any of a hundred crypto exchanges, without an account; the others want a key in TWELVEDATA_API_KEY or\n' +
  'POLYGON_API_KEY. Only closed bars are fetched. Ctrl-C stops after the answer at hand, and the same command goes on.';

export function addDownload(data: Command): void {
  withStore(data.command('download').description('Fetch candles and keep them in the store.'))
    .option('--provider <name>', `one of ${PROVIDERS.join(', ')}`, providerOf, 'ccxt' as const)
    .option('--exchange <id>', 'of ccxt, such as binance or kraken', 'binance')
    .requiredOption('--instrument <name>', 'as the provider trades it, such as BTC/USDT')
    .requiredOption('--timeframe <span>', 'such as 1h', timeframeFlag)
    .requiredOption('--from <when>', 'a day or a time, UTC', instantFlag('--from'))
    .option('--to <when>', 'a day or a time, UTC; now when left out', instantFlag('--to'))
    .addOption(new Option('--base-url <url>', 'instead of the provider’s address').hideHelp())
    .addHelpText('after', HELP)
    .action(async (flags: DownloadFlags) => (await import('./run-download.ts')).runDownload(flags));
}

function providerOf(value: string): ProviderName {
  const name = PROVIDERS.find((candidate) => candidate === value);
  if (name !== undefined) return name;
  throw new BadInput(`--provider "${value}" must be one of ${PROVIDERS.join(', ')}`);
}
