import type { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { wholeNumber } from '../options.ts';

export interface BackupFlags {
  readonly dataDir?: string;
  readonly out?: string;
  readonly keep?: number;
  readonly json: boolean;
}

const HOW =
  '\nWhile a Plimsoll runs it goes on trading; the backup is of one moment. It is proven as it is written,\n' +
  'and holds the whole record: keep it as you keep the database. See docs/database.md.';

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('Write the journal and everything beside it into one file.')
    .option(
      '--data-dir <dir>',
      `the journal's directory; else DATABASE_URL, else ${DEFAULT_DATA_DIR}`,
    )
    .option('--out <file>', 'instead of a dated file in the folder "backups" of the data directory')
    .option(
      '--keep <days>',
      'then delete older dated backups there, but for the newest of each of so many days',
      wholeNumber('--keep', 1, 10_000),
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', HOW)
    .action(async (flags: BackupFlags) => (await import('./run-backup.ts')).runBackup(flags));
}
