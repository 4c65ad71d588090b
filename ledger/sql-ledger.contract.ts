/** What a ledger in a database does besides what every ledger does: it lasts, and it fails closed. */
import { Kysely, PostgresDialect } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { approvalId, intentId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import { journalPages } from './journal-pages.ts';
import { expectBroken } from './ledger.contract.ts';
import { LedgerBroken, type Ledger } from './ledger.ts';
import { thisProcessName } from './process-identity.ts';
import { openSqlLedger } from './sql-ledger.ts';
import { SqlRows } from './sql-rows.ts';
import type { Tables } from './tables.ts';
import { resetTables } from './testing/reset-tables.ts';
import { approval, intent, numbered, operator, START_MS } from './testing/samples.ts';
import { verifyJournal } from './verify.ts';

export function sqlLedgerContract(name: string, open: () => Promise<Database>): void {
  describe(`${name}: a ledger in a database`, () => {
    let database: Database;
    const openLedger = (): Promise<Ledger> =>
      openSqlLedger({ database, clock: new ManualClock(START_MS) });
    const storedEvents = async (): Promise<number> => {
      const verified = await verifyJournal(journalPages(database));
      if (!verified.ok) throw new Error(verified.sentence);
      return verified.events;
    };
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(() => resetTables(database));

    test('opened again continues the chain and still has its rows', async () => {
      const first = await openLedger();
      await first.append(numbered(1), numbered(2));
      await first.transact((tx) => tx.insertApproval(approval('a1')));
      await first.append(numbered(3));
      const head = first.head;
      await first.close();

      const second = await openLedger();
      expect(second.head).toEqual(head);
      await second.append(numbered(4));
      const events = await second.read(0, 10);
      expect(events.map(({ event }) => event.seq)).toEqual([1, 2, 3, 4]);
      expect(events[3]?.prevHash).toBe(head.hash);
      expect(await second.rows((rows) => rows.approval(approvalId('a1')))).toEqual(approval('a1'));
    });

    test('of before there were operators and epochs still verifies, and has them once it is opened for writing', async () => {
      const first = await openLedger();
      await first.append(numbered(1));
      await first.close();
      await database.pool.query('DROP TABLE operators, leadership, snapshots');
      await database.pool.query('ALTER TABLE journal_head DROP COLUMN commits');
      await database.pool.query('DROP FUNCTION leadership_only_grows, journal_keep');
      await database.pool.query(`DELETE FROM ledger_migration WHERE name > '0001-journal'`);
      expect(await storedEvents()).toBe(1);

      const second = await openLedger();
      expect(second.epoch).toBe(1);
      await second.transact((tx) => tx.insertOperator(operator('ada')));
      await second.append(numbered(2));
      await second.close();
      expect(await storedEvents()).toBe(2);
      const third = await openLedger();
      expect(await third.rows((rows) => rows.operator('ada'))).toEqual(operator('ada'));
    });

    test('keeps appended events until the next flush, and writes by itself at five hundred', async () => {
      const ledger = await openLedger();
      for (let number = 1; number < 500; number++) await ledger.append(numbered(number));
      expect(await storedEvents()).toBe(0);
      await ledger.append(numbered(500));
      await vi.waitFor(async () => expect(await storedEvents()).toBe(500));
      await ledger.append(numbered(501));
      await ledger.flush();
      expect(await storedEvents()).toBe(501);
    });

    test('keeps what was appended before a transaction that throws, and writes it later', async () => {
      const ledger = await openLedger();
      await ledger.append(numbered(1));
      const failing = ledger.transact(async () => Promise.reject(new Error('no')));
      await expect(failing).rejects.toThrow('no');
      expect(await storedEvents()).toBe(0);
      await ledger.flush();
      expect(await storedEvents()).toBe(1);
    });

    test('breaks when somebody else has moved the head', async () => {
      const ledger = await openLedger();
      await ledger.append(numbered(1));
      await ledger.flush();
      await database.pool.query('UPDATE journal_head SET seq = 0');
      await ledger.append(numbered(2));
      await expect(ledger.flush()).rejects.toThrow('is event 0 and not our event 1');
      await expectBroken(ledger);
      await ledger.close();
      await database.pool.query('UPDATE journal_head SET seq = 1');
      expect(await storedEvents()).toBe(1);
    });

    test('names in its sentence the process that took over', async () => {
      const deposed = await openLedger();
      await openLedger();
      const writing = deposed.transact(async () => {});
      await expect(writing).rejects.toThrow(`Another Plimsoll (${thisProcessName()}) took over`);
    });

    test('claims an intent by a statement that asks for the epoch itself', async () => {
      const [ours, theirs] = [await openLedger(), await openLedger()];
      await theirs.transact((tx) => tx.insertIntent(intent('i1')));
      const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.pool }) });
      const claimedIn = (epoch: number) =>
        new SqlRows(db, (query) => query(), epoch).claimIntent(intentId('i1'));
      expect(await claimedIn(ours.epoch)).toBeUndefined();
      expect(await claimedIn(theirs.epoch + 1)).toBeUndefined();
      expect(await theirs.rows((rows) => rows.intentsWithStatus('NEW'))).toHaveLength(1);
      expect(await claimedIn(theirs.epoch)).toMatchObject({ id: 'i1', status: 'CLAIMED' });
    });

    test.each([
      ['a lower epoch', `UPDATE leadership SET epoch = 1, holder = 'x'`],
      ['its epoch under another name', `UPDATE leadership SET holder = 'x'`],
      ['no epoch', 'DELETE FROM leadership'],
      ['an empty table', 'TRUNCATE leadership'],
    ])('never lets leadership fall back to %s', async (_, statement) => {
      await openLedger();
      const leader = await openLedger();
      await expect(database.pool.query(statement)).rejects.toThrow('only to a higher epoch');
      await database.pool.query('UPDATE leadership SET renewed_at = clock_timestamp()');
      await leader.transact((tx) => tx.insertIntent(intent('i1')));
      expect((await openLedger()).epoch).toBe(3);
    });

    test('neither writes nor opens where nobody can say who leads', async () => {
      const ledger = await openLedger();
      await database.pool.query('ALTER TABLE leadership DISABLE TRIGGER USER');
      await database.pool.query('DELETE FROM leadership');
      await expect(ledger.transact(async () => {})).rejects.toThrow('who leads');
      await expectBroken(ledger);
      await expect(openLedger()).rejects.toThrow(LedgerBroken);
    });

    test('breaks when the database fails inside a transaction, even if the work hides it', async () => {
      const ledger = await openLedger();
      const hiding = ledger.transact(async (tx) => {
        await tx.insertIntent(intent('i1'));
        tx.append(numbered(1));
        await tx.insertApproval({ ...approval('a1'), status: 'NO SUCH' as never }).catch(() => {});
      });
      await expect(hiding).rejects.toThrow('The database failed');
      await expectBroken(ledger);
      // The pool itself lives on: verification and a new ledger still work.
      expect(await storedEvents()).toBe(0);
      const again = await openLedger();
      expect(await again.rows((rows) => rows.intentsWithStatus('NEW'))).toEqual([]);
    });

    test('breaks when the commit fails, and nothing of it was kept', async () => {
      const ledger = await openLedger();
      await database.pool.query(`
        CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'refused at commit'; END $$`);
      await database.pool.query(`
        CREATE CONSTRAINT TRIGGER refuse_late AFTER INSERT ON order_intents
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_late()`);
      const committing = ledger.transact(async (tx) => {
        tx.append(numbered(1));
        await tx.insertIntent(intent('i1'));
      });
      await expect(committing).rejects.toThrow('refused at commit');
      expect(ledger.head.seq).toBe(0);
      await expectBroken(ledger);
      expect(await storedEvents()).toBe(0);
    });
  });
}
