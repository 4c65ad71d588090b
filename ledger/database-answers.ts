/** A server that does not answer is told from one that is slow, so that nobody waits for ever. */
import type pg from 'pg';

/**
 * How long one answer may take: six times what a server on its knees needs. A commit that was not
 * answered by then may have been kept or not, so whoever sent it must not go on.
 */
export const ANSWER_MS_MAX = 30_000;
/** A goodbye changes nothing any more. */
const GOODBYE_MS_MAX = 2_000;

/**
 * Ends the connection when a question on it is not answered in time, and everything that waits on it
 * fails with that reason. What the server still does with the question, nobody hears.
 */
export function endWhenSilent(client: pg.Client, answerMsMax: number): void {
  const { connection } = client;
  const ask = client.query.bind(client) as (...question: readonly unknown[]) => unknown;
  const sayGoodbye = client.end.bind(client) as (...how: readonly unknown[]) => unknown;
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const giveUpAfter = (ms: number): void => {
    clearTimeout(timer);
    // What it waits for keeps the process alive by itself.
    timer = setTimeout(() => connection.stream.destroy(unanswered(ms)), ms).unref();
  };
  connection.on('readyForQuery', () => {
    waiting = Math.max(0, waiting - 1);
    if (waiting === 0) clearTimeout(timer);
    else giveUpAfter(answerMsMax);
  });
  connection.on('end', () => clearTimeout(timer));
  Object.assign(client, {
    query: (...question: readonly unknown[]): unknown => {
      if (waiting === 0) giveUpAfter(answerMsMax);
      waiting += 1;
      return ask(...question);
    },
    end: (...how: readonly unknown[]): unknown => {
      giveUpAfter(Math.min(answerMsMax, GOODBYE_MS_MAX));
      return sayGoodbye(...how);
    },
  });
}

const unanswered = (ms: number): Error =>
  new Error(`no answer came from PostgreSQL for ${ms / 1_000} s`);
