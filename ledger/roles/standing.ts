/** How much a role could do to the journal, whatever it means to do. */
import type pg from 'pg';

export interface Standing {
  readonly role: string;
  readonly superuser: boolean;
  readonly ownsJournal: boolean;
  /** Every other way to rewrite what was written, in words; none where there is no journal. */
  readonly mayRewrite: readonly string[];
}

/** The standing of whoever logged in, or of `role`. Roles it could become count as its own. */
export async function standingOf(
  database: Pick<pg.Pool | pg.PoolClient, 'query'>,
  role?: string,
): Promise<Standing> {
  const { rows } = await database.query<Standing>(STANDING, [role ?? null]);
  const [standing] = rows;
  if (standing === undefined) throw new Error(`there is no role ${role}`);
  return standing;
}

/** Undefined for a role that can only add to the journal. */
export function standingWarning(standing: Standing): string | undefined {
  const { role, superuser, ownsJournal, mayRewrite } = standing;
  const ways = [
    ...(superuser ? ['it is or can become a superuser'] : []),
    ...(ownsJournal ? ['it owns the journal or can become its owner'] : []),
    ...mayRewrite,
  ];
  if (ways.length === 0) return undefined;
  return `The role ${role} could rewrite the journal: ${ways.join('; ')}. Let another role own the tables with "plimsoll migrate", and run as one that only adds.`;
}

const STANDING = `
  WITH me AS (
    SELECT oid, rolname, rolsuper, rolcreaterole FROM pg_roles
    WHERE rolname = coalesce($1::text, session_user)
  ), place AS (
    SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname = current_schema()
  ), kept AS (
    SELECT relation.oid, relation.relname, relation.relowner
    FROM pg_class relation JOIN place ON place.oid = relation.relnamespace
    WHERE relation.relkind IN ('r', 'p') AND relation.relname IN ('journal', 'journal_head')
  ), ways AS (
    SELECT 1 AS ordinal, 'it may ' || kind || ' ' || relname AS way
    FROM me, kept, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS kind
    WHERE has_table_privilege(me.oid, kept.oid, kind)
      -- An owner may all of this, and that is said in fewer words.
      AND NOT pg_has_role(me.oid, relowner, 'USAGE')
    UNION ALL
    SELECT 1, 'it may UPDATE columns of journal'
    FROM me, kept WHERE relname = 'journal' AND has_any_column_privilege(me.oid, kept.oid, 'UPDATE')
      AND NOT has_table_privilege(me.oid, kept.oid, 'UPDATE')
    UNION ALL
    SELECT 2, 'it owns the schema ' || nspname || ' or can become its owner'
    FROM me, place WHERE pg_has_role(me.oid, nspowner, 'MEMBER')
    UNION ALL
    SELECT 3, 'it may CREATE in the schema ' || nspname
    FROM me, place WHERE has_schema_privilege(me.oid, place.oid, 'CREATE')
    UNION ALL
    SELECT 4, 'it may make roles, and so join the owner''s' FROM me WHERE rolcreaterole
    UNION ALL
    SELECT 5, 'it is a member of ' || strong.rolname
    FROM me, pg_roles strong
    WHERE strong.rolname IN
        ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program')
      AND pg_has_role(me.oid, strong.oid, 'MEMBER')
  )
  SELECT rolname::text AS role,
    EXISTS (SELECT FROM pg_roles strong
      WHERE strong.rolsuper AND pg_has_role(me.oid, strong.oid, 'MEMBER')) AS superuser,
    EXISTS (SELECT FROM kept
      WHERE relname = 'journal' AND pg_has_role(me.oid, relowner, 'MEMBER')) AS "ownsJournal",
    -- A superuser may everything; listing it would hide what matters.
    ARRAY(SELECT way FROM ways WHERE NOT me.rolsuper ORDER BY ordinal, way) AS "mayRewrite"
  FROM me`;
