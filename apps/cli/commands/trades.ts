import type { Command } from 'commander';
import type { CostMethod } from '../../../ledger/trades/lots.ts';
import { type ConnectFlags, withServer } from '../connect.ts';
import { BadInput } from '../errors.ts';
import { wholeNumber } from '../options.ts';
import { type SourceFlags, withSource } from '../trades/source-flags.ts';

export interface ListFlags extends SourceFlags {
  readonly last: number;
}

export interface NoteFlags extends ConnectFlags {
  readonly as: string;
}

export interface ExportFlags extends SourceFlags {
  readonly method: CostMethod;
  readonly out: string;
  readonly year?: number;
  readonly force: boolean;
}

const LIST_HELP =
  '\nR is the result in multiples of what the stop would have lost. Slippage above zero is a cost.';
const NOTE_HELP =
  '\nA Plimsoll must be running on the journal. No password: a note changes nothing but what is remembered.';
const EXPORT_HELP =
  '\nOne row for each disposal; what is still held goes beside it: trades.csv has trades-open-lots.csv.\n' +
  'A fee raises the cost of what is bought and lowers the proceeds of what is sold.';

export function addTrades(program: Command): void {
  const trades = program
    .command('trades')
    .description('The journal of trades: what was planned, what was done, what came of it.');
  withSource(trades.command('list', { isDefault: true }).description('List them, newest first.'))
    .option('--last <n>', 'how many', wholeNumber('--last', 1, 500), 20)
    .addHelpText('after', LIST_HELP)
    .action(async (flags: ListFlags) => (await import('./run-trades.ts')).listTrades(flags));
  withSource(trades.command('show <id>').description('Everything that is known of one.')).action(
    async (id: string, flags: SourceFlags) =>
      (await import('./run-trades.ts')).showTrade(id, flags),
  );
  withServer(
    trades
      .command('note <id> <text>')
      .description('Write down what was learned from one, for good.')
      .requiredOption('--as <name>', 'who learned it')
      .addHelpText('after', NOTE_HELP),
  ).action(async (id: string, note: string, flags: NoteFlags) =>
    (await import('./run-trades.ts')).noteTrade(id, note, flags),
  );
  withSource(trades.command('export').description('Gains and cost basis as CSV, for accountants.'))
    .requiredOption('--method <which>', 'fifo or average', methodOf)
    .requiredOption('--out <file>', 'where to write it')
    .option('--year <yyyy>', 'only what was closed in it (UTC)', wholeNumber('--year', 1970, 9998))
    .option('--force', 'replace files that are there', false)
    .addHelpText('after', EXPORT_HELP)
    .action(async (flags: ExportFlags) => (await import('./run-trades.ts')).runExport(flags));
}

function methodOf(value: string): CostMethod {
  if (value === 'fifo') return 'FIFO';
  if (value === 'average') return 'AVERAGE';
  throw new BadInput(`--method "${value}" must be fifo or average`);
}
