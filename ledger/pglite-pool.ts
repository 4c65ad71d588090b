import type { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';

/**
 * A pool of the one session that PGlite has.
 *
 * pg throws a client away after a failed query, or after ten idle seconds, and makes a new one; on
 * PGlite both would sit on the same session, and every later query would fail or hang. So the client
 * lives as long as the pool, and is never released with an error.
 */
export function pglitePool(database: PGlite): pg.Pool {
  const pool = new pg.Pool({
    ...createPgConfig(database),
    max: 1,
    idleTimeoutMillis: 0,
    maxLifetimeSeconds: 0,
  });
  const checkOut = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;

  const connect = async (): Promise<pg.PoolClient> => {
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
  return Object.assign(pool, { connect, query });
}
