/** Backups of one engine restored into the other, and everything that keeps a restore from happening. */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { prepareStorage } from '../../apps/storage.ts';
import { ManualClock } from '../../domain/clock.ts';
import { approvalId } from '../../domain/ids.ts';
import { BTC } from '../../domain/testing/samples.ts';
import {
  describePostgres,
  dropSchema,
  onServer,
  randomSchema,
} from '../../tests/support/postgres.ts';
import { type Database, DatabaseUnavailable, openDatabase } from '../database.ts';
import { guardFaults } from '../guards/guards.ts';
import { journalPages } from '../journal-pages.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { contentsOf, readLines, writeLines } from '../testing/backups.ts';
import { resetTables } from '../testing/reset-tables.ts';
import { approval, intent, numbered, operator, START_MS } from '../testing/samples.ts';
import { placesIn } from './finish-restore.ts';
import { BackupDamaged, type BackupHeader, BackupUnusable } from './format.ts';
import { rebuild, type RestoreOrder } from './rebuild.ts';
import { restoreDirectory } from './restore-directory.ts';
import { restoreSchema } from './restore-schema.ts';
import { writeBackup } from './write-backup.ts';

const AT_MS = Date.UTC(2026, 0, 5, 12);
const EVENTS = 2_345;
const folder = await mkdtemp(join(tmpdir(), 'plimsoll-backup-'));
afterAll(() => rm(folder, { recursive: true }));

const prepare = (database: Database, schema: string): Promise<void> =>
  prepareStorage(database, schema);
const orderFor = (file: string, change: Partial<RestoreOrder> = {}): RestoreOrder => ({
  file,
  prepare,
  instruments: new Map([[BTC.id, BTC]]),
  judge: async () => undefined,
  onProgress: () => {},
  ...change,
});
const backUp = (database: Database, file: string) =>
  writeBackup(database, { file, version: '0.1.0', atMs: AT_MS });

/** A journal, and something in every table. */
async function fill(database: Database, schema: string): Promise<void> {
  await prepare(database, schema);
  const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
  await ledger.transact(async (tx) => {
    await tx.insertApproval({
      ...approval('a1'),
      proposal: '{"note":"naïve ✓ \\\\ {,} \\"NULL\\""}',
    });
    await tx.insertApproval(approval('a2'));
    await tx.moveApproval(approvalId('a2'), { status: 'PENDING', version: 1 }, 'DECLINED');
    await tx.insertIntent(intent('i1'));
    await tx.insertOperator(operator('ada'));
    tx.append(numbered(1));
  });
  for (let number = 2; number <= EVENTS; number++) await ledger.append(numbered(number));
  await ledger.close();
  await database.pool.query(
    `INSERT INTO checkpoints VALUES ('t', '', 'c1', NULL, 'json', '{"a": [1, "\\u00e4"]}', '{}')`,
  );
  await database.pool.query(
    `INSERT INTO checkpoint_blobs VALUES ('t', '', 'ch', '1', 'bytes', '\\x00ff5c22'),
       ('t', '', 'ch', '2', 'empty', NULL)`,
  );
  await database.pool.query(
    `INSERT INTO checkpoint_writes VALUES ('t', '', 'c1', 'task', 0, 'ch', 'json', '\\x7b7d')`,
  );
}

async function expectSame(database: Database, before: Record<string, unknown>): Promise<void> {
  expect(await contentsOf(database)).toEqual(before);
  expect(await guardFaults(database)).toEqual([]);
}

/** It goes on where it ended: the chain, the epochs, the order of rows. */
async function expectContinues(database: Database): Promise<void> {
  const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
  expect([ledger.head.seq, ledger.epoch]).toEqual([EVENTS, 2]);
  await ledger.append(numbered(1));
  await ledger.transact((tx) => tx.insertApproval(approval('a3')));
  const waiting = await ledger.rows((rows) => rows.approvalsWithStatus('PENDING'));
  expect(waiting.map(({ id }) => id)).toEqual(['a1', 'a3']);
  await ledger.close();
}

const embedded = join(folder, 'embedded');
/** A directory of somebody else, which must stay as it is until the last moment. */
const mine = join(folder, 'mine');
const file = join(folder, 'embedded.backup.gz');
let contents: Record<string, unknown>;
beforeAll(async () => {
  const database = await openDatabase({ dataDir: embedded });
  await fill(database, 'public');
  await backUp(database, file);
  contents = await contentsOf(database);
  await database.close();
  const other = await openDatabase({ dataDir: mine });
  await other.pool.query('CREATE TABLE mine ()');
  await other.close();
});

let places = 0;
const emptyPlace = (): string => join(folder, `place-${places++}`);

/** A copy: making a new cluster takes seconds. */
async function placeLike(dataDir: string): Promise<string> {
  const place = emptyPlace();
  await cp(dataDir, place, { recursive: true });
  return place;
}

const stillMine = (dataDir: string): Promise<unknown> =>
  inPlace(dataDir, (database) => database.pool.query('SELECT FROM mine'));

async function inPlace<T>(dataDir: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ dataDir });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

describe('a backup', () => {
  test('is a file of its owner alone, and leaves no draft beside it', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('says what it is in its first line', () => {
    const [header] = readLines(file);
    expect(header).toMatchObject({
      format: 'plimsoll-backup/1',
      version: '0.1.0',
      at: '2026-01-05T12:00:00.000Z',
      head: { seq: EVENTS },
      epoch: 1,
      tables: expect.arrayContaining(['approvals', 'checkpoint_blobs', 'journal']),
    });
    expect((header as BackupHeader).commits).toBeGreaterThan(0);
  });

  test('that cannot be written leaves nothing and says why', async () => {
    await inPlace(embedded, async (database) => {
      await expect(backUp(database, join(folder, 'none', 'a.gz'))).rejects.toThrow('ENOENT');
      // The one session that there is was given back.
      expect(await contentsOf(database)).toEqual(contents);
    });
  });

  test('of a journal that does not hold is none', async () => {
    await inPlace(await placeLike(embedded), async (database) => {
      const bad = join(folder, 'bad.backup.gz');
      await database.pool.query('ALTER TABLE journal DISABLE TRIGGER USER');
      await database.pool.query(`UPDATE journal SET body = body || ' ' WHERE seq = 1500`);
      await expect(backUp(database, bad)).rejects.toThrow('does not hold at event 1500');
      await database.pool.query('DELETE FROM journal WHERE seq > 1400');
      await expect(backUp(database, bad)).rejects.toThrow('does not hold at event 1401');
      expect(existsSync(bad)).toBe(false);
      expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
    });
  });

  test('is consistent while the journal is written', async () => {
    const copy = join(folder, 'running.backup.gz');
    const head = await inPlace(await placeLike(embedded), async (database) => {
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      const writing = { done: false };
      const backing = backUp(database, copy).finally(() => {
        writing.done = true;
      });
      for (let number = 0; !writing.done; number++) {
        await ledger.transact(async (tx) => {
          await tx.insertIntent(intent(`while-${number}`));
          tx.append({ ...numbered(number), correlationId: `while-${number}` });
        });
        // The embedded engine never waits for anything outside; files and compression need a turn too.
        await new Promise((resolve) => void setImmediate(resolve));
      }
      const { head } = await backing;
      expect(ledger.head.seq).toBeGreaterThan(head.seq);
      await ledger.close();
      return head;
    });
    await inPlace(await placeLike(mine), async (database) => {
      await rebuild(database, 'public', orderFor(copy));
      const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
      expect(ledger.head).toEqual(head);
      // Rows and events were written together, and are there together.
      const intents = await ledger.rows((rows) => rows.intentsWithStatus('NEW'));
      expect(intents).toHaveLength(1 + head.seq - EVENTS);
      await ledger.close();
    });
  });
});

describe('a restore into a directory', () => {
  test('gives back every row as it was, and goes on', async () => {
    const dataDir = emptyPlace();
    const stages: string[] = [];
    const { before, backup } = await restoreDirectory(
      dataDir,
      AT_MS,
      orderFor(file, { onProgress: (stage) => void stages.push(stage) }),
    );
    expect([before, backup.head.seq]).toEqual([undefined, EVENTS]);
    expect([...new Set(stages)]).toEqual(['LOADING', 'VERIFYING', 'FOLDING']);
    await inPlace(dataDir, async (database) => {
      await expectSame(database, contents);
      await expectContinues(database);
    });
    expect(await readdir(dataDir)).toEqual(['pglite']);
  });

  test('keeps what was in place, with the time in its name', async () => {
    const dataDir = await placeLike(mine);
    const { before } = await restoreDirectory(dataDir, AT_MS, orderFor(file));
    expect(before).toBe(join(dataDir, 'pglite.before-restore-20260105T120000Z'));
    await inPlace(dataDir, (database) => expectSame(database, contents));
    const old = emptyPlace();
    await mkdir(old);
    await rename(before ?? '', join(old, 'pglite'));
    await stillMine(old);
  });

  test('that cannot be leaves what is in place, and nothing beside it', async () => {
    const dataDir = await placeLike(mine);
    const judge = async (): Promise<string> => 'No.';
    const judged = restoreDirectory(dataDir, AT_MS, orderFor(file, { judge }));
    await expect(judged).rejects.toThrow('No.');
    expect(await readdir(dataDir)).toEqual(['pglite']);
    await stillMine(dataDir);
  });

  test('is refused while somebody uses it', async () => {
    const dataDir = await placeLike(mine);
    await inPlace(dataDir, async () => {
      const restoring = restoreDirectory(dataDir, AT_MS, orderFor(file));
      await expect(restoring).rejects.toThrow(DatabaseUnavailable);
      await expect(restoring).rejects.toThrow('in use by this process; stop that first');
    });
    expect(await readdir(dataDir)).toEqual(['pglite']);
  });

  describe('that was cut off', () => {
    const setUp = async (): Promise<string> => {
      const dataDir = await placeLike(mine);
      await rename(await placeLike(embedded), placesIn(dataDir).staging);
      return dataDir;
    };

    test('before everything was proven never happened, and can be begun again', async () => {
      const dataDir = await setUp();
      await stillMine(dataDir);
      await restoreDirectory(dataDir, AT_MS, orderFor(file));
      await inPlace(dataDir, (database) => expectSame(database, contents));
    });

    test('before the old database went aside never happened', async () => {
      const dataDir = await setUp();
      await writeFile(placesIn(dataDir).mark, '');
      await stillMine(dataDir);
      expect(await readdir(dataDir)).toEqual(['pglite']);
    });

    test('after the old database went aside is finished by the next opening, also for reading', async () => {
      for (const readOnly of [false, true]) {
        const dataDir = await setUp();
        const { database, mark } = placesIn(dataDir);
        await writeFile(mark, '');
        await rename(database, `${database}.before-restore-x`);
        const opened = await openDatabase({ dataDir, readOnly });
        await expectSame(opened, contents);
        await opened.close();
        expect(await readdir(dataDir)).toEqual(['pglite', 'pglite.before-restore-x']);
      }
    });

    test('after both changed places only tidies up', async () => {
      const dataDir = await setUp();
      const { database, staged, mark } = placesIn(dataDir);
      await writeFile(mark, '');
      await rename(database, `${database}.before-restore-x`);
      await rename(staged, database);
      await inPlace(dataDir, (opened) => expectSame(opened, contents));
      expect(await readdir(dataDir)).toEqual(['pglite', 'pglite.before-restore-x']);
    });
  });
});

describe('a backup is not restored', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ dataDir: await placeLike(mine) });
  });
  beforeEach(() => resetTables(database));
  afterAll(() => database.close());
  const restoring = (lines: readonly unknown[], change: Partial<RestoreOrder> = {}) => {
    const changed = join(folder, 'changed.backup.gz');
    writeLines(changed, lines);
    return rebuild(database, 'public', orderFor(changed, change));
  };
  const lines = (): readonly unknown[] => readLines(file);
  /** Changes the row of an event, under an end that fits. */
  const withEvent = (seq: number, change: (row: readonly string[]) => readonly unknown[]) =>
    lines().flatMap((line) => {
      const isIt = Array.isArray(line) && line.length === 8 && line[0] === `${seq}`;
      return isIt ? change(line as string[]) : [line];
    });

  test('from a file that is no backup', async () => {
    const none = join(folder, 'notes.txt');
    await writeFile(none, 'nothing');
    await expect(rebuild(database, 'public', orderFor(none))).rejects.toThrow(BackupUnusable);
  });

  test.each([
    [
      'a body',
      900,
      ([a, b, c, d, e, f, g, h]: readonly string[]) => [[a, b, c, d, e, `${f} `, g, h]],
      'Event 900 is not what was hashed',
    ],
    [
      'a time',
      900,
      ([a, , ...rest]: readonly string[]) => [[a, '1', ...rest]],
      'Column atMs of event 900',
    ],
    ['an event less', 900, () => [], 'Event 900 is missing'],
    ['the last event less', EVENTS, () => [], 'the tail was cut'],
    [
      'an event twice',
      900,
      (row: readonly string[]) => [row, row],
      'journal does not take its rows',
    ],
  ])('with %s changed under an end that fits', async (_, seq, change, sentence) => {
    const restored = restoring(withEvent(seq, change));
    await expect(restored).rejects.toThrow(BackupDamaged);
    await expect(restored).rejects.toThrow(sentence);
  });

  test('with a tail that was cut and a head that was set back to fit the rows, but not the first line', async () => {
    const [header, ...rest] = withEvent(EVENTS, () => []);
    const last = rest.findLast((line) => Array.isArray(line)) as readonly string[];
    const changed = rest.map((line) =>
      Array.isArray(line) && line[1] === `${EVENTS}` && line[0] === '1'
        ? [line[0], last[0], last[7], ...line.slice(3)]
        : line,
    );
    await expect(restoring([header, ...changed])).rejects.toThrow('and the backup says');
  });

  test('where it does not agree with what somebody else knows', async () => {
    const heard: unknown[] = [];
    const judging = restoring(lines(), {
      judge: async (restored, { head, commits }) => {
        for await (const { rows } of journalPages(restored)) heard.push(rows.length);
        return head.seq === EVENTS && commits > 0 ? 'A checkpoint knows better.' : undefined;
      },
    });
    await expect(judging).rejects.toThrow(BackupDamaged);
    await expect(judging).rejects.toThrow('A checkpoint knows better.');
    expect(heard.length).toBeGreaterThan(2);
  });

  test('where the journal cannot be folded', async () => {
    const fold = join(folder, 'fold.backup.gz');
    await prepare(database, 'public');
    const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
    // Of an order that nobody ever sent.
    await ledger.append({
      ...numbered(1),
      type: 'order.accepted',
      body: { orderId: 'o' },
    } as never);
    await ledger.close();
    await backUp(database, fold);
    await resetTables(database);
    const folding = rebuild(database, 'public', orderFor(fold));
    await expect(folding).rejects.toThrow('cannot be folded from event 1 on');
  });

  test('twice into one place', async () => {
    await restoring(lines());
    await expect(restoring(lines())).rejects.toThrow('does not take its rows');
    await expectSame(database, contents);
  });

  test('with tables, columns or migrations of a newer Plimsoll', async () => {
    const [header, ...rest] = lines() as readonly [BackupHeader, ...unknown[]];
    const newer = { ...header, migrations: [...header.migrations, '9999-later'] };
    await expect(restoring([newer, ...rest])).rejects.toThrow(
      'made by a newer Plimsoll (9999-later)',
    );
    const tables = [...header.tables, 'later'];
    const more = [{ ...header, tables }, ...rest, { table: 'later', columns: ['a'] }, ['1']];
    await expect(restoring(more)).rejects.toThrow('holds later, which this Plimsoll does not know');
    const columns = rest.map((line) =>
      JSON.stringify(line).startsWith('{"table":"operators"')
        ? { table: 'operators', columns: ['name', 'password_hash', 'a" b'] }
        : line,
    );
    await expect(restoring([header, ...columns])).rejects.toThrow(BackupUnusable);
  });
});

describePostgres('a restore into a schema of PostgreSQL', (url) => {
  let schema: string;
  const staging = (): string => `${schema}_restoring`;
  const schemas = (): Promise<readonly string[]> =>
    onServer(url, async (client) => {
      const { rows } = await client.query<{ nspname: string }>(
        `SELECT nspname FROM pg_namespace WHERE nspname LIKE $1`,
        [`${schema}%`],
      );
      return rows.map(({ nspname }) => nspname);
    });
  const inSchema = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase({ url, schema });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  beforeEach(() => {
    schema = randomSchema();
  });
  afterEach(async () => {
    await dropSchema(url, staging());
    await dropSchema(url, schema);
  });

  test('gives back every row of an embedded one, and goes on', async () => {
    const backup = await restoreSchema({ url, schema }, orderFor(file));
    expect(backup.head.seq).toBe(EVENTS);
    expect(await schemas()).toEqual([schema]);
    await inSchema(async (database) => {
      await expectSame(database, contents);
      await prepare(database, schema);
      await expectContinues(database);
    });
  });

  test('gives back every row of another schema, and an embedded one too', async () => {
    const copy = join(folder, 'server.backup.gz');
    const before = await inSchema(async (database) => {
      await fill(database, schema);
      await backUp(database, copy);
      const found = await contentsOf(database);
      await resetTables(database);
      return found;
    });
    await restoreSchema({ url, schema }, orderFor(copy));
    await inSchema((database) => expectSame(database, before));
    await inPlace(await placeLike(mine), async (database) => {
      await resetTables(database);
      await rebuild(database, 'public', orderFor(copy));
      // The two servers may write a moment in another zone.
      const { leadership: _there, ...rest } = before;
      const { leadership: _here, ...found } = await contentsOf(database);
      expect(found).toEqual(rest);
      await expectContinues(database);
    });
  });

  test('is refused where there is anything already', async () => {
    await inSchema((database) => database.pool.query('CREATE TABLE mine ()'));
    const restoring = restoreSchema({ url, schema }, orderFor(file));
    await expect(restoring).rejects.toThrow(BackupUnusable);
    await expect(restoring).rejects.toThrow(`The schema ${schema} holds mine already`);
    expect(await schemas()).toEqual([schema]);
  });

  test('is refused while somebody writes there', async () => {
    await inSchema(async () => {
      await expect(restoreSchema({ url, schema }, orderFor(file))).rejects.toThrow(
        'another Plimsoll is writing',
      );
    });
  });

  test('that fails leaves the schema empty and nothing beside it', async () => {
    const judge = async (): Promise<string> => 'No.';
    await expect(restoreSchema({ url, schema }, orderFor(file, { judge }))).rejects.toThrow('No.');
    expect(await schemas()).toEqual([schema]);
    await restoreSchema({ url, schema }, orderFor(file));
  });

  test('replaces what a restore that was killed has left, and nothing else of that name', async () => {
    await onServer(url, (client) => client.query(`CREATE SCHEMA ${staging()}`));
    await expect(restoreSchema({ url, schema }, orderFor(file))).rejects.toThrow(
      `needs the schema ${staging()}`,
    );
    await onServer(url, (client) =>
      client.query(`CREATE TABLE ${staging()}.half (); COMMENT ON SCHEMA ${staging()} IS
        'A restore by Plimsoll that is not finished; it may be dropped.'`),
    );
    await restoreSchema({ url, schema }, orderFor(file));
    expect(await schemas()).toEqual([schema]);
  });
});
