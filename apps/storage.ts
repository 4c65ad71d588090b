/** Where the journal lives: a PostgreSQL server, the embedded database in a directory, or memory. */
import { type BaseCheckpointSaver, MemorySaver } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import type { Clock } from '../domain/clock.ts';
import { type Database, openDatabase } from '../ledger/database.ts';
import { journalPages } from '../ledger/journal-pages.ts';
import { ledgerPages } from '../ledger/ledger-pages.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { openSqlLedger } from '../ledger/sql-ledger.ts';
import { type Verification, verifyJournal } from '../ledger/verify.ts';

export type Location =
  | { readonly kind: 'memory' }
  | { readonly kind: 'directory'; readonly dataDir: string }
  | { readonly kind: 'server'; readonly url: string; readonly schema: string };

export interface Storage {
  readonly location: Location;
  readonly ledger: Ledger;
  readonly checkpointer: BaseCheckpointSaver;
  /** Checks every link of the journal, from the stored rows where it is stored. */
  verify(): Promise<Verification>;
  close(): Promise<void>;
}

/**
 * A directory that was named wins; then `DATABASE_URL` (with `DATABASE_SCHEMA`, else `public`); then
 * what the command falls back to.
 */
export function locate(dataDir: string | undefined, fallback: Location): Location {
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

export async function openStorage(location: Location, clock: Clock): Promise<Storage> {
  if (location.kind === 'memory') {
    const ledger = memoryLedger({ clock });
    return {
      location,
      ledger,
      checkpointer: new MemorySaver(),
      verify: () => verifyJournal(ledgerPages(ledger)),
      close: () => ledger.close(),
    };
  }
  const database = await openDatabase(location);
  try {
    const ledger = await openSqlLedger({ database, clock });
    const checkpointer = new PostgresSaver(database.pool, undefined, {
      schema: schemaOf(location),
    });
    await checkpointer.setup();
    return {
      location,
      ledger,
      checkpointer,
      async verify() {
        await ledger.flush();
        return verifyJournal(journalPages(database));
      },
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

/** Opens a stored journal for reading alone, beside its writer where the engine allows it. */
export function openForReading(location: Exclude<Location, { kind: 'memory' }>): Promise<Database> {
  return openDatabase({ ...location, readOnly: true });
}

const schemaOf = (location: Location): string =>
  location.kind === 'server' ? location.schema : 'public';

function hostOf(url: string): string {
  try {
    return new URL(url).host || 'the local socket';
  } catch {
    return 'an address that cannot be read';
  }
}
