import type { Database } from '../database.ts';
import type { BackupHeader } from './format.ts';
import { loadBackup } from './load-backup.ts';
import { type Proof, proveRestored } from './prove-restored.ts';

export interface RestoreOrder extends Proof {
  readonly file: string;
  /** Makes every table in a schema that has none. */
  readonly prepare: (database: Database, schema: string) => Promise<void>;
}

/**
 * Puts a backup together in an empty schema and proves it there. Throws `BackupUnusable` or
 * `BackupDamaged`; what is there then must not be used.
 */
export async function rebuild(
  database: Database,
  schema: string,
  order: RestoreOrder,
): Promise<BackupHeader> {
  await order.prepare(database, schema);
  const backup = await loadBackup(database, order.file, (events, of) =>
    order.onProgress('LOADING', events, of),
  );
  await proveRestored(database, backup, order);
  return backup;
}
