import type { Command } from 'commander';

export interface RestoreFlags {
  readonly dataDir?: string;
  readonly json: boolean;
}

const HOW =
  '\nEverything is proven before anything is replaced; the database that was in place stays beside the new\n' +
  'one. Into PostgreSQL: DATABASE_URL of the owner of the tables, DATABASE_SCHEMA of an empty schema.\n' +
  'Exit 2: no backup, or none for this Plimsoll. Exit 3: a backup that does not hold.';

export function addRestore(program: Command): void {
  program
    .command('restore <file>')
    .description('Put a backup in the place of an embedded database, or into an empty schema.')
    .option('--data-dir <dir>', 'the directory of the embedded database; else DATABASE_URL')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', HOW)
    .action(async (file: string, flags: RestoreFlags) =>
      (await import('./run-restore.ts')).runRestore(file, flags),
    );
}
