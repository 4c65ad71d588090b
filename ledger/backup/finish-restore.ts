import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Places {
  /** The embedded database itself. */
  readonly database: string;
  /** Where a restored one is put together, as a data directory of its own. */
  readonly staging: string;
  readonly staged: string;
  /** There once everything in the staging directory is proven and durable. */
  readonly mark: string;
}

export function placesIn(dataDir: string): Places {
  const staging = join(dataDir, 'restoring');
  return {
    database: join(dataDir, 'pglite'),
    staging,
    staged: join(staging, 'pglite'),
    mark: join(staging, 'proven'),
  };
}

/**
 * Ends a restore that was cut off after the old database had gone aside: without this, opening would
 * begin an empty journal in its place. One that was cut off before that never happened. For whoever
 * holds the directory's lock.
 */
export function finishRestore(dataDir: string): void {
  const { database, staging, staged, mark } = placesIn(dataDir);
  if (!existsSync(mark)) return;
  if (!existsSync(database) && existsSync(staged)) renameSync(staged, database);
  rmSync(staging, { recursive: true, force: true });
}
