/** An owner of tables and a role that may only use them, on a real server. */
import pg from 'pg';
import { onServer } from '../../tests/support/postgres.ts';
import type { Database } from '../database.ts';

/** The address of `server` for another role; the server must trust it. */
export function urlAs(server: string, role: string): string {
  const url = new URL(server);
  url.username = role;
  url.password = '';
  return url.href;
}

/** A database without the writer's lock, for whoever owns the tables of one that writes. */
export function unlocked(server: string, schema: string): Database {
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${schema}`);
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  return { kind: 'postgres', pool, readOnly: false, fault: undefined, close: () => pool.end() };
}

export const makeRole = (server: string, role: string, rights = ''): Promise<unknown> =>
  onServer(server, (client) => client.query(`CREATE ROLE ${role} LOGIN ${rights}`));

export const dropRole = (server: string, role: string): Promise<unknown> =>
  onServer(server, (client) =>
    client.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE IF EXISTS ${role}`),
  );
