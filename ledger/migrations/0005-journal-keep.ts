import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * A whole commit of events in one statement: who leads and where the journal ends are compared under
 * their locks, then the rows and the head are written. Asked for one by one, the five statements of it
 * cost more than the rows. It runs with the rights of whoever calls it, and may nothing more.
 *
 * Null when the events are kept; else who leads and where the journal ends, and nothing has changed.
 */
export const journalKeep: Migration = {
  async up(db) {
    await sql`
      CREATE FUNCTION journal_keep(
        epoch_led bigint, seq_led bigint, hash_led text,
        seqs bigint[], at_mss bigint[], types text[], correlation_ids text[], causation_seqs bigint[],
        bodies text[], prev_hashes text[], hashes text[]
      ) RETURNS json LANGUAGE plpgsql AS $$
      DECLARE
        found_ record;
        last_ integer := array_length(seqs, 1);
      BEGIN
        SELECT leader.epoch, leader.holder, head.seq, head.hash, head.commits INTO found_
          FROM journal_head head JOIN leadership leader ON leader.id = head.id
          WHERE head.id = 1 FOR UPDATE;
        IF found_.epoch IS DISTINCT FROM epoch_led OR found_.seq IS DISTINCT FROM seq_led
           OR found_.hash IS DISTINCT FROM hash_led THEN
          RETURN to_json(found_);
        END IF;
        INSERT INTO journal (seq, at_ms, type, correlation_id, causation_seq, body, prev_hash, hash)
          SELECT * FROM unnest(seqs, at_mss, types, correlation_ids, causation_seqs, bodies, prev_hashes, hashes);
        UPDATE journal_head SET seq = seqs[last_], hash = hashes[last_], commits = commits + 1 WHERE id = 1;
        RETURN NULL;
      END $$`.execute(db);
  },
};
