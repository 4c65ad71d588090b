import type pg from 'pg';
import type { Lease } from './lease.ts';

export { DatabaseUnavailable } from './database-unavailable.ts';

/** One open database, by the same driver whether it is a server or embedded. */
export interface Database {
  readonly kind: 'pglite' | 'postgres';
  readonly pool: pg.Pool;
  readonly readOnly: boolean;
  /** Why this process may not write any more, or undefined while it may. */
  readonly fault: string | undefined;
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; the password is never printed. */
  readonly url: string;
  /** Where the tables are, made when absent; `public` unless told. */
  readonly schema?: string;
  /** True to read beside a writer; every write is then refused by the server. */
  readonly readOnly?: boolean;
  /** `LEASE` unless told; every writer of one database should be told the same. */
  readonly lease?: Lease;
  /** `ANSWER_MS_MAX` unless told; a server that is silent for longer is taken for gone. */
  readonly answerMsMax?: number;
}

export interface PgliteOptions {
  /** Made when absent. Holds the embedded database and its lock. */
  readonly dataDir: string;
  readonly readOnly?: boolean;
}

/**
 * Opens a PostgreSQL server by `url`, or the embedded database in `dataDir`. Opening for writing takes
 * the one writer's lock; a second writer is refused, unless the first is dead, or hangs on a server
 * for longer than its lease. Rejects with `DatabaseUnavailable`.
 *
 * The embedded database survives the death of the process, not of the power: it never syncs to disk.
 */
export async function openDatabase(options: PostgresOptions | PgliteOptions): Promise<Database> {
  // Imported when needed: a server's user should not load the embedded engine.
  if ('url' in options) return (await import('./postgres-database.ts')).openPostgres(options);
  return (await import('./pglite-database.ts')).openPglite(options);
}
