import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * How often the journal was written, which tells a tail that was cut off from an older copy that was put
 * back; and projections as they stood, so that a start does not replay years.
 */
export const proofs: Migration = {
  async up(db) {
    await sql`
      ALTER TABLE journal_head ADD COLUMN commits bigint NOT NULL DEFAULT 0 CHECK (commits >= 0)`.execute(
      db,
    );
    await sql`
      CREATE TABLE snapshots (
        seq bigint PRIMARY KEY CHECK (seq > 0),
        fingerprint text NOT NULL,
        hash text NOT NULL CHECK (length(hash) = 64),
        state text NOT NULL
      )`.execute(db);
  },
};
