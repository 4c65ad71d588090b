import type { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { DatabaseUnavailable } from './database-unavailable.ts';

export interface PglitePool {
  readonly pool: pg.Pool;
  /** Why the engine is over, or undefined while it works; it must not even be closed then. */
  readonly over: string | undefined;
}

/** What an engine says last: a server's process would be started anew after it, this one can not be. */
const LAST_WORDS: readonly unknown[] = ['FATAL', 'PANIC'];

/**
 * A pool of the one session that PGlite has.
 *
 * pg throws a client away after a failed query, or after ten idle seconds, and makes a new one; on
 * PGlite both would sit on the same session, and every later query would fail or hang. So the client
 * lives as long as the pool, and is never released with an error.
 */
export function pglitePool(database: PGlite): PglitePool {
  const engine = untilOver(database);
  const pool = new pg.Pool({
    ...createPgConfig(database),
    max: 1,
    idleTimeoutMillis: 0,
    maxLifetimeSeconds: 0,
  });
  // Whoever asked hears of it; without these the same news would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const checkOut = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;

  const connect = async (): Promise<pg.PoolClient> => {
    engine.assertWorks();
    const client = await checkOut();
    const release = client.release.bind(client);
    client.release = () => release();
    return client;
  };
  const query = async (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
    const client = await connect();
    try {
      return await client.query(text, values);
    } finally {
      client.release();
    }
  };
  return {
    pool: Object.assign(pool, { connect, query }),
    get over() {
      return engine.over;
    },
  };
}

/**
 * Nothing reaches the engine any more once it has said its last words: it leaves the answer out, and
 * spins for ever on whatever is asked next.
 */
function untilOver(database: PGlite): {
  readonly over: string | undefined;
  readonly assertWorks: () => void;
} {
  let over: string | undefined;
  const assertWorks = (): void => {
    if (over !== undefined) throw new DatabaseUnavailable(over);
  };
  const ask = database.execProtocolStream.bind(database);
  const execProtocolStream: typeof ask = async (...question) => {
    assertWorks();
    const messages = await ask(...question);
    const last = messages.find(
      (message) => 'severity' in message && LAST_WORDS.includes(message.severity),
    );
    if (last !== undefined) over = `PGlite gave up: ${(last as pg.DatabaseError).message}`;
    assertWorks();
    return messages;
  };
  Object.assign(database, { execProtocolStream });
  return {
    get over() {
      return over;
    },
    assertWorks,
  };
}
