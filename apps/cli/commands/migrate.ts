import { type Command, Option } from 'commander';

export interface MigrateFlags {
  readonly ownerUrl: string;
  readonly appRole: string;
  readonly schema: string;
  readonly createRole: boolean;
  readonly json: boolean;
}

const HOW =
  '\nThe application then runs with a DATABASE_URL of that role and cannot change what was written.\n' +
  'Set its password on the server: ALTER ROLE name PASSWORD. See docs/database.md.';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description(
      'Make the tables in PostgreSQL as their owner, and grant the application the least.',
    )
    .addOption(
      new Option('--owner-url <url>', 'PostgreSQL as the role that owns the tables')
        .env('PLIMSOLL_OWNER_URL')
        .makeOptionMandatory(),
    )
    .requiredOption('--app-role <name>', 'the role that Plimsoll will run as')
    .addOption(
      new Option('--schema <name>', 'where the tables are')
        .env('DATABASE_SCHEMA')
        .default('public'),
    )
    .option('--create-role', 'make the role too, without a password', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', HOW)
    .action(async (flags: MigrateFlags) => (await import('./run-migrate.ts')).runMigrate(flags));
}
