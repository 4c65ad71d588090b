/** PostgreSQL's own tools on our tables: what comes out on the other side still proves itself. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareStorage } from '../../apps/storage.ts';
import { ManualClock } from '../../domain/clock.ts';
import {
  describePostgres,
  dropSchema,
  onServer,
  randomSchema,
} from '../../tests/support/postgres.ts';
import { openDatabase } from '../database.ts';
import { guardFaults } from '../guards/guards.ts';
import { journalPages } from '../journal-pages.ts';
import type { Ledger } from '../ledger.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { contentsOf } from '../testing/backups.ts';
import { approval, numbered, START_MS } from '../testing/samples.ts';
import { verifyJournal } from '../verify.ts';

const isThere = (tool: string): boolean => {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const MISSING = ['pg_dump', 'psql'].filter((tool) => !isThere(tool));

const LACKING = MISSING.length === 0 ? '' : ` (needs ${MISSING.join(', ')})`;
describe.skipIf(MISSING.length > 0)(`PostgreSQL's own tools${LACKING}`, () => {
  describePostgres('on one server', (url) => {
    const schema = randomSchema();
    const other = randomSchema();
    const target = new URL(url);
    target.pathname = `/${other}`;
    beforeAll(() => onServer(url, (client) => client.query(`CREATE DATABASE ${other}`)));
    afterAll(async () => {
      await dropSchema(url, schema);
      await onServer(url, (client) => client.query(`DROP DATABASE ${other} WITH (FORCE)`));
    });

    test('carry a journal that is being written into another database, guards and all', async () => {
      const source = await openDatabase({ url, schema });
      await prepareStorage(source, schema);
      const ledger = await openSqlLedger({ database: source, clock: new ManualClock(START_MS) });
      await ledger.transact((tx) => tx.insertApproval(approval('a1')));
      for (let number = 1; number <= 1_500; number++) await ledger.append(numbered(number));
      await ledger.flush();
      const { seq: atLeast } = ledger.head;

      const dumping = dumpInto(url, schema, target.href);
      await writeUntil(ledger, dumping);
      const { seq: atMost } = ledger.head;
      await ledger.close();
      await source.close();

      const restored = await openDatabase({ url: target.href, schema });
      expect(await guardFaults(restored)).toEqual([]);
      const verified = await verifyJournal(journalPages(restored));
      expect(verified).toMatchObject({ ok: true });
      const { events } = verified as { readonly events: number };
      expect(events).toBeGreaterThanOrEqual(atLeast);
      expect(events).toBeLessThanOrEqual(atMost);
      expect(await contentsOf(restored)).toMatchObject({ approvals: [{ id: 'a1' }] });
      const next = await openSqlLedger({ database: restored, clock: new ManualClock(START_MS) });
      expect([next.head.seq, next.epoch]).toEqual([events, 2]);
      await next.append(numbered(1));
      await next.close();
      await restored.close();
    });
  });
});

/** As the documentation says it. */
function dumpInto(url: string, schema: string, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const dump = spawn('pg_dump', ['--schema', schema, '--no-owner', url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const load = execFile(
      'psql',
      ['--quiet', '--set', 'ON_ERROR_STOP=1', '--single-transaction', target],
      (error) => (error === null ? resolve() : reject(error)),
    );
    if (load.stdin !== null) dump.stdout.pipe(load.stdin);
  });
}

async function writeUntil(ledger: Ledger, work: Promise<void>): Promise<void> {
  const writing = { done: false };
  const over = work.finally(() => {
    writing.done = true;
  });
  for (let number = 0; !writing.done; number++) {
    await ledger.append(numbered(number));
    await ledger.flush();
  }
  await over;
}
