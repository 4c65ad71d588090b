/** Somebody who owns the database takes a guard away; it is named. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../domain/clock.ts';
import type { Database } from '../database.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { resetTables } from '../testing/reset-tables.ts';
import { START_MS } from '../testing/samples.ts';
import { guardFaults } from './guards.ts';

const REPLACED = 'calls a function that is not the one we installed';
const replaced = (name: string, body: string, rest = 'LANGUAGE plpgsql'): string =>
  `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger ${rest} AS $$ ${body} $$`;

/** What is done to the guards, and what is said of it. */
const ATTACKS: readonly (readonly [name: string, statement: string, ...faults: string[]])[] = [
  [
    'the row trigger is disabled',
    'ALTER TABLE journal DISABLE TRIGGER journal_rows_stay',
    'The trigger journal_rows_stay on journal is disabled.',
  ],
  [
    'the statement trigger is disabled',
    'ALTER TABLE journal DISABLE TRIGGER journal_stays',
    'The trigger journal_stays on journal is disabled.',
  ],
  [
    'every trigger of the journal is disabled',
    'ALTER TABLE journal DISABLE TRIGGER ALL',
    'The trigger journal_rows_stay on journal is disabled.',
    'The trigger journal_stays on journal is disabled.',
  ],
  [
    'a trigger is left to replication',
    'ALTER TABLE leadership ENABLE REPLICA TRIGGER leadership_row_stays',
    'The trigger leadership_row_stays on leadership fires only for replicated changes.',
  ],
  [
    'a trigger is dropped',
    'DROP TRIGGER leadership_stays ON leadership',
    'The trigger leadership_stays on leadership is missing.',
  ],
  [
    'a trigger comes back for less',
    `DROP TRIGGER journal_rows_stay ON journal;
     CREATE TRIGGER journal_rows_stay BEFORE DELETE ON journal
     FOR EACH ROW EXECUTE FUNCTION journal_refuse_change()`,
    'The trigger journal_rows_stay on journal does not fire before DELETE and UPDATE of each row any more.',
  ],
  [
    'a trigger comes back for one column',
    `DROP TRIGGER journal_rows_stay ON journal;
     CREATE TRIGGER journal_rows_stay BEFORE UPDATE OF seq OR DELETE ON journal
     FOR EACH ROW EXECUTE FUNCTION journal_refuse_change()`,
    'The trigger journal_rows_stay on journal does not fire before DELETE and UPDATE of each row any more.',
  ],
  [
    'a trigger comes back for some rows',
    `DROP TRIGGER journal_rows_stay ON journal;
     CREATE TRIGGER journal_rows_stay BEFORE UPDATE OR DELETE ON journal
     FOR EACH ROW WHEN (OLD.seq < 0) EXECUTE FUNCTION journal_refuse_change()`,
    'The trigger journal_rows_stay on journal does not fire before DELETE and UPDATE of each row any more.',
  ],
  [
    'a function refuses nothing any more',
    replaced('journal_refuse_change', 'BEGIN RETURN NEW; END'),
    `The trigger journal_rows_stay on journal ${REPLACED}.`,
    `The trigger journal_stays on journal ${REPLACED}.`,
  ],
  [
    'a function lets one value pass',
    replaced(
      'leadership_only_grows',
      `BEGIN
         IF TG_OP = 'UPDATE' THEN
           IF NEW.epoch > OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.holder = OLD.holder)
              OR NEW.holder = 'me' THEN
             RETURN NEW;
           END IF;
         END IF;
         RAISE EXCEPTION 'Leadership passes only to a higher epoch: this % is refused.', TG_OP;
       END`,
    ),
    `The trigger leadership_row_stays on leadership ${REPLACED}.`,
    `The trigger leadership_stays on leadership ${REPLACED}.`,
  ],
  [
    'a function runs as somebody else',
    'ALTER FUNCTION journal_refuse_change() SECURITY DEFINER',
    `The trigger journal_rows_stay on journal ${REPLACED}.`,
    `The trigger journal_stays on journal ${REPLACED}.`,
  ],
  [
    'a trigger of somebody else comes before ours',
    `CREATE FUNCTION keep_quiet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
     CREATE TRIGGER a_first BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION keep_quiet()`,
    'The trigger a_first on journal is not ours.',
  ],
  [
    'a rule swallows statements',
    'CREATE RULE nothing AS ON DELETE TO journal_head DO INSTEAD NOTHING',
    'The rule nothing rewrites statements on journal_head.',
  ],
  [
    'row security hides rows',
    'ALTER TABLE journal ENABLE ROW LEVEL SECURITY',
    'Row security hides rows of the table journal.',
  ],
  [
    'the journal is not logged any more',
    'ALTER TABLE journal SET UNLOGGED',
    'The table journal is unlogged: a crash of the server empties it.',
  ],
  [
    'rows come in by inheritance',
    'CREATE TABLE more () INHERITS (journal)',
    'The table journal takes part in inheritance.',
  ],
  [
    'the primary key is dropped',
    'ALTER TABLE journal DROP CONSTRAINT journal_pkey',
    'The constraint PRIMARY KEY (seq) of journal is missing.',
  ],
  [
    'forks become possible',
    'ALTER TABLE journal DROP CONSTRAINT journal_prev_hash_key',
    'The constraint UNIQUE (prev_hash) of journal is missing.',
  ],
  [
    'a check is weakened',
    `ALTER TABLE journal DROP CONSTRAINT journal_seq_check;
     ALTER TABLE journal ADD CONSTRAINT journal_seq_check CHECK (seq > -1)`,
    'The constraint CHECK ((seq > 0)) of journal is missing.',
  ],
  [
    'a check is not proven for what is there',
    `ALTER TABLE journal DROP CONSTRAINT journal_seq_check;
     ALTER TABLE journal ADD CONSTRAINT journal_seq_check CHECK (seq > 0) NOT VALID`,
    'The constraint CHECK ((seq > 0)) of journal is missing.',
  ],
  [
    'a second head becomes possible',
    'ALTER TABLE journal_head DROP CONSTRAINT journal_head_id_check',
    'The constraint CHECK ((id = 1)) of journal_head is missing.',
  ],
  [
    'bodies may be empty',
    'ALTER TABLE journal ALTER COLUMN body DROP NOT NULL',
    'The column body of journal may be empty, or is gone.',
  ],
  ['the head is dropped', 'DROP TABLE journal_head', 'The table journal_head is missing.'],
  [
    'the journal becomes a view',
    'ALTER TABLE journal_head RENAME TO real_head; CREATE VIEW journal_head AS TABLE real_head',
    'The table journal_head is not an ordinary table any more.',
  ],
];

export function guardsContract(name: string, open: () => Promise<Database>): void {
  describe(`${name}: the guards of the journal`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      await resetTables(database);
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      await ledger.close();
    });

    test('stand as the migrations left them', async () => {
      expect(await guardFaults(database)).toEqual([]);
    });

    test('that always fire are as good', async () => {
      await database.pool.query('ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_rows_stay');
      expect(await guardFaults(database)).toEqual([]);
    });

    test.each(ATTACKS)('are named when %s', async (_, statement, ...faults) => {
      // Bodies of functions hold no semicolon at the end of a line.
      for (const part of statement.split(/;\n\s+(?=ALTER|CREATE)|;\s(?=CREATE VIEW)/)) {
        await database.pool.query(part);
      }
      expect(await guardFaults(database)).toEqual(expect.arrayContaining(faults));
    });

    test('are named where triggers do not fire in the session itself', async () => {
      await database.pool.query('SET session_replication_role = replica');
      // A pool may ask on another connection, which was not told; the embedded database has one.
      const found = await guardFaults(database);
      await database.pool.query('RESET session_replication_role');
      expect(found).toEqual([
        'session_replication_role is replica in this session: triggers do not fire.',
      ]);
    });

    test('are all missing where nothing was ever written', async () => {
      await resetTables(database);
      expect(await guardFaults(database)).toEqual([
        'The table journal is missing.',
        'The table journal_head is missing.',
        'The table leadership is missing.',
      ]);
    });
  });
}
