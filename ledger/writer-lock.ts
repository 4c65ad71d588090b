import { hash } from 'node:crypto';
import pg from 'pg';
import { endWhenSilent } from './database-answers.ts';
import { endSilentHolder, keepRenewing, type Lease } from './lease.ts';

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
 * it closes. The server gives it back when this process dies. A process that hangs dies for nobody, so
 * the holder renews its lease on that connection, and whoever finds the lease run out may end it.
 */
export async function takeWriterLock(
  config: pg.ClientConfig,
  lease: Lease,
  answerMsMax: number,
): Promise<WriterLock> {
  const client = new pg.Client({ ...config, keepAlive: true });
  endWhenSilent(client, answerMsMax);
  let fault: string | undefined;
  let released = false;
  const lose = (): void => {
    if (!released) fault = 'The connection that holds the writer lock was lost.';
  };
  client.on('error', lose);
  client.on('end', lose);
  try {
    await client.connect();
    await lock(client, lease);
    await endOtherWriters(client);
  } catch (error) {
    released = true;
    await client.end();
    throw error;
  }
  const stopRenewing = keepRenewing(client, lease.renewEveryMs);
  return {
    get fault() {
      return fault;
    },
    async release() {
      released = true;
      stopRenewing();
      await client.end();
    },
  };
}

async function lock(client: pg.Client, lease: Lease): Promise<void> {
  // A renewal that a crash of the server forgets was worth nothing: the lock is gone with it.
  await client.query(`SET lock_timeout = ${WAIT_MS}; SET synchronous_commit = off`);
  const where = await client.query<{ place: string }>(
    `SELECT current_database() || '/' || current_schema() AS place`,
  );
  const key = keyOf(where.rows[0]?.place ?? '');
  if (await tryLock(client, key)) return;
  if ((await endSilentHolder(client, key, lease.lastsMs)) && (await tryLock(client, key))) return;
  throw new Error('another Plimsoll is writing to this database; stop it first, or only read.');
}

async function tryLock(client: pg.Client, key: string): Promise<boolean> {
  try {
    await client.query('SELECT pg_advisory_lock($1)', [key]);
    return true;
  } catch (error) {
    if ((error as pg.DatabaseError).code !== LOCK_NOT_AVAILABLE) throw error;
    return false;
  }
}

/**
 * Whoever has the lock is the only one who may write, so what another left unfinished is ended. A
 * process that was stopped in the middle of a transaction would hold the journal's head for ever.
 */
async function endOtherWriters(client: pg.Client): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks
     WHERE relation = to_regclass('journal_head') AND mode IN ('RowShareLock', 'RowExclusiveLock')
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
}

/** Any 64 bits do, as long as every Plimsoll comes to the same ones. */
function keyOf(place: string): string {
  const digest = hash('sha256', `plimsoll/writer\0${place}`, 'buffer');
  return digest.readBigInt64BE().toString();
}
