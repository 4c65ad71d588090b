/** Somebody who owns the database changes what was written; verification names the place. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import type { Database } from './database.ts';
import { journalPages } from './journal-pages.ts';
import { LedgerBroken } from './ledger.ts';
import { openSqlLedger } from './sql-ledger.ts';
import { resetTables } from './testing/reset-tables.ts';
import { numbered, START_MS } from './testing/samples.ts';
import { verifyJournal, type ChainFault } from './verify.ts';

const EVENTS = 10;

const flipFirst = (column: string): string =>
  `${column} = translate(left(${column}, 1), '0123456789abcdef', '123456789abcdef0') || substr(${column}, 2)`;

interface Tampering {
  readonly name: string;
  readonly statement: string;
  readonly seq: number;
  readonly fault: ChainFault;
}

const at5 = (name: string, change: string, fault: ChainFault): Tampering => ({
  name,
  statement: `UPDATE journal SET ${change} WHERE seq = 5`,
  seq: 5,
  fault,
});

const TAMPERINGS: readonly Tampering[] = [
  at5('one byte of a body', `body = overlay(body placing '~' from 30)`, 'HASH'),
  at5('a space after a body', `body = body || ' '`, 'HASH'),
  at5('one digit of a hash', flipFirst('hash'), 'HASH'),
  at5('the case of a hash', `hash = upper(hash)`, 'HASH'),
  at5('one digit of a previous hash', flipFirst('prev_hash'), 'PREV_LINK'),
  at5('a time', 'at_ms = at_ms + 1', 'COLUMN_DISAGREES'),
  at5('a type', `type = 'cycle.closed'`, 'COLUMN_DISAGREES'),
  at5('a correlation', `correlation_id = correlation_id || '0'`, 'COLUMN_DISAGREES'),
  at5('a cause', 'causation_seq = 3', 'COLUMN_DISAGREES'),
  at5('a cause taken away', 'causation_seq = NULL', 'COLUMN_DISAGREES'),
  at5('a number', 'seq = 105', 'GAP'),
  { name: 'the first event deleted', statement: deleted(1), seq: 1, fault: 'GAP' },
  { name: 'a middle event deleted', statement: deleted(5), seq: 5, fault: 'GAP' },
  { name: 'the last event deleted', statement: deleted(EVENTS), seq: EVENTS, fault: 'GAP' },
  { name: 'every event deleted', statement: 'TRUNCATE journal', seq: 1, fault: 'GAP' },
  {
    name: 'two bodies swapped',
    statement: `UPDATE journal a SET body = b.body FROM journal b
      WHERE (a.seq = 4 AND b.seq = 7) OR (a.seq = 7 AND b.seq = 4)`,
    seq: 4,
    fault: 'HASH',
  },
  {
    name: 'two rows swapped',
    statement: `ALTER TABLE journal DROP CONSTRAINT journal_pkey, DROP CONSTRAINT journal_check;
      UPDATE journal SET seq = 11 - seq WHERE seq IN (4, 7)`,
    seq: 4,
    fault: 'PREV_LINK',
  },
  {
    name: 'an event doubled',
    statement: `ALTER TABLE journal DROP CONSTRAINT journal_pkey,
        DROP CONSTRAINT journal_hash_key, DROP CONSTRAINT journal_prev_hash_key;
      INSERT INTO journal SELECT * FROM journal WHERE seq = 5`,
    seq: 5,
    fault: 'TWICE',
  },
  {
    name: 'an event put before the first',
    statement: `ALTER TABLE journal DROP CONSTRAINT journal_seq_check;
      INSERT INTO journal SELECT 0, at_ms, type, correlation_id, NULL, body, repeat('a', 64),
        repeat('b', 64) FROM journal WHERE seq = 1`,
    seq: 1,
    fault: 'OUT_OF_ORDER',
  },
  {
    name: 'one digit of the head',
    statement: `UPDATE journal_head SET ${flipFirst('hash')}`,
    seq: EVENTS,
    fault: 'HEAD_DISAGREES',
  },
  {
    name: 'the head set back',
    statement: `UPDATE journal_head SET (seq, hash) = (SELECT seq, hash FROM journal WHERE seq = 9)`,
    seq: EVENTS,
    fault: 'HEAD_DISAGREES',
  },
  {
    name: 'the head set forward',
    statement: 'UPDATE journal_head SET seq = seq + 1',
    seq: EVENTS + 1,
    fault: 'GAP',
  },
  {
    name: 'the head deleted',
    statement: 'DELETE FROM journal_head',
    seq: EVENTS,
    fault: 'HEAD_DISAGREES',
  },
];

export function tamperContract(name: string, open: () => Promise<Database>): void {
  describe(`${name}: tampering`, () => {
    let database: Database;
    const verify = () => verifyJournal(journalPages(database));
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      await resetTables(database);
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      await ledger.append(numbered(1));
      for (let seq = 2; seq <= EVENTS; seq++) {
        await ledger.append({ ...numbered(seq), causationSeq: seq - 1 });
      }
      await ledger.close();
    });

    test('that did not happen verifies', async () => {
      expect(await verify()).toMatchObject({ ok: true, events: EVENTS });
    });

    test.each(TAMPERINGS)('$name is found', async ({ statement, seq, fault }) => {
      await database.pool.query('ALTER TABLE journal DISABLE TRIGGER USER');
      for (const part of statement.split(';')) await database.pool.query(part);
      const found = await verify();
      expect(found).toMatchObject({ ok: false, seq, fault });
    });

    test('is refused by the triggers before anybody switches them off', async () => {
      const refused = (statement: string) =>
        expect(database.pool.query(statement)).rejects.toThrow('The journal is append-only');
      await refused(`UPDATE journal SET body = body || ' ' WHERE seq = 1`);
      await refused('DELETE FROM journal WHERE seq = 1');
      await refused('TRUNCATE journal');
      expect(await verify()).toMatchObject({ ok: true });
    });

    test('with the last event keeps the ledger from opening', async () => {
      await database.pool.query('ALTER TABLE journal DISABLE TRIGGER USER');
      await database.pool.query(deleted(EVENTS));
      const opening = openSqlLedger({ database, clock: new ManualClock(START_MS) });
      await expect(opening).rejects.toThrow(LedgerBroken);
    });

    test('is found on any page, also a double that straddles two', async () => {
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      await ledger.append(...Array.from({ length: 2_100 }, (_, index) => numbered(index)));
      await ledger.close();
      const progress: number[] = [];
      const good = await verifyJournal(journalPages(database), (events) => progress.push(events));
      expect(good).toMatchObject({ ok: true, events: EVENTS + 2_100 });
      expect(progress).toEqual([1_000, 1_999, EVENTS + 2_100]);

      await database.pool.query(`ALTER TABLE journal DROP CONSTRAINT journal_pkey,
        DROP CONSTRAINT journal_hash_key, DROP CONSTRAINT journal_prev_hash_key`);
      await database.pool.query('INSERT INTO journal SELECT * FROM journal WHERE seq = 1000');
      expect(await verify()).toMatchObject({ ok: false, seq: 1_000, fault: 'TWICE' });
    });
  });
}

function deleted(seq: number): string {
  return `DELETE FROM journal WHERE seq = ${seq}`;
}
