import { existsSync, mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { finishRestore, placesIn } from './backup/finish-restore.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import type { Database, PgliteOptions } from './database.ts';
import { describeError } from './describe-error.ts';
import { lockDirectory } from './directory-lock.ts';
import { pglitePool } from './pglite-pool.ts';

/**
 * The embedded database. It takes its own lock, because PGlite takes none and two of them on one
 * directory destroy it; that is also why reading needs the directory to itself.
 */
export async function openPglite(options: PgliteOptions): Promise<Database> {
  const { dataDir, readOnly = false } = options;
  const { database: files, mark } = placesIn(dataDir);
  if (readOnly && !existsSync(files) && !existsSync(mark)) {
    throw new DatabaseUnavailable(
      `There is no database in ${dataDir}, so there is nothing to read.`,
    );
  }
  const unlock = claim(dataDir, readOnly);
  try {
    finishRestore(dataDir);
    const engine = await PGlite.create(files);
    const session = pglitePool(engine);
    const { pool } = session;
    if (readOnly) await pool.query('SET default_transaction_read_only = on');
    return {
      kind: 'pglite',
      pool,
      readOnly,
      get fault() {
        return session.over;
      },
      async close() {
        await pool.end();
        if (session.over === undefined) await engine.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw new DatabaseUnavailable(
      `The database in ${dataDir} cannot be opened: ${describeError(error)}; if its files are damaged, put a backup back with "plimsoll restore"`,
      { cause: error },
    );
  }
}

function claim(dataDir: string, readOnly: boolean): () => void {
  const advice = readOnly
    ? '; the embedded database cannot be read beside it, so stop that first, or use a PostgreSQL server'
    : '; stop that first, or use another directory';
  try {
    mkdirSync(dataDir, { recursive: true });
    return lockDirectory(dataDir, advice);
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(
      `The directory ${dataDir} cannot be written: ${describeError(error)}`,
      { cause: error },
    );
  }
}
