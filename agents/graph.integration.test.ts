import { afterAll } from 'vitest';

import { openStored, type Storage } from '../apps/storage.ts';
import { ManualClock } from '../domain/clock.ts';
import { START_MS } from '../domain/testing/samples.ts';
import { openDesk } from '../tests/support/desk.ts';
import { describePostgres, dropSchema, randomSchema } from '../tests/support/postgres.ts';
import { graphContract } from './graph.contract.ts';

describePostgres('PostgreSQL', (url) => {
  const opened: { storage: Storage; schema: string }[] = [];
  afterAll(async () => {
    for (const { storage, schema } of opened) {
      await storage.close();
      await dropSchema(url, schema);
    }
  });

  graphContract('with threads on PostgreSQL', async () => {
    const clock = new ManualClock(START_MS);
    const schema = randomSchema();
    const storage = await openStored({ kind: 'server', url, schema }, clock);
    opened.push({ storage, schema });
    const { ledger, checkpointer } = storage;
    return { desk: await openDesk({ clock, ledger }), saver: await checkpointer() };
  });
});
