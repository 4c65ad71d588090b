/**
 * A backup into an embedded database. It is put together beside the one in place and proven there; only
 * then do the two change places, in steps of which each can be the last.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockDirectory } from '../directory-lock.ts';
import { openPglite } from '../pglite-database.ts';
import type { BackupHeader } from './format.ts';
import { finishRestore, placesIn } from './finish-restore.ts';
import { rebuild, type RestoreOrder } from './rebuild.ts';
import { sync, syncTree } from './sync.ts';

export interface Restored {
  readonly backup: BackupHeader;
  /** Where the database that was in place is now, undefined when there was none. */
  readonly before: string | undefined;
}

/**
 * Replaces the database in `dataDir`, and keeps the old one beside it. Until the last moment the old one
 * is not touched, whatever happens. Rejects with `DatabaseUnavailable` while a Plimsoll uses it, and
 * with `BackupUnusable` or `BackupDamaged`.
 */
export async function restoreDirectory(
  dataDir: string,
  atMs: number,
  order: RestoreOrder,
): Promise<Restored> {
  await mkdir(dataDir, { recursive: true });
  const unlock = lockDirectory(dataDir, '; stop that first');
  try {
    finishRestore(dataDir);
    const { staging } = placesIn(dataDir);
    await rm(staging, { recursive: true, force: true });
    try {
      const backup = await buildIn(staging, order);
      return { backup, before: await changePlaces(dataDir, atMs) };
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw error;
    }
  } finally {
    unlock();
  }
}

async function buildIn(staging: string, order: RestoreOrder): Promise<BackupHeader> {
  const database = await openPglite({ dataDir: staging });
  try {
    return await rebuild(database, 'public', order);
  } finally {
    await database.close();
  }
}

/** From the moment the mark is there, a restore that is cut off is finished by the next opening. */
async function changePlaces(dataDir: string, atMs: number): Promise<string | undefined> {
  const { database, staging, staged, mark } = placesIn(dataDir);
  await syncTree(staged);
  await writeFile(mark, '');
  await sync(mark);
  await sync(staging);
  const before = existsSync(database) ? asideIn(dataDir, atMs) : undefined;
  if (before !== undefined) await rename(database, before);
  await sync(dataDir);
  finishRestore(dataDir);
  await sync(dataDir);
  return before;
}

const asideIn = (dataDir: string, atMs: number): string => {
  const at = new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return join(dataDir, `pglite.before-restore-${at}`);
};
