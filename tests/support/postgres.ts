/** Finds the PostgreSQL server that tests may use: DATABASE_URL, or the one on this machine. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, test } from 'vitest';

const CANDIDATES = process.env['DATABASE_URL']
  ? [process.env['DATABASE_URL']]
  : ['postgres://root@127.0.0.1:5432/test', 'postgres://postgres@127.0.0.1:5432/test'];

const url = await firstThatAnswers(CANDIDATES);

/**
 * A suite that needs the server. Without one it is skipped with the reason in its name, or fails where
 * PLIMSOLL_REQUIRE_SERVICES=1 says nothing may be missing.
 */
export function describePostgres(name: string, suite: (url: string) => void): void {
  if (url !== undefined) {
    describe(name, () => suite(url));
    return;
  }
  const reason = `${name} (needs PostgreSQL; DATABASE_URL names a server)`;
  if (process.env['PLIMSOLL_REQUIRE_SERVICES'] === '1') {
    test(reason, () => {
      throw new Error('no PostgreSQL server answers');
    });
  } else {
    describe.skip(reason, () => {
      test('needs PostgreSQL', () => undefined);
    });
  }
}

/** A schema of its own keeps one test file out of another's tables. */
export const randomSchema = (): string => `test_${randomUUID().replaceAll('-', '')}`;

export async function dropSchema(server: string, schema: string): Promise<void> {
  await onServer(server, (client) => client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`));
}

/** Runs on a connection of its own, as the owner of the tables, beside whatever is being tested. */
export async function onServer<T>(
  server: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

async function firstThatAnswers(servers: readonly string[]): Promise<string | undefined> {
  for (const server of servers) {
    const answers = await onServer(server, (client) => client.query('SELECT 1')).then(
      () => true,
      () => false,
    );
    if (answers) return server;
  }
  return undefined;
}
