/**
 * Where the journal is asked: the embedded database belongs to one process, so a running server answers
 * for its own; a PostgreSQL server, or a database that nobody has open, is read directly.
 */
import type { Database } from '../../../ledger/database.ts';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { locate, openForReading, type StoredLocation } from '../../storage.ts';
import { ApiClient } from '../client.ts';
import type { PlaceFlags } from '../commands/audit.ts';
import { findServer } from '../running-server.ts';

export interface Places<T> {
  readonly served: (server: ApiClient, location: StoredLocation) => Promise<T>;
  readonly stored: (database: Database, location: StoredLocation) => Promise<T>;
}

export async function atPlace<T>({ dataDir }: PlaceFlags, places: Places<T>): Promise<T> {
  const location = locate(dataDir, { kind: 'directory', dataDir: DEFAULT_DATA_DIR } as const);
  if (location.kind === 'directory') {
    const server = await findServer(location.dataDir);
    if (server !== undefined) return places.served(new ApiClient(server.url), location);
  }
  const database = await openForReading(location);
  try {
    return await places.stored(database, location);
  } finally {
    await database.close();
  }
}
