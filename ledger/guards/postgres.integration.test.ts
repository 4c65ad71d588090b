import { afterAll, expect, test } from 'vitest';
import { ManualClock } from '../../domain/clock.ts';
import {
  describePostgres,
  dropSchema,
  onServer,
  randomSchema,
} from '../../tests/support/postgres.ts';
import { type Database, openDatabase } from '../database.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { resetTables } from '../testing/reset-tables.ts';
import { START_MS } from '../testing/samples.ts';
import { guardsContract } from './guards.contract.ts';
import { guardFaults } from './guards.ts';

describePostgres('PostgreSQL', (url) => {
  const schema = randomSchema();
  let opened: Promise<Database> | undefined;
  const open = (): Promise<Database> => (opened ??= openDatabase({ url, schema }));
  afterAll(async () => {
    await (await opened)?.close();
    await dropSchema(url, schema);
  });

  guardsContract('PostgreSQL', open);

  test('names a role for which triggers would not fire', async () => {
    const database = await open();
    await resetTables(database);
    await openSqlLedger({ database, clock: new ManualClock(START_MS) });
    await onServer(url, async (client) => {
      await client.query(`CREATE ROLE ${schema}`);
      try {
        await client.query(`ALTER ROLE ${schema} SET session_replication_role = replica`);
        expect(await guardFaults(database)).toEqual([
          `session_replication_role is set for ${schema} in every database.`,
        ]);
      } finally {
        await client.query(`DROP ROLE ${schema}`);
      }
    });
  });

  test('cannot be seen from outside a session that switched them off for itself', async () => {
    const database = await open();
    await onServer(url, async (client) => {
      await client.query('SET session_replication_role = replica');
      expect(await guardFaults(database)).toEqual([]);
    });
  });
});
