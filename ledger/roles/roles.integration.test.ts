/** The application's role on a real server: it adds to the journal, and can do nothing else to it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../domain/clock.ts';
import { approvalId } from '../../domain/ids.ts';
import {
  describePostgres,
  dropSchema,
  onServer,
  randomSchema,
} from '../../tests/support/postgres.ts';
import { type Database, DatabaseUnavailable, openDatabase } from '../database.ts';
import { guardFaults } from '../guards/guards.ts';
import { journalPages } from '../journal-pages.ts';
import { leadershipContract } from '../leadership.contract.ts';
import { ledgerContract } from '../ledger.contract.ts';
import { LEASE } from '../lease.ts';
import { LedgerBroken } from '../ledger.ts';
import { prepareTables } from '../prepare-tables.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { resetTables } from '../testing/reset-tables.ts';
import { dropRole, makeRole, unlocked, urlAs } from '../testing/roles.ts';
import { approval, intent, numbered, operator, START_MS } from '../testing/samples.ts';
import { verifyJournal } from '../verify.ts';
import { grantTo, RoleUnfit } from './grants.ts';
import { standingOf, standingWarning } from './standing.ts';

describePostgres('PostgreSQL as the role of the application', (server) => {
  const schema = randomSchema();
  const role = randomSchema();
  const url = urlAs(server, role);
  const owner = unlocked(server, schema);
  const clock = new ManualClock(START_MS);
  let app: Database;

  const fresh = async (): Promise<void> => {
    await resetTables(owner);
    await prepareTables(owner);
    await grantTo(owner, role);
  };
  beforeAll(async () => {
    await makeRole(server, role);
    await onServer(server, (client) => client.query(`CREATE SCHEMA ${schema}`));
    await fresh();
    app = await openDatabase({ url, schema });
  });
  afterAll(async () => {
    await app.close();
    await owner.close();
    await dropSchema(server, schema);
    await dropRole(server, role);
  });

  ledgerContract('PostgreSQL as the application', async (clock) => {
    await fresh();
    return openSqlLedger({ database: app, clock });
  });
  leadershipContract('PostgreSQL as the application', async () => {
    await fresh();
    return (clock) => openSqlLedger({ database: app, clock });
  });

  describe('what was written', () => {
    beforeAll(async () => {
      await fresh();
      const ledger = await openSqlLedger({ database: app, clock });
      await ledger.transact(async (tx) => {
        await tx.insertApproval(approval('a1'));
        await tx.insertIntent(intent('i1'));
        await tx.insertOperator(operator('ada'));
        tx.append(numbered(1));
      });
      await ledger.close();
    });

    const other = randomSchema();
    test.each([
      [`UPDATE journal SET body = body || ' '`],
      ['UPDATE journal SET seq = seq'],
      ['DELETE FROM journal'],
      ['TRUNCATE journal'],
      ['DROP TABLE journal CASCADE'],
      ['ALTER TABLE journal ADD COLUMN more text'],
      ['ALTER TABLE journal DISABLE TRIGGER journal_rows_stay'],
      ['ALTER TABLE journal DISABLE TRIGGER ALL'],
      ['ALTER TABLE journal OWNER TO CURRENT_USER'],
      ['ALTER TABLE journal DROP CONSTRAINT journal_pkey'],
      ['DROP TRIGGER journal_stays ON journal'],
      ['CREATE TRIGGER mine BEFORE INSERT ON journal EXECUTE FUNCTION journal_refuse_change()'],
      ['CREATE RULE mine AS ON INSERT TO journal DO INSTEAD NOTHING'],
      [
        `CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql
         AS 'BEGIN RETURN NEW; END'`,
      ],
      ['DO $$ BEGIN LOCK TABLE journal IN ACCESS EXCLUSIVE MODE; END $$'],
      ['SELECT FROM journal FOR UPDATE'],
      ['SET session_replication_role = replica'],
      ['DELETE FROM journal_head'],
      ['TRUNCATE journal_head'],
      ['INSERT INTO journal_head VALUES (2, 0, repeat($$0$$, 64), 0)'],
      ['UPDATE journal_head SET id = 2'],
      ['DELETE FROM leadership'],
      ['TRUNCATE leadership'],
      [`UPDATE approvals SET proposal = '{}'`],
      [`UPDATE approvals SET proposal_hash = repeat('0', 64)`],
      ['UPDATE approvals SET expires_at_ms = expires_at_ms + 1'],
      ['DELETE FROM approvals'],
      [`UPDATE order_intents SET order_text = '{}'`],
      [`UPDATE order_intents SET approval_id = 'a2'`],
      ['DELETE FROM order_intents'],
      [`UPDATE operators SET password_hash = 'mine'`],
      ['DELETE FROM operators'],
      [`UPDATE snapshots SET state = ''`],
      ['DELETE FROM ledger_migration'],
      ['SELECT FROM ledger_migration_lock'],
      ['CREATE TABLE mine ()'],
      ['CREATE VIEW mine AS TABLE journal'],
      [`ALTER SCHEMA ${schema} RENAME TO ${other}`],
      [`DROP SCHEMA ${schema} CASCADE`],
      [`SELECT setval(pg_get_serial_sequence('approvals', 'ordinal'), 1)`],
    ])('is not its to change: %s', async (statement) => {
      await expect(app.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
      expect(await verifyJournal(journalPages(owner))).toMatchObject({ ok: true, events: 1 });
      expect(await guardFaults(owner)).toEqual([]);
    });

    test('is not its to hand to others', async () => {
      await app.pool.query('GRANT ALL ON journal TO PUBLIC');
      const { rows } = await owner.pool.query(
        `SELECT grantee FROM information_schema.role_table_grants
         WHERE table_schema = $1 AND grantee = 'PUBLIC'`,
        [schema],
      );
      expect(rows).toEqual([]);
    });

    test('passes leadership only to a higher epoch', async () => {
      await expect(app.pool.query('UPDATE leadership SET epoch = 0')).rejects.toThrow(
        'only to a higher epoch',
      );
    });

    test('can be read, verified and examined by it', async () => {
      expect(await verifyJournal(journalPages(app))).toMatchObject({ ok: true, events: 1 });
      expect(await guardFaults(app)).toEqual([]);
      const reader = await openDatabase({ url, schema, readOnly: true });
      expect(await verifyJournal(journalPages(reader))).toMatchObject({ ok: true, events: 1 });
      await reader.close();
    });

    test('is continued after a restart, its rows as they were', async () => {
      const ledger = await openSqlLedger({ database: app, clock });
      await ledger.append(numbered(2));
      await ledger.close();
      const next = await openSqlLedger({ database: app, clock });
      expect(next.head.seq).toBe(2);
      expect(await next.rows((rows) => rows.approval(approvalId('a1')))).toEqual(approval('a1'));
    });
  });

  describe('another writer of the same role', () => {
    const silent = { renewEveryMs: 3_600_000, lastsMs: 1 };
    beforeEach(async () => {
      await app.close();
      await fresh();
    });
    afterEach(async () => {
      app = await openDatabase({ url, schema });
    });

    test('is kept out by one that works', async () => {
      const first = await openDatabase({ url, schema });
      await openSqlLedger({ database: first, clock });
      await expect(openDatabase({ url, schema, lease: LEASE })).rejects.toThrow(
        'another Plimsoll is writing',
      );
      await first.close();
    });

    test('takes over from one that hangs in a transaction, and deposes it', async () => {
      const first = await openDatabase({ url, schema, lease: silent });
      const ledger = await openSqlLedger({ database: first, clock });
      const hanging = ledger.transact(async (tx) => {
        await tx.insertIntent(intent('i1'));
        const second = await openDatabase({ url, schema, lease: silent });
        const next = await openSqlLedger({ database: second, clock });
        expect(next.epoch).toBe(2);
        await next.append(numbered(1));
        await next.close();
        await second.close();
      });
      await expect(hanging).rejects.toThrow(LedgerBroken);
      await expect.poll(() => first.fault).toContain('writer lock was lost');
      await first.close();
      expect(await verifyJournal(journalPages(owner))).toMatchObject({ ok: true, events: 1 });
    });
  });

  describe('tables that are not as they should be', () => {
    const open = () => openSqlLedger({ database: app, clock });

    test('of an older Plimsoll are for their owner to change, and it says so', async () => {
      await fresh();
      await owner.pool.query(`DELETE FROM ledger_migration WHERE name > '0003-leadership'`);
      await owner.pool.query('DROP TABLE snapshots');
      await owner.pool.query('DROP FUNCTION journal_keep');
      await owner.pool.query('ALTER TABLE journal_head DROP COLUMN commits');
      await expect(open()).rejects.toThrow(DatabaseUnavailable);
      await expect(open()).rejects.toThrow('run "plimsoll migrate" as their owner');
      await prepareTables(owner);
      await grantTo(owner, role);
      expect((await open()).epoch).toBe(1);
    });

    test('of a newer Plimsoll are left alone', async () => {
      await fresh();
      await owner.pool.query(`INSERT INTO ledger_migration VALUES ('9999-later', 'then')`);
      await expect(open()).rejects.toThrow('made by a newer Plimsoll (9999-later)');
    });

    test('that were never granted, or never made, are for their owner too', async () => {
      await resetTables(owner);
      await expect(open()).rejects.toThrow('run "plimsoll migrate" as their owner');
      await prepareTables(owner);
      await expect(open()).rejects.toThrow('run "plimsoll migrate" as their owner');
    });

    test('in a schema that is not there cannot be made', async () => {
      const opening = openDatabase({ url, schema: randomSchema() });
      await expect(opening).rejects.toThrow('permission denied for database');
    });
  });

  describe('the standing of a role', () => {
    const strong = randomSchema();
    beforeAll(fresh);
    beforeEach(() => makeRole(server, strong));
    afterEach(() => dropRole(server, strong));
    const standing = async (statement: string) => {
      await owner.pool.query(statement);
      return standingOf(owner.pool, strong);
    };

    test('of the application is nothing to warn of', async () => {
      const found = await standingOf(app.pool);
      expect(found).toEqual({ role, superuser: false, ownsJournal: false, mayRewrite: [] });
      expect(standingWarning(found)).toBeUndefined();
    });

    test('of a superuser is named in a sentence', async () => {
      const found = await standingOf(owner.pool);
      expect(found).toMatchObject({ superuser: true, ownsJournal: true, mayRewrite: [] });
      expect(standingWarning(found)).toBe(
        `The role ${found.role} could rewrite the journal: it is or can become a superuser; it owns the journal or can become its owner. Let another role own the tables with "plimsoll migrate", and run as one that only adds.`,
      );
    });

    test('of whoever may become the owner is the owner’s', async () => {
      const between = `${strong}_group`.slice(-60);
      try {
        await owner.pool.query(`CREATE ROLE ${between} NOINHERIT IN ROLE ${role}`);
        await owner.pool.query(`ALTER TABLE journal OWNER TO ${between}`);
        expect(await standing(`GRANT ${between} TO ${strong}`)).toMatchObject({
          ownsJournal: true,
        });
      } finally {
        await owner.pool.query('ALTER TABLE journal OWNER TO CURRENT_USER');
        await dropRole(server, between);
      }
    });

    test.each([
      ['GRANT DELETE ON journal TO', 'it may DELETE journal'],
      ['GRANT UPDATE ON journal TO', 'it may UPDATE journal'],
      ['GRANT UPDATE (at_ms) ON journal TO', 'it may UPDATE columns of journal'],
      ['GRANT TRUNCATE ON journal_head TO', 'it may TRUNCATE journal_head'],
      ['GRANT TRIGGER ON journal TO', 'it may TRIGGER journal'],
      [`GRANT CREATE ON SCHEMA ${schema} TO`, `it may CREATE in the schema ${schema}`],
      ['GRANT pg_execute_server_program TO', 'it is a member of pg_execute_server_program'],
    ])('counts %s', async (grant, way) => {
      const found = await standing(`${grant} ${strong}`);
      expect(found).toMatchObject({ superuser: false, ownsJournal: false, mayRewrite: [way] });
    });

    test('counts writing everything, and making roles', async () => {
      expect((await standing(`GRANT pg_write_all_data TO ${strong}`)).mayRewrite).toContain(
        'it is a member of pg_write_all_data',
      );
      expect((await standing(`ALTER ROLE ${strong} CREATEROLE`)).mayRewrite).toContain(
        "it may make roles, and so join the owner's",
      );
    });

    test('is unfit for the application when it could rewrite the journal, and then nothing is granted', async () => {
      await owner.pool.query(`GRANT pg_write_all_data TO ${strong}`);
      await expect(grantTo(owner, strong)).rejects.toThrow(RoleUnfit);
      await expect(grantTo(owner, strong)).rejects.toThrow('could rewrite the journal');
      const { rows } = await owner.pool.query(
        `SELECT has_table_privilege($1, 'approvals', 'SELECT') AS may,
           has_schema_privilege($1, $2, 'USAGE') AS sees`,
        [strong, schema],
      );
      // Reading is what pg_write_all_data does not give.
      expect(rows).toEqual([{ may: false, sees: true }]);
    });

    test('loses by a second grant what it was given in between', async () => {
      await owner.pool.query(`GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO ${role}, PUBLIC`);
      expect((await standingOf(app.pool)).mayRewrite).not.toEqual([]);
      await grantTo(owner, role);
      expect((await standingOf(app.pool)).mayRewrite).toEqual([]);
    });

    test('is asked only of roles that exist and have plain names', async () => {
      await expect(grantTo(owner, 'nobody_at_all')).rejects.toThrow('There is no role');
      await expect(grantTo(owner, 'x; DROP TABLE journal')).rejects.toThrow('must be lower-case');
    });
  });
});
