import { hash } from 'node:crypto';
import pg from 'pg';

export interface WriterLock {
  /** Why the lock is lost, or undefined while it is held. */
  readonly fault: string | undefined;
  release(): Promise<void>;
}

/** A server may need a moment to notice that a killed predecessor is gone. */
const WAIT_MS = 2_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Takes the advisory lock of this database and schema on a connection of its own, which holds it until
 * it closes. The server gives it back when this process dies, so it is never stale.
 */
export async function takeWriterLock(config: pg.ClientConfig): Promise<WriterLock> {
  const client = new pg.Client({ ...config, keepAlive: true });
  let fault: string | undefined;
  let released = false;
  const lose = (): void => {
    if (!released) fault = 'The connection that holds the writer lock was lost.';
  };
  client.on('error', lose);
  client.on('end', lose);
  try {
    await client.connect();
    await lock(client);
  } catch (error) {
    released = true;
    await client.end();
    throw error;
  }
  return {
    get fault() {
      return fault;
    },
    async release() {
      released = true;
      await client.end();
    },
  };
}

async function lock(client: pg.Client): Promise<void> {
  await client.query(`SET lock_timeout = ${WAIT_MS}`);
  const where = await client.query<{ place: string }>(
    `SELECT current_database() || '/' || current_schema() AS place`,
  );
  try {
    await client.query('SELECT pg_advisory_lock($1)', [keyOf(where.rows[0]?.place ?? '')]);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new Error('another Plimsoll is writing to this database; stop it first, or only read.', {
      cause: error,
    });
  }
}

/** Any 64 bits do, as long as every Plimsoll comes to the same ones. */
function keyOf(place: string): string {
  const digest = hash('sha256', `plimsoll/writer\0${place}`, 'buffer');
  return digest.readBigInt64BE().toString();
}
