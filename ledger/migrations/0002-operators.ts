import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** People who may loosen, each with the hash of a password. */
export const operators: Migration = {
  async up(db) {
    await sql`
      CREATE TABLE operators (
        name text PRIMARY KEY,
        password_hash text NOT NULL,
        added_at_ms bigint NOT NULL
      )`.execute(db);
  },
};
