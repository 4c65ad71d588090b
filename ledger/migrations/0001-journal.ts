import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The journal and the rows that are changed by compare-and-set. The triggers do not stop the owner of
 * the database, who can switch them off; the hash chain shows that it was done.
 */
export const journal: Migration = {
  async up(db) {
    await sql`
      CREATE TABLE journal (
        seq bigint PRIMARY KEY CHECK (seq > 0),
        at_ms bigint NOT NULL,
        type text NOT NULL,
        correlation_id text NOT NULL,
        causation_seq bigint CHECK (causation_seq > 0 AND causation_seq < seq),
        body text NOT NULL,
        prev_hash text NOT NULL UNIQUE CHECK (length(prev_hash) = 64),
        hash text NOT NULL UNIQUE CHECK (length(hash) = 64)
      )`.execute(db);
    await sql`CREATE INDEX journal_correlation_id ON journal (correlation_id, seq)`.execute(db);
    await sql`CREATE INDEX journal_type ON journal (type, seq)`.execute(db);

    await sql`
      CREATE TABLE journal_head (
        id integer PRIMARY KEY CHECK (id = 1),
        seq bigint NOT NULL CHECK (seq >= 0),
        hash text NOT NULL CHECK (length(hash) = 64)
      )`.execute(db);
    await sql`INSERT INTO journal_head VALUES (1, 0, repeat('0', 64))`.execute(db);

    await sql`
      CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'The journal is append-only: % is refused.', TG_OP;
      END $$`.execute(db);
    await sql`
      CREATE TRIGGER journal_rows_stay BEFORE UPDATE OR DELETE ON journal
      FOR EACH ROW EXECUTE FUNCTION journal_refuse_change()`.execute(db);
    // Row triggers do not fire for TRUNCATE.
    await sql`
      CREATE TRIGGER journal_stays BEFORE TRUNCATE ON journal
      FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change()`.execute(db);

    await sql`
      CREATE TABLE approvals (
        ordinal bigint GENERATED ALWAYS AS IDENTITY,
        id text PRIMARY KEY,
        thread_id text NOT NULL,
        instrument_id text NOT NULL,
        status text NOT NULL CHECK (status IN
          ('PENDING', 'APPROVED', 'DECLINED', 'EXPIRED', 'INVALIDATED', 'CONSUMED')),
        version integer NOT NULL CHECK (version > 0),
        proposal_hash text NOT NULL,
        expires_at_ms bigint NOT NULL,
        proposal text NOT NULL
      )`.execute(db);
    await sql`CREATE INDEX approvals_status ON approvals (status, ordinal)`.execute(db);

    await sql`
      CREATE TABLE order_intents (
        ordinal bigint GENERATED ALWAYS AS IDENTITY,
        id text PRIMARY KEY,
        approval_id text NOT NULL,
        status text NOT NULL CHECK (status IN ('NEW', 'CLAIMED')),
        order_text text NOT NULL
      )`.execute(db);
    await sql`CREATE INDEX order_intents_status ON order_intents (status, ordinal)`.execute(db);
  },
};
