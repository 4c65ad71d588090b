/** Two engines on one account, as processes: paused, woken, killed and racing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { describePostgres, dropSchema, onServer, randomSchema } from '../tests/support/postgres.ts';
import { openDatabase, type PgliteOptions, type PostgresOptions } from './database.ts';
import { journalPages } from './journal-pages.ts';
import type { Lease } from './lease.ts';
import type { IntentStatus } from './ledger.ts';
import { openSqlLedger } from './sql-ledger.ts';
import { runScript, type RunningScript } from './testing/run-script.ts';
import { intent, START_MS } from './testing/samples.ts';
import { verifyJournal } from './verify.ts';

/** Runs out before a contender has done waiting for the lock. */
const SHORT: Lease = { renewEveryMs: 100, lastsMs: 1_500 };
const REFUSED = 'another Plimsoll is writing to this database; stop it first, or only read.';

let running: RunningScript[] = [];

async function endAll(): Promise<void> {
  for (const process of running) process.signal('SIGKILL');
  await Promise.all(running.map((process) => process.ended));
  running = [];
}

function run(script: string, ...args: readonly string[]): RunningScript {
  const process = runScript(script, ...args);
  running.push(process);
  return process;
}

const startLeader = (options: PostgresOptions | PgliteOptions): RunningScript =>
  run('leader.ts', JSON.stringify(options));

async function ask(process: RunningScript, line: string): Promise<string> {
  process.say(line);
  return process.heard();
}

/** What is stored, read once every writer is gone or does not mind. */
async function stored(options: PostgresOptions | PgliteOptions) {
  const database = await openDatabase({ ...options, readOnly: true });
  try {
    const verified = await verifyJournal(journalPages(database));
    if (!verified.ok) throw new Error(verified.sentence);
    const found = await database.pool.query<{ id: string; status: IntentStatus }>(
      'SELECT id, status FROM order_intents ORDER BY ordinal',
    );
    const events = await database.pool.query<{ correlation_id: string }>(
      'SELECT correlation_id FROM journal ORDER BY seq',
    );
    return {
      intents: found.rows.map(({ id, status }) => `${id} ${status}`),
      events: events.rows.map((row) => row.correlation_id),
    };
  } finally {
    await database.close();
  }
}

describePostgres('two processes on one PostgreSQL', (url) => {
  let schema = '';
  const fresh = (lease: Lease): PostgresOptions => {
    schema = randomSchema();
    return { url, schema, lease };
  };
  afterEach(async () => {
    // First, because a process that is paused may hold what is dropped.
    await endAll();
    await dropSchema(url, schema);
  });

  test('a leader that was paused is replaced, and when it wakes nothing of it lands', async () => {
    const options = fresh(SHORT);
    const old = startLeader(options);
    expect(await old.heard()).toBe('leads 1');
    for (const name of ['i1', 'i2', 'i3', 'i4']) await ask(old, `insert ${name}`);
    expect(await ask(old, 'claim i1')).toBe('claimed i1');
    old.signal('SIGSTOP');

    const next = startLeader(options);
    expect(await next.heard()).toBe('leads 2');
    expect(await ask(next, 'claim i2')).toBe('claimed i2');

    old.say('claim i3');
    old.say('append');
    old.signal('SIGCONT');
    expect(await old.heard()).toMatch(
      /^stopped: Another Plimsoll \(.+\/\d+.*\) took over with epoch 2; this one led epoch 1 and must stop\.$/,
    );
    expect(await old.ended).toBe(1);

    expect(await ask(next, 'claim i1')).toBe('late i1');
    expect(await ask(next, 'claim i3')).toBe('claimed i3');
    expect(await ask(next, 'append')).toBe('appended 4');
    expect(await ask(next, 'close')).toBe('closed');
    expect(await stored(options)).toEqual({
      intents: ['i1 CLAIMED', 'i2 CLAIMED', 'i3 CLAIMED', 'i4 NEW'],
      events: ['i1', 'i2', 'i3', 'BTC/USDT'],
    });
  });

  test('a leader that wakes to append finds the same', async () => {
    const options = fresh(SHORT);
    const old = startLeader(options);
    await old.heard();
    expect(await ask(old, 'append')).toBe('appended 1');
    old.signal('SIGSTOP');
    const next = startLeader(options);
    expect(await next.heard()).toBe('leads 2');
    old.say('append');
    old.signal('SIGCONT');
    expect(await old.heard()).toContain('took over with epoch 2');
    expect(await old.ended).toBe(1);
    expect(await ask(next, 'append')).toBe('appended 2');
    expect((await stored(options)).events).toHaveLength(2);
  });

  test('a leader paused in the middle of a transaction loses it, and does not hold up the next', async () => {
    const options = fresh(SHORT);
    const old = startLeader(options);
    await old.heard();
    await ask(old, 'insert i1');
    expect(await ask(old, 'hold i1')).toBe('holding i1');
    old.signal('SIGSTOP');

    const next = startLeader(options);
    expect(await next.heard()).toBe('leads 2');
    expect(await ask(next, 'claim i1')).toBe('claimed i1');
    old.say('go on');
    old.signal('SIGCONT');
    expect(await old.heard()).toMatch(/^stopped: /);
    expect(await old.ended).toBe(1);
    expect(await ask(next, 'append')).toBe('appended 2');
    expect(await stored(options)).toEqual({
      intents: ['i1 CLAIMED'],
      events: ['i1', 'BTC/USDT'],
    });
  });

  test('a leader paused for less than its lease keeps its place and goes on', async () => {
    const options = fresh({ renewEveryMs: 5_000, lastsMs: 60_000 });
    const old = startLeader(options);
    await old.heard();
    old.signal('SIGSTOP');
    expect(await startLeader(options).heard()).toContain(REFUSED);
    old.signal('SIGCONT');
    expect(await ask(old, 'append')).toBe('appended 1');
  });

  test('a leader that runs keeps its place for longer than its lease, also with nothing to do', async () => {
    const options = fresh(SHORT);
    const leader = startLeader(options);
    await leader.heard();
    expect(await startLeader(options).heard()).toContain(REFUSED);
    expect(await ask(leader, 'append')).toBe('appended 1');
  });

  test('of two that find the leader paused, one takes over and the other is refused', async () => {
    const options = fresh(SHORT);
    const old = startLeader(options);
    await old.heard();
    old.signal('SIGSTOP');
    const contenders = [startLeader(options), startLeader(options)];
    const said = await Promise.all(contenders.map((contender) => contender.heard()));
    expect(said.toSorted()).toEqual([
      'leads 2',
      expect.stringMatching(new RegExp(`^stopped: .*${REFUSED}`)),
    ]);
    const winner = contenders[said.indexOf('leads 2')];
    expect(winner && (await ask(winner, 'append'))).toBe('appended 1');
  });

  test('racing without a lock claim each of fifty intents once', async () => {
    const options = fresh(SHORT);
    const names = Array.from({ length: 50 }, (_, index) => `i${index}`);
    const database = await openDatabase(options);
    const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
    await ledger.transact(async (tx) => {
      for (const name of names) await tx.insertIntent(intent(name));
    });
    await ledger.close();
    await database.close();

    const racers = [run('racer.ts', url, schema), run('racer.ts', url, schema)];
    const said = await Promise.all(racers.map(everything));
    expect(await Promise.all(racers.map((racer) => racer.ended))).toEqual([0, 0]);
    // Otherwise they ran one after the other, and nothing was raced for.
    expect(said.flat()).toContain('deposed');
    const claims = said.flat().filter((line) => line !== 'deposed');
    expect(claims.toSorted()).toEqual(names.map((name) => `claimed ${name}`).toSorted());
    const { intents, events } = await stored(options);
    expect(intents).toEqual(names.map((name) => `${name} CLAIMED`));
    expect(events).toEqual(names);
  });

  test('show by the server’s clock that the leader lives, until it stops', async () => {
    const options = fresh(SHORT);
    const leader = startLeader(options);
    await leader.heard();
    const renewedAtMs = (): Promise<number> =>
      onServer(url, async (client) => {
        const found = await client.query<{ at: Date }>(
          `SELECT renewed_at AS at FROM ${schema}.leadership`,
        );
        return Number(found.rows[0]?.at);
      });
    const beforeMs = await renewedAtMs();
    await expect.poll(renewedAtMs).toBeGreaterThan(beforeMs + 300);
    expect(await ask(leader, 'close')).toBe('closed');
    const lastMs = await renewedAtMs();
    expect(await leader.ended).toBe(0);
    expect(await renewedAtMs()).toBe(lastMs);
  });
});

describe('two processes on one embedded database', () => {
  afterEach(endAll);

  test('the second is refused while the first lives, also paused, and leads once it is dead', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-leaders-'));
    const old = startLeader({ dataDir });
    expect(await old.heard()).toBe('leads 1');
    await ask(old, 'insert i1');
    const inUse = `stopped: The database in ${dataDir} is in use by process ${old.pid};`;
    expect(await startLeader({ dataDir }).heard()).toContain(inUse);

    old.signal('SIGSTOP');
    expect(await startLeader({ dataDir }).heard()).toContain(inUse);
    old.signal('SIGCONT');
    expect(await ask(old, 'claim i1')).toBe('claimed i1');

    old.signal('SIGKILL');
    await old.ended;
    const next = startLeader({ dataDir });
    expect(await next.heard()).toBe('leads 2');
    expect(await ask(next, 'claim i1')).toBe('late i1');
    expect(await ask(next, 'append')).toBe('appended 2');
    expect(await ask(next, 'close')).toBe('closed');
    await rm(dataDir, { recursive: true });
  });
});

async function everything(process: RunningScript): Promise<readonly string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await process.heard().catch(() => undefined);
    if (line === undefined) return lines;
    lines.push(line);
  }
}
