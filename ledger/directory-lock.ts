import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { isAlive, thisProcess, type ProcessIdentity } from './process-identity.ts';

/**
 * Keeps a second process, or a second opening in this one, out of a directory. A lock whose process is
 * dead is taken over. Throws `DatabaseUnavailable` naming the directory and the process that holds it.
 *
 * Returns how to give the lock back.
 */
export function lockDirectory(directory: string, advice: string): () => void {
  const lock = join(directory, 'lock');
  const mine = JSON.stringify(thisProcess());
  for (;;) {
    if (create(lock, mine)) return () => rmSync(lock, { force: true });
    const found = read(lock);
    if (found === undefined) continue;
    const holder = holderOf(found);
    if (holder !== undefined && isAlive(holder)) {
      const who = holder.pid === process.pid ? 'this process' : `process ${holder.pid}`;
      throw new DatabaseUnavailable(`The database in ${directory} is in use by ${who}${advice}.`);
    }
    removeStale(lock, found);
  }
}

/** The file appears with all its text at once, and only if no other is there. */
function create(lock: string, text: string): boolean {
  const draft = `${lock}.${randomUUID()}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/**
 * Two processes may find the same dead lock. Whoever renames first gets it; the other finds that it
 * took a newer lock and puts that back.
 */
function removeStale(lock: string, stale: string): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, lock);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
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

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
