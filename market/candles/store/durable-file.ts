import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Drafts end with it; what a crash left of them may be removed by whoever holds the lock. */
export const DRAFT = '.part';

/**
 * A file that is there whole or not at all: it takes its name once every byte is on the disk. KEEP throws
 * `EEXIST` where something has the name already.
 */
export function writeWhole(
  path: string,
  pieces: Iterable<Uint8Array>,
  existing: 'REPLACE' | 'KEEP',
): void {
  const draft = `${path}.${process.pid}${DRAFT}`;
  try {
    writeDraft(draft, pieces);
    if (existing === 'REPLACE') renameSync(draft, path);
    else linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(path));
}

function writeDraft(draft: string, pieces: Iterable<Uint8Array>): void {
  const file = openSync(draft, 'w');
  try {
    for (const piece of pieces) writeAll(file, piece);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The system may take less than it is given. */
function writeAll(file: number, piece: Uint8Array): void {
  for (let done = 0; done < piece.length;) done += writeSync(file, piece, done);
}

/** The name is a part of the folder, which has to reach the disk too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
