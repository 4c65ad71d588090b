import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { DatabaseUnavailable, type Database } from './database.ts';
import { describeError } from './describe-error.ts';
import { migrate, MIGRATION_NAMES } from './migrations/migrate.ts';
import type { Tables } from './tables.ts';

/** A right is missing, or the right to see the schema at all. */
const NOT_PERMITTED: readonly unknown[] = ['42501', '3F000'];

/**
 * Makes the journal's tables, or brings them up to date. Where they are, nothing is touched: the role
 * that writes the journal may not change its tables, and need not. Rejects with `DatabaseUnavailable`.
 */
export async function prepareTables(database: Database): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.pool }) });
  try {
    const done = await migrationsDone(database.pool);
    const unknown = done.find((name) => !MIGRATION_NAMES.includes(name));
    if (unknown !== undefined) {
      throw new Error(`they were made by a newer Plimsoll (${unknown}), so use that`);
    }
    if (done.length < MIGRATION_NAMES.length) await migrate(db);
  } catch (error) {
    throw new DatabaseUnavailable(`The journal's tables cannot be made: ${whyNotMade(error)}`, {
      cause: error,
    });
  }
}

/** Names of the migrations that the current schema has seen; none where it has no tables. */
export async function migrationsDone(
  database: Pick<pg.Pool | pg.PoolClient, 'query'>,
): Promise<readonly string[]> {
  const { rows: tables } = await database.query(
    `SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'ledger_migration'`,
  );
  if (tables.length === 0) return [];
  const { rows } = await database.query<{ name: string }>(
    'SELECT name FROM ledger_migration ORDER BY name',
  );
  return rows.map(({ name }) => name);
}

/** What to do about a right that is missing is the same whoever makes the tables. */
export const whyNotMade = (error: unknown): string =>
  NOT_PERMITTED.includes((error as { readonly code?: unknown }).code)
    ? `${describeError(error)}; run "plimsoll migrate" as their owner`
    : describeError(error);
