/**
 * What the role that runs Plimsoll may do, and nothing else. The journal is another role's: whoever
 * breaks into the process can add to the record, and neither change nor remove what is there.
 */
import type pg from 'pg';
import type { Database } from '../database.ts';
import { standingOf, standingWarning } from './standing.ts';

interface Grant {
  readonly table: string;
  /** As GRANT takes them; columns where only some may change. */
  readonly rights: string;
}

/** A table that is not listed is none of the application's business. */
export const GRANTS: readonly Grant[] = [
  { table: 'journal', rights: 'SELECT, INSERT' },
  { table: 'journal_head', rights: 'SELECT, UPDATE (seq, hash, commits)' },
  { table: 'leadership', rights: 'SELECT, UPDATE (epoch, holder, renewed_at)' },
  { table: 'approvals', rights: 'SELECT, INSERT, UPDATE (status, version)' },
  { table: 'order_intents', rights: 'SELECT, INSERT, UPDATE (status)' },
  { table: 'operators', rights: 'SELECT, INSERT' },
  // Projections as they stood: they follow from the journal, and old ones are thrown away.
  { table: 'snapshots', rights: 'SELECT, INSERT, DELETE' },
  { table: 'ledger_migration', rights: 'SELECT' },
  // Sleeping threads of the agents: what they remember is forgotten when a cycle is over.
  { table: 'checkpoints', rights: 'SELECT, INSERT, UPDATE (checkpoint, metadata), DELETE' },
  { table: 'checkpoint_blobs', rights: 'SELECT, INSERT, DELETE' },
  { table: 'checkpoint_writes', rights: 'SELECT, INSERT, UPDATE (channel, type, blob), DELETE' },
  { table: 'checkpoint_migrations', rights: 'SELECT' },
];

const ROLE_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** A role that cannot be the application's; the message says why and what would be right. */
export class RoleUnfit extends Error {
  override readonly name = 'RoleUnfit';
}

/**
 * Gives `role` what the application needs in the current schema, and takes everything else there from
 * it and from PUBLIC, all at once. Throws `RoleUnfit` when there is no such role, or when it could
 * rewrite the journal whatever it is granted.
 */
export async function grantTo(database: Database, role: string): Promise<void> {
  assertRoleName(role);
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await assertKnown(client, role);
    for (const statement of await statements(client, role)) await client.query(statement);
    const warning = standingWarning(await standingOf(client, role));
    if (warning !== undefined) throw new RoleUnfit(warning);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Makes the role, without a password: how it proves who it is, is for the server's owner to say. */
export async function createRole(database: Database, role: string): Promise<void> {
  assertRoleName(role);
  await database.pool.query(`CREATE ROLE ${role} LOGIN`);
}

async function statements(client: pg.PoolClient, role: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ schema: string; tables: readonly string[] }>(
    `SELECT quote_ident(current_schema()) AS schema,
       ARRAY(SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()) AS tables`,
  );
  const [{ schema, tables } = { schema: 'public', tables: [] }] = rows;
  return [
    `REVOKE ALL ON SCHEMA ${schema} FROM ${role}`,
    `REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${role}, PUBLIC`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${schema} FROM ${role}, PUBLIC`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
    ...GRANTS.filter(({ table }) => tables.includes(table)).map(
      ({ table, rights }) => `GRANT ${rights} ON ${schema}.${table} TO ${role}`,
    ),
  ];
}

async function assertKnown(client: pg.PoolClient, role: string): Promise<void> {
  const { rows } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rows.length > 0) return;
  throw new RoleUnfit(
    `There is no role ${role} on this server; make it first: CREATE ROLE ${role} LOGIN PASSWORD '...'.`,
  );
}

function assertRoleName(role: string): void {
  if (ROLE_NAME.test(role)) return;
  throw new RoleUnfit(
    `The role "${role}" must be lower-case letters, digits and underscores, at most 63.`,
  );
}
