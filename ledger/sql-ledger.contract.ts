/** What a ledger in a database does besides what every ledger does: it lasts, and it fails closed. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { approvalId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import { journalPages } from './journal-pages.ts';
import { expectBroken } from './ledger.contract.ts';
import type { Ledger } from './ledger.ts';
import { openSqlLedger } from './sql-ledger.ts';
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

    test('of before there were operators still verifies, and has them once it is opened for writing', async () => {
      const first = await openLedger();
      await first.append(numbered(1));
      await first.close();
      await database.pool.query('DROP TABLE operators');
      await database.pool.query(`DELETE FROM ledger_migration WHERE name = '0002-operators'`);
      expect(await storedEvents()).toBe(1);

      const second = await openLedger();
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
      expect(await storedEvents()).toBe(500);
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
      const [ours, theirs] = [await openLedger(), await openLedger()];
      await theirs.append(numbered(1));
      await theirs.flush();
      await ours.append(numbered(2));
      await expect(ours.flush()).rejects.toThrow('somebody else wrote');
      await expectBroken(ours);
      await ours.close();
      expect(await storedEvents()).toBe(1);
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
