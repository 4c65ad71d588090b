/** Where the journal lives: a PostgreSQL server, the embedded database in a directory, or memory. */
import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import type { Clock } from '../domain/clock.ts';
import { type Database, DatabaseUnavailable, openDatabase } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { prepareTables, whyNotMade } from '../ledger/prepare-tables.ts';
import { openSqlLedger } from '../ledger/sql-ledger.ts';

export type Location =
  | { readonly kind: 'memory' }
  | { readonly kind: 'directory'; readonly dataDir: string }
  | { readonly kind: 'server'; readonly url: string; readonly schema: string };

/** Where something is kept. */
export type StoredLocation = Exclude<Location, { readonly kind: 'memory' }>;

export interface Storage {
  readonly location: Location;
  readonly ledger: Ledger;
  /** What sleeping threads are kept in, loaded with its library when it is needed. */
  readonly checkpointer: () => Promise<BaseCheckpointSaver>;
  close(): Promise<void>;
}

/** Storage that outlives the process. */
export interface Stored extends Storage {
  readonly location: StoredLocation;
  readonly database: Database;
}

/**
 * A directory that was named wins; then `DATABASE_URL` (with `DATABASE_SCHEMA`, else `public`); then
 * what the command falls back to.
 */
export function locate<Fallback extends Location>(
  dataDir: string | undefined,
  fallback: Fallback,
): StoredLocation | Fallback {
  if (dataDir !== undefined) return { kind: 'directory', dataDir };
  const url = process.env['DATABASE_URL'];
  if (url === undefined || url === '') return fallback;
  return { kind: 'server', url, schema: process.env['DATABASE_SCHEMA'] ?? 'public' };
}

/** How a location is named to people; a server's password is not part of it. */
export function describeLocation(location: Location): string {
  switch (location.kind) {
    case 'memory':
      return 'memory (nothing is kept)';
    case 'directory':
      return `${location.dataDir} (embedded PostgreSQL)`;
    case 'server':
      return `PostgreSQL at ${hostOf(location.url)}, schema ${location.schema}`;
  }
}

/** Gone with the process. */
export function openMemory(clock: Clock): Storage {
  const ledger = memoryLedger({ clock });
  return {
    location: { kind: 'memory' },
    ledger,
    checkpointer: once(async () => {
      const { MemorySaver } = await import('@langchain/langgraph');
      return new MemorySaver();
    }),
    close: () => ledger.close(),
  };
}

/** Opens for writing. Rejects with `DatabaseUnavailable`, and with `LedgerBroken`. */
export async function openStored(location: StoredLocation, clock: Clock): Promise<Stored> {
  const database = await openDatabase(location);
  try {
    const ledger = await openSqlLedger({ database, clock });
    const checkpointer = saverOn(database, schemaOf(location));
    await prepareCheckpoints(database, checkpointer);
    return {
      location,
      ledger,
      checkpointer,
      database,
      async close() {
        try {
          await ledger.close();
        } finally {
          await database.close();
        }
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Every table of ours, made or brought up to date; nothing else is touched. */
export async function prepareStorage(database: Database, schema: string): Promise<void> {
  await prepareTables(database);
  await prepareCheckpoints(database, saverOn(database, schema));
}

const saverOn = (database: Database, schema: string): (() => Promise<PostgresSaver>) =>
  once(async () => {
    const saver = await import('@langchain/langgraph-checkpoint-postgres');
    return new saver.PostgresSaver(database.pool, undefined, { schema });
  });

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined;
  return () => (opening ??= open());
}

/** What `setup` of the pinned saver leaves in `checkpoint_migrations`. */
const CHECKPOINT_MIGRATION = 4;

/** Its own set-up wants to make the schema even where it is there, which only an owner may. */
async function prepareCheckpoints(
  database: Database,
  saver: () => Promise<PostgresSaver>,
): Promise<void> {
  const { rows: tables } = await database.pool.query(
    `SELECT FROM pg_tables
     WHERE schemaname = current_schema() AND tablename = 'checkpoint_migrations'`,
  );
  if (tables.length > 0) {
    const done = await database.pool.query('SELECT FROM checkpoint_migrations WHERE v >= $1', [
      CHECKPOINT_MIGRATION,
    ]);
    if (done.rows.length > 0) return;
  }
  try {
    await (await saver()).setup();
  } catch (error) {
    throw new DatabaseUnavailable(`The agents' tables cannot be made: ${whyNotMade(error)}`, {
      cause: error,
    });
  }
}

/** Opens a stored journal for reading alone, beside its writer where the engine allows it. */
export function openForReading(location: StoredLocation): Promise<Database> {
  return openDatabase({ ...location, readOnly: true });
}

const schemaOf = (location: StoredLocation): string =>
  location.kind === 'server' ? location.schema : 'public';

function hostOf(url: string): string {
  try {
    return new URL(url).host || 'the local socket';
  } catch {
    return 'an address that cannot be read';
  }
}
