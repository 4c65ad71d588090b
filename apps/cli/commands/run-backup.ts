import { existsSync } from 'node:fs';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import { BackupDamaged } from '../../../ledger/backup/format.ts';
import { sync } from '../../../ledger/backup/sync.ts';
import { writeBackup } from '../../../ledger/backup/write-backup.ts';
import type { Database } from '../../../ledger/database.ts';
import { backUpInto, backupsIn, pruneBackups } from '../../backups.ts';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { VERSION } from '../../version.ts';
import { atPlace } from '../audit/place.ts';
import type { ApiClient } from '../client.ts';
import { BadInput, IntegrityBroken } from '../errors.ts';
import { printJson, printLine, Progress } from '../output.ts';
import type { BackupFlags } from './backup.ts';

interface Written {
  readonly file: string;
  readonly events: number;
  readonly headHash: string;
}

export async function runBackup(flags: BackupFlags): Promise<void> {
  const { out, keep } = flags;
  if (out !== undefined && keep !== undefined) {
    throw new BadInput('--keep counts the dated backups of the data directory; leave out --out');
  }
  if (out !== undefined && !existsSync(dirname(resolve(out)))) {
    throw new BadInput(`--out "${out}": there is no folder ${dirname(resolve(out))}`);
  }
  const written = await atPlace(flags, {
    served: (server) => served(server, out),
    stored: (database) => stored(database, flags),
  });
  const deleted = keep === undefined ? [] : await pruneBackups(dirname(written.file), keep);
  const { size: bytes } = await stat(written.file);
  if (flags.json) return printJson({ ...written, bytes, deleted });
  const events = written.events.toLocaleString('en');
  printLine(`${pc.green('backed up')}  ${events} events, ${bytes.toLocaleString('en')} bytes`);
  printLine(`           ${written.file}`);
  printLine(pc.dim(`           head ${written.headHash}`));
  for (const name of deleted) printLine(pc.dim(`           deleted ${name}`));
}

/** The process that holds an embedded database writes the backup, where it writes everything else. */
async function served(server: ApiClient, out: string | undefined): Promise<Written> {
  const { path, events, headHash } = await server.backup();
  const file = out === undefined ? path : resolve(out);
  if (file !== path) await move(path, file);
  return { file, events, headHash };
}

async function stored(database: Database, { dataDir, out }: BackupFlags): Promise<Written> {
  let progress: Progress | undefined;
  const onProgress = (events: number, of: number): void => {
    progress ??= new Progress('backing up', of);
    progress.update(events);
  };
  const atMs = Date.now();
  try {
    const { file, head } =
      out === undefined
        ? await backUpInto(backupsIn(dataDir ?? DEFAULT_DATA_DIR), database, atMs, onProgress)
        : await writeBackup(database, { file: resolve(out), version: VERSION, atMs, onProgress });
    return { file, events: head.seq, headHash: head.hash };
  } catch (error) {
    throw error instanceof BackupDamaged ? new IntegrityBroken(error.message) : error;
  } finally {
    progress?.clear();
  }
}

/** Onto another disk it is copied first, so that its own name never stands for half of it. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const draft = `${to}.${process.pid}.partial`;
    await copyFile(from, draft);
    await sync(draft);
    await rename(draft, to);
    await rm(from);
  }
  await sync(dirname(to));
}
