/** Where backups are kept, how they are named, and which of them are kept. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { backupName, backupNamed, backupsToDelete } from '../ledger/backup/retention.ts';
import {
  type BackupOrder,
  type BackupReceipt,
  writeBackup,
} from '../ledger/backup/write-backup.ts';
import type { Database } from '../ledger/database.ts';
import { VERSION } from './version.ts';

export const backupsIn = (home: string): string => join(home, 'backups');

/** Into a folder that is made when absent, under a whole path that says when: whoever asked may stand elsewhere. */
export async function backUpInto(
  folder: string,
  database: Database,
  atMs: number,
  onProgress: BackupOrder['onProgress'] = () => {},
): Promise<BackupReceipt> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(resolve(folder), backupName(atMs));
  return writeBackup(database, { file, version: VERSION, atMs, onProgress });
}

/** Deletes what `backupsToDelete` chooses among the backups of a folder, and returns their names. */
export async function pruneBackups(folder: string, days: number): Promise<readonly string[]> {
  const files = (await readdir(folder)).flatMap((name) => backupNamed(name) ?? []);
  const old = backupsToDelete(files, days).map(({ name }) => name);
  for (const name of old) await rm(join(folder, name));
  return old;
}
