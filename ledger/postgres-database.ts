import pg from 'pg';
import { ANSWER_MS_MAX, endWhenSilent } from './database-answers.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import type { Database, PostgresOptions } from './database.ts';
import { describeError } from './describe-error.ts';
import { LEASE } from './lease.ts';
import { parseServer, type Server } from './postgres-url.ts';
import { takeWriterLock, type WriterLock } from './writer-lock.ts';

/** A PostgreSQL server. Writing holds a session lock for as long as the database is open. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { readOnly = false, lease = LEASE, answerMsMax = ANSWER_MS_MAX } = options;
  const server = parseServer(options.url, { schema: options.schema, readOnly });
  const config = { connectionString: server.url, connectionTimeoutMillis: answerMsMax };
  const pool = new pg.Pool(config);
  // An idle connection that drops is replaced; one that drops in use fails its query, which is where
  // it is dealt with. Without these listeners the same news would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    endWhenSilent(client, answerMsMax);
  });
  try {
    await pool.query('SELECT 1');
    if (options.schema !== undefined && !readOnly) await makeSchema(pool, options.schema);
    const lock = readOnly ? undefined : await takeWriterLock(config, lease, answerMsMax);
    return postgresDatabase(pool, lock);
  } catch (error) {
    await pool.end();
    throw unavailable(server, error);
  }
}

/** Asked for first: making it needs a right that the application's role lacks, even where it is there. */
async function makeSchema(pool: pg.Pool, schema: string): Promise<void> {
  const { rowCount } = await pool.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount === 0) await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
}

function postgresDatabase(pool: pg.Pool, lock: WriterLock | undefined): Database {
  return {
    kind: 'postgres',
    pool,
    readOnly: lock === undefined,
    get fault() {
      return lock?.fault;
    },
    async close() {
      await pool.end();
      await lock?.release();
    },
  };
}

function unavailable(server: Server, error: unknown): DatabaseUnavailable {
  const because = server.withoutPassword(describeError(error));
  // No cause: the driver's errors may carry the whole address.
  return new DatabaseUnavailable(`PostgreSQL at ${server.name} cannot be used: ${because}`);
}
