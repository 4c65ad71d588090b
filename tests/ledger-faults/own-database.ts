import { randomUUID } from 'node:crypto';
import { onServer } from '../support/postgres.ts';

export interface OwnDatabase {
  readonly name: string;
  readonly url: string;
  make(): Promise<void>;
  drop(): Promise<void>;
}

/** A database of a test's own: what is done to it must meet nobody else. `place` is a tablespace. */
export function ownDatabase(server: string, place = 'pg_default'): OwnDatabase {
  const name = `faults_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const run = async (statement: string): Promise<void> => {
    await onServer(server, (client) => client.query(statement));
  };
  return {
    name,
    url: url.href,
    make: () => run(`CREATE DATABASE ${name} TABLESPACE ${place}`),
    drop: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
