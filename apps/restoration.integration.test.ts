/** A desk that is backed up while it runs, goes on, and is put back to where it was. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { money } from '../domain/units.ts';
import { placesIn } from '../ledger/backup/finish-restore.ts';
import { BTC_USD } from '../market/instruments/instruments.ts';
import { STANDARD } from '../risk-kernel/limits-in-force.ts';
import { yes } from '../tests/support/graph.ts';
import { describePostgres, dropSchema, onServer, randomSchema } from '../tests/support/postgres.ts';
import { dropRole, makeRole, urlAs } from '../ledger/testing/roles.ts';
import { candles, decideAll, feedOf, planned, playOn } from '../tests/support/world.ts';
import { EDGE } from './cli/edge.ts';
import { main } from './cli/main.ts';
import { auditStored, type Custody, openCustody } from './custody.ts';
import { openRuntime, type Runtime } from './runtime/runtime.ts';
import { auditDeskOf } from './server/audit-desk.ts';
import { openStored, type Stored, type StoredLocation } from './storage.ts';

const SHAPES = Array.from({ length: 12 }, (_, index) => [50_000 + index * 10] as const);
const feed = { ...feedOf(candles(50_000, SHAPES)), instrument: BTC_USD };
const strategies = [planned((bar) => (bar === 3 ? {} : undefined))];

interface House {
  readonly stored: Stored;
  readonly custody: Custody;
  readonly runtime: Runtime;
  close(): Promise<void>;
}

/** A process on what is stored, as a start makes it. */
async function openHouse(location: StoredLocation, cash = '10000'): Promise<House> {
  const clock = new ManualClock(0);
  const stored = await openStored(location, clock);
  const custody = await openCustody(stored, { feed, strategies }, EDGE);
  const runtime = await openRuntime({
    version: '0',
    feed,
    strategies,
    cash: money(cash),
    seed: 1,
    decisionMode: 'GUIDE',
    reasoner: yes,
    ledger: stored.ledger,
    checkpointer: stored.checkpointer,
    snapshots: custody.snapshots,
    clock,
    approvalMs: 3_600_000,
    limits: STANDARD,
    venueMode: 'SIMULATION',
    rehearse: 'calm',
    pause: async () => {},
  });
  return {
    stored,
    custody,
    runtime,
    async close() {
      await runtime.stop();
      await custody.checkpointer.close();
      await stored.close();
    },
  };
}

const waiting = ({ runtime }: House): readonly string[] =>
  runtime.parts.decisions
    .open()
    .filter(({ approvalStatus }) => approvalStatus === 'PENDING')
    .map(({ approvalId }) => approvalId ?? '');

const typesIn = async ({ stored }: House): Promise<readonly string[]> =>
  (await stored.ledger.read(0, 10_000)).map(({ event }) => event.type);

let folder: string;
/** What a command printed, and what it complained of. */
let said = '';
let warned = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-restoration-'));
  const listen = (hear: (text: string) => void) => (text: unknown) => {
    hear(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(
    listen((text) => {
      said += text;
    }),
  );
  vi.spyOn(process.stderr, 'write').mockImplementation(
    listen((text) => {
      warned += text;
    }),
  );
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** The answer of a command that prints one JSON object. */
async function told(...args: readonly string[]): Promise<Record<string, unknown>> {
  said = '';
  warned = '';
  const code = await main([...args, '--json']);
  expect({ code, warned }).toMatchObject({ code: 0 });
  return JSON.parse(said) as Record<string, unknown>;
}

async function refused(code: number, ...args: readonly string[]): Promise<string> {
  warned = '';
  expect([await main(args), warned]).toEqual([code, expect.stringContaining('error')]);
  return warned;
}

describe('an embedded desk', () => {
  let location: StoredLocation & { readonly kind: 'directory' };
  beforeEach(() => {
    location = { kind: 'directory', dataDir: join(folder, 'data') };
  });

  test('put back to a backup still has its proposal asleep, tells what is lost, and trades on', async () => {
    const first = await openHouse(location);
    await playOn(first.runtime, 'WAIT', 6);
    const asleep = waiting(first);
    expect(asleep).toHaveLength(1);
    const { path, events } = await auditDeskOf(
      first.custody,
      first.stored,
      first.runtime,
      location.dataDir,
    ).backup();
    expect(events).toBe(first.stored.ledger.head.seq);
    // What follows is signed, and is lost by the restore.
    await decideAll(first.runtime);
    expect(await typesIn(first)).toContain('order.submitting');
    await first.close();

    const answer = await told('restore', path, '--data-dir', location.dataDir);
    expect(answer).toMatchObject({ ok: true, events, lost: { upToSeq: events } });
    const second = await openHouse(location);
    expect(waiting(second)).toEqual(asleep);
    const types = await typesIn(second);
    expect(types.slice(events, events + 2)).toEqual(['journal.restored', 'system.started']);
    // It compared itself with the venue before anything else.
    expect(types.slice(events)).toContain('reconciliation.completed');
    expect(types).not.toContain('order.submitting');
    await playOn(second.runtime);
    expect(waiting(second)).toEqual([]);
    expect(await typesIn(second)).toContain('order.filled');
    await second.stored.ledger.flush();
    const audited = await auditStored(second.stored.database, location);
    expect(audited).toMatchObject({ kind: 'DONE', report: { ok: true } });
    await second.close();
    expect((await readdir(join(location.dataDir, 'audit'))).join()).toContain('checkpoints.ended-');
  });

  test('is backed up by the command when nobody runs on it, and only the newest of a day is kept', async () => {
    const house = await openHouse(location);
    await playOn(house.runtime, 'WAIT', 6);
    await house.close();
    const backups = join(location.dataDir, 'backups');
    const out = join(folder, 'mine.gz');
    const here = ['--data-dir', location.dataDir];
    await told('backup', ...here, '--out', out);
    await told('backup', ...here);
    for (const name of [
      'plimsoll-2026-01-05T110000Z.backup.gz',
      'plimsoll-2026-01-05T120000Z.backup.gz',
      'notes.txt',
    ])
      await writeFile(join(backups, name), '');
    const { deleted, file } = await told('backup', ...here, '--keep', '30');
    expect(deleted).toContain('plimsoll-2026-01-05T110000Z.backup.gz');
    const kept = await readdir(backups);
    expect(kept).toContain('notes.txt');
    expect(kept).toContain('plimsoll-2026-01-05T120000Z.backup.gz');
    expect(existsSync(String(file))).toBe(true);

    // Into a directory where nothing was: nothing is lost that anybody knows of.
    const other = { kind: 'directory', dataDir: join(folder, 'other') } as const;
    const answer = await told('restore', out, '--data-dir', other.dataDir);
    expect(answer).toMatchObject({ ok: true });
    expect(answer['lost']).toBeUndefined();
    const again = await openHouse(other);
    expect(waiting(again)).toHaveLength(1);
    await again.close();
  });

  test('keeps its record when what it is given is another’s, damaged or none', async () => {
    const house = await openHouse(location);
    await playOn(house.runtime, 'WAIT', 2);
    await house.close();
    const foreign = { kind: 'directory', dataDir: join(folder, 'foreign') } as const;
    const stranger = await openHouse(foreign, '20000');
    await playOn(stranger.runtime, 'WAIT', 6);
    await stranger.close();
    const out = join(folder, 'foreign.gz');
    await told('backup', '--data-dir', foreign.dataDir, '--out', out);
    const here = ['--data-dir', location.dataDir];
    const before = await told('audit', 'verify', ...here);

    expect(await refused(3, 'restore', out, ...here)).toMatch(
      /or this is another journal|parts from its checkpoints/,
    );
    const notes = join(folder, 'notes');
    await writeFile(notes, 'nothing');
    expect(await refused(2, 'restore', notes, ...here)).toContain(
      'is not a backup that Plimsoll made',
    );
    expect(await refused(2, 'restore', join(folder, 'none'), ...here)).toContain('ENOENT');
    expect(await refused(2, 'restore', out)).toContain('nothing says where');
    expect(await refused(2, 'backup', ...here, '--out', join(folder, 'no', 'a'))).toContain(
      'no folder',
    );
    expect(await told('audit', 'verify', ...here)).toEqual(before);
    expect(existsSync(placesIn(location.dataDir).staging)).toBe(false);
  });
});

describePostgres('a desk on PostgreSQL', (url) => {
  const schema = randomSchema();
  const role = randomSchema();
  afterEach(async () => {
    await dropSchema(url, schema);
    await dropRole(url, role);
  });

  test('runs from beginning to end as a role that may only add', async () => {
    await makeRole(url, role);
    vi.stubEnv('PLIMSOLL_AUDIT_DIR', join(folder, 'audit'));
    await onServer(url, (client) => client.query(`CREATE SCHEMA ${schema}`));
    const migrate = ['migrate', '--owner-url', url, '--schema', schema, '--app-role', role];
    await told(...migrate);
    const location = { kind: 'server', url: urlAs(url, role), schema } as const;
    const first = await openHouse(location);
    await playOn(first.runtime, 'WAIT', 6);
    expect(waiting(first)).toHaveLength(1);
    await first.close();

    vi.stubEnv('DATABASE_URL', location.url);
    vi.stubEnv('DATABASE_SCHEMA', schema);
    const out = join(folder, 'server.gz');
    const { events } = await told('backup', '--out', out);

    const second = await openHouse(location);
    await playOn(second.runtime);
    expect(await typesIn(second)).toContain('order.filled');
    await second.close();
    expect(await told('audit', 'verify')).toMatchObject({ ok: true });
    // A second time changes nothing.
    await told(...migrate);

    const other = { kind: 'directory', dataDir: join(folder, 'other') } as const;
    vi.stubEnv('PLIMSOLL_AUDIT_DIR', '');
    expect(await told('restore', out, '--data-dir', other.dataDir)).toMatchObject({ events });
    const third = await openHouse(other);
    expect(waiting(third)).toHaveLength(1);
    await third.close();
  });

  test('is not migrated for a role that is not there, or that could rewrite the journal', async () => {
    await makeRole(url, role, 'SUPERUSER');
    await onServer(url, (client) => client.query(`CREATE SCHEMA ${schema}`));
    const migrate = ['migrate', '--owner-url', url, '--schema', schema, '--app-role'];
    expect(await refused(2, ...migrate, role)).toContain('could rewrite the journal');
    expect(await refused(2, ...migrate, 'nobody_at_all')).toContain('make it first: CREATE ROLE');
    expect(await refused(2, 'migrate', '--app-role', role)).toContain('--owner-url');
  });
});
