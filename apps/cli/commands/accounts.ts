import type { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import type { PlaceFlags } from './audit.ts';

export interface AccountsFlags extends PlaceFlags {
  readonly json: boolean;
}

export function addAccounts(program: Command): void {
  program
    .command('accounts')
    .description('The accounts in double entry: every balance is a fold of the journal.')
    .option(
      '--data-dir <dir>',
      `the journal's directory; else DATABASE_URL, else ${DEFAULT_DATA_DIR}`,
    )
    .option('--json', 'print one JSON object', false)
    .action(async (flags: AccountsFlags) =>
      (await import('../audit/run-accounts.ts')).runAccounts(flags),
    );
}
