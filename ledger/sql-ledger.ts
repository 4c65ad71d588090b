import { Kysely, PostgresDialect } from 'kysely';
import type { Clock } from '../domain/clock.ts';
import type { Database } from './database.ts';
import type { Ledger } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import { prepareTables } from './prepare-tables.ts';
import { thisProcessName } from './process-identity.ts';
import { SqlStore } from './sql-store.ts';
import type { Tables } from './tables.ts';

/**
 * The ledger in a database opened for writing: brings the schema up to date, takes over leadership,
 * and continues the chain where it ended. The database stays its opener's: close the ledger first, then the database.
 *
 * Rejects with `DatabaseUnavailable` when the schema cannot be made, and with `LedgerBroken` when the
 * last event and the head disagree.
 */
export async function openSqlLedger(options: {
  readonly database: Database;
  readonly clock: Clock;
}): Promise<Ledger> {
  const { database, clock } = options;
  if (database.readOnly) {
    throw new Error('the database was opened for reading only; open it for writing to append');
  }
  await prepareTables(database);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.pool }) });
  return openLedger(new SqlStore(db, database), clock, thisProcessName());
}
