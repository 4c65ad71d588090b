/** The guards as the database's catalog has them now. */
import type pg from 'pg';
import { GUARDED_TABLES } from './expected.ts';

export interface StoredTable {
  readonly plain: boolean;
  readonly logged: boolean;
  readonly hidesRows: boolean;
  readonly inherited: boolean;
  readonly rules: readonly string[];
}

export interface StoredTrigger {
  readonly table: string;
  readonly name: string;
  /** O fires for us, A always, R only for replication, D never. */
  readonly enabled: string;
  /** pg_trigger.tgtype. */
  readonly kind: number;
  /** Fires only WHEN something holds, or only for some columns. */
  readonly narrowed: boolean;
  readonly body: string;
  /** PL/pgSQL that runs as its caller, with the caller's settings. */
  readonly plainFunction: boolean;
}

const NAMES = GUARDED_TABLES.map(({ name }) => name);
const OURS = `relation.relname = ANY($1) AND relation.relnamespace =
  (SELECT oid FROM pg_namespace WHERE nspname = current_schema())`;

export async function readTables(pool: pg.Pool): Promise<ReadonlyMap<string, StoredTable>> {
  const { rows } = await pool.query<StoredTable & { readonly name: string }>(
    `SELECT relation.relname::text AS name,
       relation.relkind = 'r' AND NOT relation.relispartition AS plain,
       relation.relpersistence = 'p' AS logged,
       relation.relrowsecurity OR relation.relforcerowsecurity AS "hidesRows",
       EXISTS (SELECT FROM pg_inherits
         WHERE inhparent = relation.oid OR inhrelid = relation.oid) AS inherited,
       ARRAY(SELECT rulename::text FROM pg_rewrite WHERE ev_class = relation.oid) AS rules
     FROM pg_class relation WHERE ${OURS}
       AND relation.relkind IN ('r', 'p', 'v', 'm', 'f')`,
    [NAMES],
  );
  return new Map(rows.map(({ name, ...table }) => [name, table]));
}

export async function readTriggers(pool: pg.Pool): Promise<readonly StoredTrigger[]> {
  const { rows } = await pool.query<StoredTrigger>(
    `SELECT relation.relname::text AS table, tgname::text AS name, tgenabled::text AS enabled,
       tgtype::integer AS kind,
       tgqual IS NOT NULL OR tgattr::text <> '' OR tgnargs > 0 AS narrowed,
       called.prosrc AS body,
       lanname = 'plpgsql' AND NOT prosecdef AND proconfig IS NULL AS "plainFunction"
     FROM pg_trigger
       JOIN pg_class relation ON relation.oid = tgrelid
       JOIN pg_proc called ON called.oid = tgfoid
       JOIN pg_language ON pg_language.oid = called.prolang
     WHERE NOT tgisinternal AND ${OURS} ORDER BY 1, 2`,
    [NAMES],
  );
  return rows;
}

/** Definitions by table. A constraint that is not enforced or not valid says so in its definition. */
export function readConstraints(pool: pg.Pool): Promise<ReadonlyMap<string, readonly string[]>> {
  return grouped(
    pool,
    `SELECT relation.relname::text AS table,
       array_agg(pg_get_constraintdef(pg_constraint.oid)) AS found
     FROM pg_constraint JOIN pg_class relation ON relation.oid = conrelid
     WHERE contype IN ('p', 'u', 'c') AND ${OURS} GROUP BY 1`,
  );
}

/** Columns that must not be empty, by table. */
export function readColumns(pool: pg.Pool): Promise<ReadonlyMap<string, readonly string[]>> {
  return grouped(
    pool,
    `SELECT relation.relname::text AS table, array_agg(attname::text) AS found
     FROM pg_attribute JOIN pg_class relation ON relation.oid = attrelid
     WHERE attnum > 0 AND attnotnull AND NOT attisdropped AND ${OURS} GROUP BY 1`,
  );
}

/** Where ordinary triggers do not fire: in this session, or by default for a role or a database. */
export async function readReplicationRoles(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ readonly fault: string }>(
    `SELECT 'session_replication_role is ' || current_setting('session_replication_role')
       || ' in this session: triggers do not fire.' AS fault
     WHERE current_setting('session_replication_role') <> 'origin'
     UNION ALL
     SELECT 'session_replication_role is set for ' || coalesce(rolname::text, 'every role')
       || ' in ' || coalesce(datname::text, 'every database') || '.'
     FROM pg_db_role_setting
       LEFT JOIN pg_roles ON pg_roles.oid = setrole
       LEFT JOIN pg_database ON pg_database.oid = setdatabase
       CROSS JOIN LATERAL unnest(setconfig) AS setting
     WHERE setting LIKE 'session_replication_role=%' AND setting NOT LIKE '%=origin'
       AND (setdatabase = 0 OR datname = current_database())`,
  );
  return rows.map(({ fault }) => fault);
}

async function grouped(
  pool: pg.Pool,
  text: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await pool.query<{ table: string; found: readonly string[] }>(text, [NAMES]);
  return new Map(rows.map(({ table, found }) => [table, found]));
}
