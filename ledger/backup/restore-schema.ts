/**
 * A backup into an empty schema of a PostgreSQL server. It is put together in a schema beside it and
 * proven there; then all its tables move at once.
 */
import type pg from 'pg';
import { DatabaseUnavailable, openDatabase, type PostgresOptions } from '../database.ts';
import { BackupUnusable, type BackupHeader } from './format.ts';
import { rebuild, type RestoreOrder } from './rebuild.ts';

/** Tells a schema that a restore left behind from one that happens to have its name. */
const UNFINISHED = 'A restore by Plimsoll that is not finished; it may be dropped.';
const NAME_LENGTH_MAX = 63;

/**
 * Needs a role that may make schemas; the application's may not. Rejects with `DatabaseUnavailable`
 * while a Plimsoll writes there, and with `BackupUnusable` or `BackupDamaged`.
 */
export async function restoreSchema(
  options: PostgresOptions & { readonly schema: string },
  order: RestoreOrder,
): Promise<BackupHeader> {
  const target = await openDatabase(options);
  try {
    await assertEmpty(target.pool, options.schema);
    const suffix = '_restoring';
    const staging = options.schema.slice(0, NAME_LENGTH_MAX - suffix.length) + suffix;
    await beginStaging(target.pool, staging);
    try {
      const backup = await buildIn({ ...options, schema: staging }, order);
      await move(target.pool, staging, options.schema);
      return backup;
    } catch (error) {
      await target.pool.query(`DROP SCHEMA IF EXISTS ${staging} CASCADE`);
      throw error;
    }
  } finally {
    await target.close();
  }
}

async function buildIn(
  options: PostgresOptions & { readonly schema: string },
  order: RestoreOrder,
): Promise<BackupHeader> {
  const database = await openDatabase(options);
  try {
    return await rebuild(database, options.schema, order);
  } finally {
    await database.close();
  }
}

async function assertEmpty(pool: pg.Pool, schema: string): Promise<void> {
  const { rows } = await pool.query<{ relname: string }>(
    `SELECT relname FROM pg_class
     WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) LIMIT 1`,
    [schema],
  );
  const [found] = rows;
  if (found === undefined) return;
  throw new BackupUnusable(
    `The schema ${schema} holds ${found.relname} already, and a restore goes only into an empty one; name another with DATABASE_SCHEMA.`,
  );
}

async function beginStaging(pool: pg.Pool, staging: string): Promise<void> {
  const { rows } = await pool.query<{ said: string | null }>(
    `SELECT obj_description(oid, 'pg_namespace') AS said FROM pg_namespace WHERE nspname = $1`,
    [staging],
  );
  const [found] = rows;
  if (found !== undefined && found.said !== UNFINISHED) {
    throw new DatabaseUnavailable(
      `The restore needs the schema ${staging}, and there is one of that name; drop or rename it first.`,
    );
  }
  if (found !== undefined) await pool.query(`DROP SCHEMA ${staging} CASCADE`);
  // Together, so that it never stands there without saying what it is.
  await pool.query(
    `BEGIN; CREATE SCHEMA ${staging}; COMMENT ON SCHEMA ${staging} IS '${UNFINISHED}'; COMMIT`,
  );
}

async function move(pool: pg.Pool, from: string, to: string): Promise<void> {
  const { rows } = await pool.query<{ statement: string }>(
    `SELECT format('ALTER TABLE %s SET SCHEMA %I', oid::regclass, $2::text) AS statement
     FROM pg_class WHERE relkind = 'r' AND relnamespace = $1::text::regnamespace
     UNION ALL
     SELECT format('ALTER FUNCTION %s SET SCHEMA %I', oid::regprocedure, $2::text)
     FROM pg_proc WHERE pronamespace = $1::text::regnamespace`,
    [from, to],
  );
  const statements = rows.map(({ statement }) => statement);
  // Several statements in one text are one transaction.
  await pool.query([...statements, `DROP SCHEMA ${from}`].join(';\n'));
}
