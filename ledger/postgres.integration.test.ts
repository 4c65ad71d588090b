import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { describePostgres, dropSchema, onServer, randomSchema } from '../tests/support/postgres.ts';
import { crashContract } from './crash.contract.ts';
import { DatabaseUnavailable, openDatabase, type Database } from './database.ts';
import { journalPages } from './journal-pages.ts';
import { leadershipContract } from './leadership.contract.ts';
import { expectBroken, ledgerContract } from './ledger.contract.ts';
import { openSqlLedger } from './sql-ledger.ts';
import { sqlLedgerContract } from './sql-ledger.contract.ts';
import { tamperContract } from './tamper.contract.ts';
import { resetTables } from './testing/reset-tables.ts';
import { intent, numbered, START_MS } from './testing/samples.ts';
import { verifyJournal } from './verify.ts';

describePostgres('PostgreSQL', (server) => {
  const schema = randomSchema();
  // Names our sessions, so that only they are ended below.
  const url = withApplicationName(server, schema);
  let opened: Promise<Database> | undefined;
  const open = (): Promise<Database> => (opened ??= openDatabase({ url, schema }));
  const close = async (): Promise<void> => {
    await (await opened)?.close();
    opened = undefined;
  };
  afterAll(async () => {
    await close();
    await dropSchema(url, schema);
  });

  ledgerContract('PostgreSQL', async (clock) => {
    const database = await open();
    await resetTables(database);
    return openSqlLedger({ database, clock });
  });
  leadershipContract('PostgreSQL', async () => {
    const database = await open();
    await resetTables(database);
    return (clock) => openSqlLedger({ database, clock });
  });
  sqlLedgerContract('PostgreSQL', open);
  tamperContract('PostgreSQL', open);

  describe('its one writer', () => {
    test('keeps out another one, but not a reader', async () => {
      const writer = await open();
      await resetTables(writer);
      const ledger = await openSqlLedger({ database: writer, clock: new ManualClock(START_MS) });
      await expect(openDatabase({ url, schema })).rejects.toThrow(
        'another Plimsoll is writing to this database',
      );
      const reader = await openDatabase({ url, schema, readOnly: true });
      await ledger.append(numbered(1));
      await ledger.flush();
      expect(await verifyJournal(journalPages(reader))).toMatchObject({ ok: true, events: 1 });
      await expect(reader.pool.query('DELETE FROM approvals')).rejects.toThrow('read-only');
      const writing = openSqlLedger({ database: reader, clock: new ManualClock(START_MS) });
      await expect(writing).rejects.toThrow('for reading only');
      await reader.close();
    });

    test('keeps out another one while only its session or only its lease is silent', async () => {
      const other = randomSchema();
      const silent = { renewEveryMs: 3_600_000, lastsMs: 3_600_000 };
      const writer = await openDatabase({ url, schema: other, lease: silent });
      const contend = (lastsMs: number): Promise<Database> =>
        openDatabase({ url, schema: other, lease: { ...silent, lastsMs } });
      // Before the tables are there, nobody can say since when it has been silent.
      await expect(contend(1)).rejects.toThrow('another Plimsoll');
      await openSqlLedger({ database: writer, clock: new ManualClock(START_MS) });

      const renewedAt = (when: string): Promise<unknown> =>
        writer.pool.query(
          `UPDATE leadership SET renewed_at = clock_timestamp() + interval '${when}'`,
        );
      await renewedAt('1 hour');
      await expect(contend(1)).rejects.toThrow('another Plimsoll');
      await renewedAt('-2 hours');
      await expect(contend(3_600_000)).rejects.toThrow('another Plimsoll');
      expect(writer.fault).toBeUndefined();

      const next = await contend(1);
      await expect.poll(() => writer.fault).toContain('writer lock was lost');
      await next.close();
      await writer.close();
      await dropSchema(url, other);
    });

    test('lets verification run while it writes', async () => {
      const database = await open();
      await resetTables(database);
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      const many = Array.from({ length: 1_000 }, (_, index) => numbered(index));
      for (let round = 0; round < 3; round++) await ledger.append(...many);
      let rounds = 0;
      const verified = await verifyJournal(journalPages(database), () => {
        if (rounds++ < 2) void ledger.append(...many);
      });
      expect(verified).toMatchObject({ ok: true });
      await ledger.close();
    });

    test('that had to wait for another to take over reads what it waited for', async () => {
      const database = await open();
      await resetTables(database);
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      await onServer(url, async (other) => {
        await other.query(`BEGIN; SET search_path = ${schema}`);
        await other.query('SELECT FROM journal_head, leadership FOR UPDATE');
        const writing = ledger.transact((tx) => tx.insertIntent(intent('i1')));
        writing.catch(() => {});
        await expect.poll(() => waitingFor(url, schema)).toBe(1);
        await other.query(`UPDATE leadership SET epoch = epoch + 1, holder = 'other/1'; COMMIT`);
        await expect(writing).rejects.toThrow('Another Plimsoll (other/1) took over with epoch 2');
      });
      await expectBroken(ledger);
    });

    test('does not have to wait for a schema of another', async () => {
      await open();
      const other = randomSchema();
      const database = await openDatabase({ url, schema: other });
      await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      await database.close();
      await dropSchema(url, other);
    });
  });

  describe('a lost connection', () => {
    afterEach(close);

    test('in the middle of a transaction breaks the ledger', async () => {
      const database = await open();
      await resetTables(database);
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      const cut = ledger.transact(async (tx) => {
        tx.append(numbered(1));
        await terminate(
          url,
          schema,
          `state = 'idle in transaction' AND query LIKE '%journal_head%'`,
        );
        await tx.intentsWithStatus('NEW');
      });
      await expect(cut).rejects.toThrow('The database failed');
      await expectBroken(ledger);
    });

    test('that held the writer lock stops the writer before another may start', async () => {
      const database = await open();
      await resetTables(database);
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      await terminate(url, schema, HOLDS_WRITER_LOCK);
      await expect.poll(() => database.fault).toContain('writer lock was lost');
      await ledger.append(numbered(1));
      await expect(ledger.flush()).rejects.toThrow('writer lock was lost');
      await expectBroken(ledger);
    });
  });

  test('closes its last database before writers are killed', close);
  crashContract('PostgreSQL', () => ({ url, schema }));
});

describe('a PostgreSQL that cannot be used', () => {
  test('is named in one sentence without its password', async () => {
    const url = 'postgres://trader:s3cr%65t@127.0.0.1:1/books';
    const error: unknown = await openDatabase({ url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    const { message, cause } = error as DatabaseUnavailable;
    expect(message).toBe(
      'PostgreSQL at 127.0.0.1:1/books cannot be used: connect ECONNREFUSED 127.0.0.1:1',
    );
    expect(cause).toBeUndefined();
  });

  test('is refused when the address is none, without printing it', async () => {
    for (const url of ['mysql://u:s3cret@h/d', 'u:s3cret@h', '']) {
      const opening = openDatabase({ url });
      await expect(opening).rejects.toThrow(DatabaseUnavailable);
      await expect(opening).rejects.not.toThrow('s3cret');
    }
  });

  test('is refused when the schema would not be a plain name', async () => {
    const opening = openDatabase({ url: 'postgres://127.0.0.1:1/x', schema: 'a; drop' });
    await expect(opening).rejects.toThrow('The schema "a; drop" must be');
  });
});

function withApplicationName(server: string, name: string): string {
  const url = new URL(server);
  url.searchParams.set('application_name', name);
  return url.href;
}

const HOLDS_WRITER_LOCK = `pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)`;

/** Ends server sessions of one application, as an operator or a failing network would. */
async function terminate(server: string, application: string, where: string): Promise<void> {
  await onServer(server, (client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND pid <> pg_backend_pid() AND ${where}`,
      [application],
    ),
  );
}

/** How many sessions of one application wait for a lock. */
async function waitingFor(server: string, application: string): Promise<number> {
  const { rowCount } = await onServer(server, (client) =>
    client.query(
      `SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`,
      [application],
    ),
  );
  return rowCount ?? 0;
}
