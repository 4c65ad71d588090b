import { type Command, Option } from 'commander';
import { instantFlag, type StoreFlags, withStore } from './flags.ts';

export const ASSET_CLASSES = ['CRYPTO', 'FX', 'METAL', 'EQUITY'] as const;

export interface AddInstrumentFlags extends StoreFlags {
  readonly class?: (typeof ASSET_CLASSES)[number];
  readonly tick?: string;
  readonly lot?: string;
  readonly minNotional?: string;
  readonly unitsPerStandardLot?: string;
  readonly contractValue?: string;
  readonly makerBps?: string;
  readonly takerBps?: string;
  readonly validFrom?: number;
  readonly correction?: string;
}

const HELP =
  '\nWhat is left out is usual for the class, or as it is now for an instrument that is known. What was said before is\n' +
  'kept: terms from an earlier time on than the newest need --correction with the reason.';

export function addInstruments(data: Command): void {
  const instruments = data
    .command('instruments')
    .description('The instruments that this machine knows, and on which terms.');
  withStore(instruments.command('list', { isDefault: true }).description('List them.')).action(
    async (flags: StoreFlags) => (await import('./run-instruments.ts')).runListInstruments(flags),
  );
  withStore(
    instruments
      .command('add <name>')
      .description('Add an instrument such as BTC/USDT, or other terms of a known one.'),
  )
    .addOption(new Option('--class <class>', 'of a new one').choices(ASSET_CLASSES))
    .option('--tick <price>', 'smallest step of the price')
    .option('--lot <quantity>', 'smallest step of the quantity')
    .option('--min-notional <amount>', 'smallest order, in the quote currency')
    .option('--units-per-standard-lot <n>', 'base units that people call one lot')
    .option('--contract-value <n>', 'base units in one contract')
    .option('--maker-bps <n>', 'fee of resting orders, in hundredths of a percent')
    .option('--taker-bps <n>', 'fee of orders that take, in hundredths of a percent')
    .option('--valid-from <time>', 'since when; always, when left out', instantFlag('--valid-from'))
    .option('--correction <reason>', 'why what was said before about that time is wrong')
    .addHelpText('after', HELP)
    .action(async (name: string, flags: AddInstrumentFlags) =>
      (await import('./run-instruments.ts')).runAddInstrument(name, flags),
    );
}
