import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { Database } from '../../ledger/database.ts';

/**
 * Forgets the stored threads of cycles that are over: one that failed, or ended as its process did,
 * leaves its thread behind. What agents remembered is for waking them; the journal is the record.
 * Returns how many were forgotten.
 */
export async function forgetThreads(
  database: Database,
  checkpointer: () => Promise<BaseCheckpointSaver>,
  isOver: (threadId: string) => boolean,
): Promise<number> {
  // The saver's own list would bring along everything that every thread remembers.
  const { rows } = await database.pool.query<{ thread: string }>(
    `SELECT thread_id AS thread FROM checkpoints
     UNION SELECT thread_id FROM checkpoint_blobs UNION SELECT thread_id FROM checkpoint_writes`,
  );
  const over = rows.map(({ thread }) => thread).filter(isOver);
  if (over.length === 0) return 0;
  const saver = await checkpointer();
  for (const thread of over) await saver.deleteThread(thread);
  return over.length;
}
