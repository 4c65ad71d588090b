import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Tables } from '../tables.ts';
import { journal } from './0001-journal.ts';
import { operators } from './0002-operators.ts';
import { leadership } from './0003-leadership.ts';
import { proofs } from './0004-proofs.ts';
import { journalKeep } from './0005-journal-keep.ts';

/** Run in the order of their names; a name once released never changes. */
const MIGRATIONS = {
  '0001-journal': journal,
  '0002-operators': operators,
  '0003-leadership': leadership,
  '0004-proofs': proofs,
  '0005-journal-keep': journalKeep,
};

/** Names of the migrations, in their order. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

/** Brings the current schema up to date. Throws what the failing migration threw. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  // Without a schema of its own the migrator would find its table in any schema of the database.
  const found = await sql<{ schema: string }>`SELECT current_schema() AS schema`.execute(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableSchema: found.rows[0]?.schema ?? 'public',
    migrationTableName: 'ledger_migration',
    migrationLockTableName: 'ledger_migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
