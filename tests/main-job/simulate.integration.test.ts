import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { writeCandles } from '../support/candles.ts';
import { beginPlimsoll, inFolder, plimsoll } from '../support/cli.ts';
import { describeWithData } from '../support/data.ts';
import { describePostgres, dropSchema, onServer, randomSchema } from '../support/postgres.ts';
import { onEmbedded } from '../support/embedded.ts';

interface Result {
  readonly cycles: number;
  readonly proposals: number;
  readonly denials: Readonly<Record<string, number>>;
  readonly approvals: number;
  readonly orders: number;
  readonly fills: number;
  readonly finalEquity: string;
  readonly journalLength: number;
  readonly headHash: string;
  readonly seconds: number;
  readonly cyclesPerSecond: number;
}

async function simulate(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Result> {
  const { code, stdout, stderr } = await plimsoll(['simulate', '--json', ...args], env);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Result;
}

describe('simulate', () => {
  test('prints one object with everything it did', () =>
    inFolder(async (folder) => {
      const result = await simulate(['--data', await writeCandles(folder, 900)]);
      expect(result.cycles).toBe(900);
      expect(result.proposals).toBeGreaterThan(0);
      expect(result.approvals).toBe(result.proposals);
      expect(result.fills).toBeGreaterThan(result.approvals);
      expect(result.orders).toBeGreaterThanOrEqual(3 * result.approvals);
      expect(result.finalEquity).toMatch(/^\d+(\.\d+)?$/);
      expect(result.headHash).toMatch(/^[0-9a-f]{64}$/);
      expect(result.journalLength).toBeGreaterThan(900);
      expect(result.cyclesPerSecond).toBeGreaterThan(0);
    }));

  test('with nobody to approve, nothing is sent', () =>
    inFolder(async (folder) => {
      const result = await simulate([
        '--data',
        await writeCandles(folder, 900),
        '--approver',
        'none',
      ]);
      expect(result.proposals).toBeGreaterThan(0);
      expect([result.approvals, result.orders, result.fills]).toEqual([0, 0, 0]);
      expect(result.finalEquity).toBe('10000');
    }));

  test('another seed is another journal, the same seed the same one, in memory and embedded', () =>
    inFolder(async (folder) => {
      const data = await writeCandles(folder, 700);
      const first = await simulate(['--data', data, '--seed', '7']);
      const other = await simulate(['--data', data, '--seed', '8']);
      const kept = await simulate([
        '--data',
        data,
        '--seed',
        '7',
        '--data-dir',
        join(folder, 'kept'),
      ]);
      expect(other.headHash).not.toBe(first.headHash);
      expect(kept.headHash).toBe(first.headHash);
      expect(existsSync(join(folder, 'kept'))).toBe(true);
    }));

  test('refuses a journal that is not empty, and goes on with its own when asked to', () =>
    inFolder(async (folder) => {
      const data = await writeCandles(folder, 500);
      const args = ['--data', data, '--data-dir', join(folder, 'kept')];
      await simulate(args);
      const again = await plimsoll(['simulate', ...args]);
      expect(again.code).toBe(2);
      expect(again.stderr).toContain('already holds');
      const resumed = await simulate([...args, '--resume']);
      expect(resumed.cycles).toBe(500);
      const foreign = await plimsoll(['simulate', ...args, '--resume', '--seed', '9']);
      expect(foreign.code).toBe(2);
      expect(foreign.stderr).toContain('it was begun as');
    }));
});

/** True once the journal holds a thousand events; the tables may not even be there yet. */
async function reached(client: pg.Client, schema: string): Promise<true | undefined> {
  const known = await client.query('SELECT to_regclass($1) AS head', [`${schema}.journal_head`]);
  if (known.rows[0]?.head === null) return undefined;
  const { rows } = await client.query<{ seq: string }>(`SELECT seq FROM ${schema}.journal_head`);
  return Number(rows[0]?.seq ?? 0) >= 1_000 ? true : undefined;
}

describePostgres('simulate on a PostgreSQL server', (url) => {
  test('gives the same head hash as in memory, and verify holds until a byte changes', () =>
    inFolder(async (folder) => {
      const data = await writeCandles(folder, 600);
      const schema = randomSchema();
      const env = { DATABASE_URL: url, DATABASE_SCHEMA: schema };
      try {
        const inMemory = await simulate(['--data', data]);
        const onPostgres = await simulate(['--data', data], env);
        expect(onPostgres.headHash).toBe(inMemory.headHash);
        const held = await plimsoll(['audit', 'verify', '--json'], env);
        expect([held.code, JSON.parse(held.stdout)]).toMatchObject([
          0,
          { ok: true, headHash: inMemory.headHash },
        ]);
        await onServer(url, async (client) => {
          await client.query(`ALTER TABLE ${schema}.journal DISABLE TRIGGER ALL`);
          await client.query(
            `UPDATE ${schema}.journal SET body = replace(body, '"GUIDE"', '"GUIDF"') WHERE seq = 1`,
          );
        });
        const broken = await plimsoll(['audit', 'verify'], env);
        expect(broken.code).toBe(3);
        expect(broken.stderr).toMatch(/event 1\b/i);
      } finally {
        await dropSchema(url, schema);
      }
    }));

  test('killed on the way and resumed, it ends with the same trades as uninterrupted', () =>
    inFolder(async (folder) => {
      const args = ['--data', await writeCandles(folder, 1_500)];
      const schema = randomSchema();
      const env = { DATABASE_URL: url, DATABASE_SCHEMA: schema };
      try {
        const kill = beginPlimsoll(['simulate', ...args], env);
        await eventually('a thousand events', () =>
          onServer(url, (client) => reached(client, schema)),
        );
        await kill();
        const { cycles, proposals, denials, orders, fills, finalEquity } = await simulate(args);
        const resumed = await simulate([...args, '--resume'], env);
        expect(resumed).toMatchObject({ cycles, proposals, denials, orders, fills, finalEquity });
        expect((await plimsoll(['audit', 'verify'], env)).code).toBe(0);
      } finally {
        await dropSchema(url, schema);
      }
    }));
});

describe('audit verify on the embedded database', () => {
  let folder: string;
  let pristine: string;
  let events: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
    pristine = join(folder, 'pristine');
    const data = await writeCandles(folder, 450);
    events = (await simulate(['--data', data, '--data-dir', pristine])).journalLength;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds on what was written', async () => {
    const { code, stdout } = await plimsoll(['audit', 'verify', '--data-dir', pristine, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, events }]);
  });

  test.each([
    [
      'one byte of a body',
      "UPDATE journal SET body = overlay(body placing 'X' from 20 for 1) WHERE seq = 40",
      40,
    ],
    [
      'one digit of a hash',
      "UPDATE journal SET hash = overlay(hash placing 'x' from 9 for 1) WHERE seq = 41",
      41,
    ],
    ['a row in the middle deleted', 'DELETE FROM journal WHERE seq = 42', 42],
    [
      'two rows exchanged',
      'UPDATE journal SET seq = 1000000 WHERE seq = 43; UPDATE journal SET seq = 43 WHERE seq = 44; UPDATE journal SET seq = 44 WHERE seq = 1000000',
      43,
    ],
    [
      'the last row deleted',
      'DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)',
      'last',
    ],
  ] as const)('exits 3 and names the place: %s', async (name, sql, seq) => {
    const dataDir = join(folder, name.replaceAll(' ', '-'));
    cpSync(pristine, dataDir, { recursive: true });
    await onEmbedded(dataDir, `ALTER TABLE journal DISABLE TRIGGER ALL; ${sql}`);
    const { code, stdout } = await plimsoll(['audit', 'verify', '--data-dir', dataDir, '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      brokenAtSeq: seq === 'last' ? events : seq,
    });
  });
});

describeWithData(
  'simulate on real markets',
  ['btcusd-coinbase-4h-2016-2024.csv', 'eurusd-1h-2017-2018.csv'],
  (bitcoin, euro) => {
    // Golden results: a change of any of these says in its commit why trading changed.
    test.each([
      [
        'bitcoin, four hours, eight years',
        bitcoin,
        {
          cycles: 18_895,
          proposals: 36,
          orders: 114,
          fills: 72,
          finalEquity: '10257.677253836933',
        },
      ],
      [
        'the euro, hourly',
        euro,
        { cycles: 5_000, proposals: 29, orders: 126, fills: 58, finalEquity: '10060.064084658' },
      ],
    ])('runs to the end and trades: %s', async (_, file, golden) => {
      expect(await simulate(['--data', file as string])).toMatchObject(golden);
    });
  },
);
