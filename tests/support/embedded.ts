import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/** Somebody with the database's files and no respect for the journal. */
export async function onEmbedded(dataDir: string, sql: string): Promise<void> {
  const database = await PGlite.create(join(dataDir, 'pglite'));
  try {
    await database.exec(sql);
  } finally {
    await database.close();
  }
}
