import type { Command } from 'commander';
import type { StrategyView } from '../../api/views.ts';
import { type ConnectFlags, connect, withServer } from '../connect.ts';
import { amount, printJson, printLine, printTable } from '../output.ts';
import { askPasswords } from '../passwords.ts';

import type { CatalogFlags } from './catalog.ts';

interface PersonFlags extends ConnectFlags {
  readonly as: string;
  readonly reason: string;
}

const PASSWORD_HELP =
  '\nThe password is asked for on a terminal; else it is the first line of standard input.';

const DISABLE_HELP =
  '\nNo password: toward safety is always one step. What it holds keeps its stops and targets.';

export function addStrategies(program: Command): void {
  const strategies = program
    .command('strategies')
    .description('The strategies there are, and how those of the Plimsoll that is running stand.');
  withServer(strategies.command('list', { isDefault: true }).description('List them.')).action(
    list,
  );
  strategies
    .command('catalog [id]')
    .description('What comes with Plimsoll and what can be set about it; needs no server.')
    .option('--json', 'print one JSON object', false)
    .action(async (id: string | undefined, flags: CatalogFlags) =>
      (await import('./catalog.ts')).showCatalog(id, flags),
    );
  withServer(
    strategies
      .command('enable <id>')
      .description('Switch one on again that its losses switched off, as a named person.')
      .requiredOption('--as <name>', 'the operator who does it')
      .requiredOption('--reason <text>', 'why, recorded for good')
      .addHelpText('after', PASSWORD_HELP),
  ).action(enable);
  withServer(
    strategies
      .command('disable <id>')
      .description('Switch one off, as a named person: it opens nothing new from then on.')
      .requiredOption('--as <name>', 'who does it')
      .requiredOption('--reason <text>', 'why, recorded for good')
      .addHelpText('after', DISABLE_HELP),
  ).action(disable);
}

async function list(flags: ConnectFlags): Promise<void> {
  const { strategies, account } = await (await connect(flags)).state();
  if (flags.json) return printJson({ strategies });
  printTable(
    ['id', 'standing', '>losses in a row', `>today in ${account.currency}`, 'because'],
    strategies.map(rowOf),
  );
}

const rowOf = (strategy: StrategyView): string[] => [
  strategy.id,
  strategy.enabled ? 'on' : 'OFF',
  `${strategy.lossStreak} of ${strategy.lossStreakMax}`,
  amount(strategy.dayResult, 2),
  strategy.because ?? '',
];

async function enable(id: string, flags: PersonFlags): Promise<void> {
  const client = await connect(flags);
  const { as: name, reason } = flags;
  const [password = ''] = await askPasswords([{ label: `Password of ${name}`, isNew: false }]);
  const result = await client.enableStrategy(id, { name, password, reason });
  if (flags.json) printJson(result);
  else printLine(result.sentence);
}

async function disable(id: string, flags: PersonFlags): Promise<void> {
  const { as: name, reason } = flags;
  const result = await (await connect(flags)).disableStrategy(id, { name, reason });
  if (flags.json) printJson(result);
  else printLine(result.sentence);
}
