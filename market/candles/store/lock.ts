import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { isAlive, type ProcessIdentity, thisProcess } from '../../../ledger/process-identity.ts';

const LOCK = 'lock';

/** Does something that nobody else may do in the folder meanwhile. Throws a sentence when somebody is. */
export function whileLocked<T>(folder: string, work: () => T): T {
  const lock = join(folder, LOCK);
  // No other thread of any process has the name, and this one does one thing at a time.
  const aside = `${lock}.${process.pid}.${threadId}`;
  take(lock, aside, folder);
  try {
    return work();
  } finally {
    rmSync(lock);
  }
}

function take(lock: string, aside: string, folder: string): void {
  for (;;) {
    // A link appears with all its text at once, and only where nothing is.
    writeFileSync(aside, JSON.stringify(thisProcess()));
    const taken = unless('EEXIST', () => linkSync(aside, lock));
    rmSync(aside);
    if (taken) return;
    let found = '';
    if (!unless('ENOENT', () => (found = readFileSync(lock, 'utf8')))) continue;
    const holder = holderOf(found);
    if (holder !== undefined && isAlive(holder)) {
      throw new Error(
        `the candles in ${folder} are being written by process ${holder.pid}; try again when it is done`,
      );
    }
    removeDead(lock, aside, found);
  }
}

/** Somebody else may have removed it and taken the lock since it was read: that one is put back. */
function removeDead(lock: string, aside: string, dead: string): void {
  if (!unless('ENOENT', () => renameSync(lock, aside))) return;
  if (readFileSync(aside, 'utf8') !== dead) unless('EEXIST', () => linkSync(aside, lock));
  rmSync(aside);
}

/** False when the one failure came that was to be expected. */
function unless(code: string, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}

/** Undefined for text that no process of ours wrote: nobody holds that. */
function holderOf(text: string): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(text) as ProcessIdentity | null;
    return Number.isSafeInteger(value?.pid) ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
