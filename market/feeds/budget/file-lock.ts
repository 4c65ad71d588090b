import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import type { Outside } from '../provider.ts';
import { uniqueName } from './unique-name.ts';

/** The work takes milliseconds; a lock as old as this is nobody's, though its number is in use again. */
const HELD_MS_MAX = 10_000;
/** A number that is not in use may still be one of another container that shares the disk. */
const DEAD_MS_MIN = 250;
const RETRY_MS_MAX = 10;

interface Holder {
  readonly pid: number;
  readonly atMs: number;
}

/**
 * Does the work while no other process does work under the same lock file. The work cannot wait for
 * anything, so the lock is never held for longer than it takes to read and write a small file.
 */
export async function underLock<T>(lock: string, outside: Outside, work: () => T): Promise<T> {
  for (;;) {
    const mine = JSON.stringify({ pid: process.pid, atMs: outside.now(), id: uniqueName() });
    if (create(lock, mine)) {
      try {
        return work();
      } finally {
        if (read(lock) === mine) rmSync(lock, { force: true });
      }
    }
    const found = read(lock);
    if (found !== undefined && isStale(found, outside.now())) removeStale(lock, found);
    else await outside.sleep(1 + outside.random() * RETRY_MS_MAX, new AbortController().signal);
  }
}

/** The file appears with all its text at once, and only if no other is there. */
function create(lock: string, text: string): boolean {
  const draft = `${lock}.${uniqueName()}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function isStale(text: string, nowMs: number): boolean {
  const holder = holderOf(text);
  if (holder === undefined) return true;
  const ageMs = Math.abs(nowMs - holder.atMs);
  return ageMs > HELD_MS_MAX || (ageMs > DEAD_MS_MIN && !isRunning(holder.pid));
}

/** Two may find the same stale lock; who took a newer one away by mistake puts it back. */
function removeStale(lock: string, stale: string): void {
  const aside = `${lock}.${uniqueName()}`;
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

/** Undefined for a text that no process of ours wrote: nobody holds that. */
function holderOf(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    const { pid, atMs } = value ?? {};
    return Number.isSafeInteger(pid) && Number.isFinite(atMs)
      ? { pid: pid!, atMs: atMs! }
      : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not permitted means that it runs and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
