/** What a backup holds beside the journal. Everything else follows from the journal. */
import type pg from 'pg';

export interface KeptTable {
  readonly name: string;
  /** Where the migrations leave one row that is to be replaced. */
  readonly hasRow: boolean;
}

/** `snapshots` are projections of the journal, and made again. */
export const KEPT_TABLES: readonly KeptTable[] = [
  { name: 'journal_head', hasRow: true },
  { name: 'leadership', hasRow: true },
  { name: 'approvals', hasRow: false },
  { name: 'order_intents', hasRow: false },
  { name: 'operators', hasRow: false },
  { name: 'checkpoints', hasRow: false },
  { name: 'checkpoint_blobs', hasRow: false },
  { name: 'checkpoint_writes', hasRow: false },
];

export const JOURNAL: KeptTable = { name: 'journal', hasRow: false };

export interface Column {
  readonly name: string;
  /** As PostgreSQL spells it. */
  readonly type: string;
}

type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** The columns of a table of the current schema; none when there is no such table. */
export async function columnsOf(database: Queryable, table: string): Promise<readonly Column[]> {
  const { rows } = await database.query<Column>(
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type
     FROM pg_attribute JOIN pg_class relation ON relation.oid = attrelid
     WHERE relation.relname = $1 AND relation.relkind = 'r' AND attnum > 0 AND NOT attisdropped
       AND relation.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
     ORDER BY attnum`,
    [table],
  );
  return rows;
}
