import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Who may write, in one row. Its epoch only grows: a leader that was deposed could otherwise find its
 * own epoch again and believe that it still leads.
 */
export const leadership: Migration = {
  async up(db) {
    await sql`
      CREATE TABLE leadership (
        id integer PRIMARY KEY CHECK (id = 1),
        epoch bigint NOT NULL CHECK (epoch >= 0),
        holder text NOT NULL,
        renewed_at timestamptz NOT NULL
      )`.execute(db);
    await sql`INSERT INTO leadership VALUES (1, 0, 'nobody', clock_timestamp())`.execute(db);

    await sql`
      CREATE FUNCTION leadership_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF NEW.epoch > OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.holder = OLD.holder) THEN
            RETURN NEW;
          END IF;
        END IF;
        RAISE EXCEPTION 'Leadership passes only to a higher epoch: this % is refused.', TG_OP;
      END $$`.execute(db);
    await sql`
      CREATE TRIGGER leadership_row_stays BEFORE UPDATE OR DELETE ON leadership
      FOR EACH ROW EXECUTE FUNCTION leadership_only_grows()`.execute(db);
    await sql`
      CREATE TRIGGER leadership_stays BEFORE TRUNCATE ON leadership
      FOR EACH STATEMENT EXECUTE FUNCTION leadership_only_grows()`.execute(db);
  },
};
