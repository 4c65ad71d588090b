import { emptyCheckpoint } from '@langchain/langgraph';
import { afterAll, expect, test } from 'vitest';
import { ManualClock } from '../../domain/clock.ts';
import { describePostgres, dropSchema, randomSchema } from '../../tests/support/postgres.ts';
import { openStored } from '../storage.ts';
import { forgetThreads } from './forget-threads.ts';

describePostgres('threads of the agents', (url) => {
  const schema = randomSchema();
  afterAll(() => dropSchema(url, schema));

  test('are forgotten when their cycle is over, and no others', async () => {
    const location = { kind: 'server', url, schema } as const;
    const { database, checkpointer, close } = await openStored(location, new ManualClock(0));
    for (const thread_id of ['failed', 'asleep']) {
      const place = { configurable: { thread_id, checkpoint_ns: '' } };
      const metadata = { source: 'input', step: 0, parents: {} } as const;
      const saver = await checkpointer();
      const kept = await saver.put(place, emptyCheckpoint(), metadata, {});
      await saver.putWrites(kept, [['channel', 'text']], 'task');
    }
    await database.pool.query(
      `INSERT INTO checkpoint_blobs VALUES ('torn', '', 'channel', '1', 'empty', NULL)`,
    );
    const isOver = (thread: string): boolean => thread !== 'asleep';
    expect(await forgetThreads(database, checkpointer, isOver)).toBe(2);
    expect(await forgetThreads(database, checkpointer, isOver)).toBe(0);
    const { rows } = await database.pool.query(
      'SELECT thread_id FROM checkpoints UNION ALL SELECT thread_id FROM checkpoint_writes',
    );
    expect(rows).toEqual([{ thread_id: 'asleep' }, { thread_id: 'asleep' }]);
    await close();
  });
});
