import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { crashContract } from './crash.contract.ts';
import { DatabaseUnavailable, openDatabase, type Database } from './database.ts';
import { leadershipContract } from './leadership.contract.ts';
import { ledgerContract } from './ledger.contract.ts';
import { openSqlLedger } from './sql-ledger.ts';
import { sqlLedgerContract } from './sql-ledger.contract.ts';
import { tamperContract } from './tamper.contract.ts';
import { resetTables } from './testing/reset-tables.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-pglite-'));
let opened: Promise<Database> | undefined;

// The first start makes the whole cluster, which takes seconds; every suite shares it.
const open = (): Promise<Database> => (opened ??= openDatabase({ dataDir }));
const first = await open();

afterAll(async () => {
  await rm(dataDir, { recursive: true });
});

ledgerContract('PGlite', async (clock) => {
  const database = await open();
  await resetTables(database);
  return openSqlLedger({ database, clock });
});
leadershipContract('PGlite', async () => {
  const database = await open();
  await resetTables(database);
  return (clock) => openSqlLedger({ database, clock });
});
sqlLedgerContract('PGlite', open);
tamperContract('PGlite', open);

describe('PGlite: its directory', () => {
  test('is refused to a second opening in this process, also for reading', async () => {
    const again = openDatabase({ dataDir });
    await expect(again).rejects.toThrow(DatabaseUnavailable);
    await expect(again).rejects.toThrow(`${dataDir} is in use by this process`);
    const reading = openDatabase({ dataDir, readOnly: true });
    await expect(reading).rejects.toThrow('cannot be read beside it');
  });

  test('can be opened again once it was closed, for reading only if so asked', async () => {
    await resetTables(first);
    await first.close();
    opened = undefined;
    const reader = await openDatabase({ dataDir, readOnly: true });
    await expect(reader.pool.query('CREATE TABLE t ()')).rejects.toThrow('read-only');
    await reader.close();
  });
});

// Last, because the writer that is killed needs the directory for itself.
crashContract('PGlite', () => ({ dataDir }));
