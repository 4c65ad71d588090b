/** An embedded database that fails a trading desk: full, damaged, or wanted by two. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS, ManualClock } from '../../domain/clock.ts';
import { ETH, START_MS } from '../../domain/testing/samples.ts';
import { KillSwitch } from '../../execution/kill-switch.ts';
import { openDatabase } from '../../ledger/database.ts';
import { openSqlLedger } from '../../ledger/sql-ledger.ts';
import { runScript } from '../../ledger/testing/run-script.ts';
import { type Desk, PERSON } from '../support/desk.ts';
import { Api } from '../support/api.ts';
import { inFolder, plimsoll, startPlimsoll } from '../support/cli.ts';
import { flipped } from './damage.ts';
import { proposalOf, replayOf } from './replay.ts';
import { FaultHouse, idOf, type Life } from './fault-house.ts';
import { describeSmallDisk, SmallDisk } from './small-disk.ts';

let folder: string;
/** An empty journal to copy: making one takes longer than everything that is tested. */
let empty: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-faults-'));
  empty = join(folder, 'empty');
  const database = await openDatabase({ dataDir: empty });
  await (await openSqlLedger({ database, clock: new ManualClock(0) })).close();
  await database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a desk on an embedded database', () => {
  let dataDir: string;
  let house: FaultHouse;

  beforeEach(() => {
    dataDir = mkdtempSync(join(folder, 'desk-'));
    cpSync(empty, dataDir, { recursive: true });
    house = new FaultHouse({ dataDir });
  });
  afterEach(() => house.endAll());

  test('with a damaged page does not start, says where, and starts once it is repaired', async () => {
    const life = await house.begin();
    const files = await filesOf(life);
    await life.end();
    const seen = house.venue.received.length;
    for (const { what, file, at, because } of [
      { what: 'the journal', file: files.journal, at: 5_000, because: IN_PAGE },
      { what: 'its index', file: files.index, at: 12_000, because: IN_PAGE },
      { what: 'its head', file: files.head, at: 8_100, because: IN_PAGE },
      { what: 'the intents', file: files.intents, at: 8_100, because: IN_PAGE },
      { what: 'pg_control', file: 'global/pg_control', at: 100, because: NOT_OPENED },
    ]) {
      const path = join(dataDir, 'pglite', file);
      const whole = readFileSync(path);
      writeFileSync(path, flipped(whole, at));
      await expect(
        house.open().then((opened) => house.next(opened.desk)),
        what,
      ).rejects.toThrow(because);
      await house.endAll();
      writeFileSync(path, whole);
    }
    expect(house.venue.received).toHaveLength(seen);
    await house.expectRecovery();
  });

  test('that another process wants too keeps it to itself', async () => {
    const life = await house.begin();
    const second = runScript('leader.ts', JSON.stringify({ dataDir }));
    expect(await second.heard()).toBe(
      `stopped: The database in ${dataDir} is in use by process ${process.pid}; stop that first, or use another directory.`,
    );
    expect(await second.ended).toBe(1);
    expect(await house.next(life.desk)).toEqual({ kind: 'SENT' });
  });
});

describe('a server on an embedded database', () => {
  test('keeps a second one out, and does not start on a damaged page', () =>
    inFolder(async (work) => {
      const dataDir = join(work, 'kept');
      cpSync(empty, dataDir, { recursive: true });
      const args = [...(await replayOf(work)), '--data-dir', dataDir];
      const startAgain = () => plimsoll(['start', '--port', '0', ...args]);
      const first = await startPlimsoll(args);
      try {
        await proposalOf(new Api(first.url));
        const second = await startAgain();
        expect(second.code).toBe(1);
        expect(second.stderr).toBe(
          `error  The database in ${dataDir} is in use by process ${first.child.pid}; stop that first, or use another directory.\n`,
        );
      } finally {
        await first.end('SIGKILL');
      }
      await damageJournal(dataDir);
      const third = await startAgain();
      expect(third.code).toBe(1);
      expect(third.stderr).toMatch(
        /^error  The database failed: invalid page in block 0 of relation ".+"\n$/,
      );
      const verified = await plimsoll(['audit', 'verify', '--data-dir', dataDir]);
      expect(verified.code).not.toBe(0);
      expect(verified.stderr).toContain('invalid page in block 0');
    }));
});

/** As a machine whose time was set: what was recorded before it lies in the future. */
class SetBack extends ManualClock {
  backMs = 0;

  override now(): number {
    return super.now() - this.backMs;
  }

  override advanceTo(ms: number): void {
    super.advanceTo(ms + this.backMs);
  }
}

describe('a desk whose clock goes back an hour', () => {
  let house: FaultHouse;

  beforeEach(() => {
    const dataDir = mkdtempSync(join(folder, 'clock-'));
    cpSync(empty, dataDir, { recursive: true });
    house = new FaultHouse({ dataDir });
  });
  afterEach(() => house.endAll());

  test('while it runs opens nothing on a picture from the future, and still closes what is open', async () => {
    const clock = new SetBack(START_MS);
    const { desk } = await house.begin(clock);
    await desk.wait(60_000);
    clock.backMs = HOUR_MS;
    // The exchange keeps its time.
    house.venue.skewMs = HOUR_MS;
    expect(await house.next(desk)).toMatchObject({ kind: 'DENIED', code: 'SNAPSHOT_INCONSISTENT' });
    expect(await flatten(house, desk)).toMatchObject({ flat: true, leftOpen: [], recorded: true });
    expect(desk.ledger.broken).toBeUndefined();
    await house.expectOneAccount(desk);
    const times = (await desk.events()).map(({ atMs }) => atMs);
    expect(times).not.toEqual(times.toSorted((a, b) => a - b));
  });

  test('between two runs waits for it to come back to where the record ends', async () => {
    const { desk: before } = await house.begin();
    await before.wait(60_000);
    await house.endAll();
    house.venue.fill(idOf('held', 'STOP'), '49000');

    house.venue.skewMs = HOUR_MS;
    const clock = new ManualClock(START_MS - HOUR_MS);
    const { desk } = await house.open(clock);
    expect(desk.engine.reconciled).toBe(true);
    expect(desk.book.portfolio.positions.size).toBe(0);
    expect(house.preview(desk)).toContain('SNAPSHOT_INCONSISTENT');
    clock.advanceTo(START_MS + 60_000);
    house.venue.skewMs = 0;
    desk.mark('50000');
    desk.mark('2000', ETH);
    await desk.wait(1_000);
    expect(house.preview(desk)).toBe('CLEARED');
    expect(await house.next(desk)).toEqual({ kind: 'SENT' });
    await house.expectOneAccount(desk);
  });
});

/** The kill switch closes everything; the venue fills what is sent to it at the market. */
function flatten({ venue }: FaultHouse, { engine, guard, ledger, book, clock }: Desk) {
  const pause = async (ms: number): Promise<void> => {
    // The ledger is written in real time.
    await sleep(ms);
    clock.advanceTo(clock.now() + ms);
    for (const order of venue.resting.values())
      if (order.type === 'MARKET') venue.fill(order.id, '49900');
  };
  const killSwitch = new KillSwitch({ engine, guard, ledger, book, pause });
  return killSwitch.pull({ flatten: true, because: 'a test', by: PERSON });
}

describeSmallDisk('a desk on an embedded database on a full disk', () => {
  let disk: SmallDisk;
  let house: FaultHouse;

  beforeEach(() => {
    disk = SmallDisk.need(DISK_MEGABYTES);
    const dataDir = join(disk.path, 'desk');
    cpSync(empty, dataDir, { recursive: true });
    house = new FaultHouse({ dataDir });
  });
  afterEach(async () => {
    disk.empty();
    await house.endAll();
    disk.unmount();
  });

  test('sends nothing more when a table can not grow, and goes on once there is room', async () => {
    const life = await house.begin();
    disk.fill();
    await house.writeUntilBroken(life, 1);
    await house.expectStandstill(life, /^The database failed: .*No space left on device$/);
    await house.expectKilled(life);
    await life.end();
    disk.empty();
    await house.expectRecovery();
  });

  test('sends nothing more when the log of the engine can not grow, and does not hang', async () => {
    const life = await house.begin();
    disk.fill(BELOW_ONE_SEGMENT);
    await house.writeUntilBroken(life, 400);
    await house.expectStandstill(
      life,
      /^The database failed: PGlite gave up: could not write .*pg_wal.*No space left on device$/,
    );
    await house.expectKilled(life);
    await life.end();
    disk.empty();
    await house.expectRecovery();
  });
});

/** The engine's own files take half of it. */
const DISK_MEGABYTES = 80;
/** A segment of the engine's log has 16 megabytes. */
const BELOW_ONE_SEGMENT = 12 * 1_024 * 1_024;
const IN_PAGE = /^The database failed: invalid page in block \d of relation ".+"$/;
const NOT_OPENED =
  /^The database in .+ cannot be opened: PGlite failed to initialize properly; if its files are damaged, put a backup back with .+$/;

/** Where the engine keeps what a journal can not do without. */
async function filesOf({ database }: Life) {
  const { rows } = await database.pool.query<
    Record<'journal' | 'index' | 'head' | 'intents', string>
  >(
    `SELECT pg_relation_filepath('journal') AS journal, pg_relation_filepath('journal_pkey') AS index,
            pg_relation_filepath('journal_head') AS head, pg_relation_filepath('order_intents') AS intents`,
  );
  const [files] = rows;
  if (files === undefined) throw new Error('the engine did not say where its files are');
  return files;
}

async function damageJournal(dataDir: string): Promise<void> {
  const database = await openDatabase({ dataDir });
  const { rows } = await database.pool.query<{ path: string }>(
    `SELECT pg_relation_filepath('journal') AS path`,
  );
  await database.close();
  const file = join(dataDir, 'pglite', rows[0]?.path ?? '');
  writeFileSync(file, flipped(readFileSync(file), 5_000));
}
