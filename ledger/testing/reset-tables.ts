import type { Database } from '../database.ts';

/** Empties the schema that the database's sessions use, so that a test starts from nothing. */
export async function resetTables(database: Database): Promise<void> {
  const found = await database.pool.query<{ schema: string }>('SELECT current_schema() AS schema');
  const schema = found.rows[0]?.schema ?? 'public';
  await database.pool.query(`DROP SCHEMA ${schema} CASCADE`);
  await database.pool.query(`CREATE SCHEMA ${schema}`);
}
