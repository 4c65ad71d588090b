/** A named person loosens what was latched, from the command line, on a Plimsoll that is running. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStored } from '../../apps/storage.ts';
import { ManualClock } from '../../domain/clock.ts';
import { draft } from '../../domain/draft.ts';
import type { EventDraft } from '../../domain/event.ts';
import { strategyId } from '../../domain/ids.ts';
import { Api, eventually } from '../support/api.ts';
import { type Finished, plimsoll, type Started, startPlimsoll } from '../support/cli.ts';

const ADA = 'correct horse battery';
const BOB = 'staple of a longer kind';
const TEST = { kind: 'SYSTEM', name: 'test' } as const;
const STRATEGY = strategyId('nbb');

let folder: string;
let dataDir: string;
let server: Started;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  dataDir = join(folder, 'kept');
  server = await startPlimsoll(['--data-dir', dataDir]);
});
afterAll(async () => {
  await server.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

/** One command on that Plimsoll, with what is piped into it. */
const run = (input: string, ...args: readonly string[]): Promise<Finished> =>
  plimsoll([...args, '--data-dir', dataDir], {}, input);

const resume = (input: string, ...args: readonly string[]): Promise<Finished> =>
  run(input, 'resume', '--as', 'ada', '--reason', 'looked at the account', ...args);

const tradingState = async (): Promise<string> => (await new Api(server.url).state()).tradingState;

/** What happened while it was not running. */
async function meanwhile(...drafts: EventDraft[]): Promise<void> {
  await server.end('SIGTERM');
  const clock = new ManualClock(0);
  const { ledger, close } = await openStored({ kind: 'directory', dataDir }, clock);
  const [last] = await ledger.read(ledger.head.seq - 1, 1);
  clock.advanceTo(last?.event.atMs ?? 0);
  await ledger.append(...drafts);
  await close();
  server = await startPlimsoll(['--data-dir', dataDir]);
}

describe('before there is anybody', () => {
  test('who wants to loosen is told how to add the first', async () => {
    const body = { strategyId: STRATEGY, because: 'five losses in a row' };
    await meanwhile(draft('strategy.disabled', TEST, 'trading-state', null, body));
    const asAda = ['--as', 'ada', '--reason', 'a test'];
    const { code, stderr } = await run(ADA, 'strategies', 'enable', STRATEGY, ...asAda);
    expect(stderr).toContain('plimsoll operators add');
    expect(code).toBe(1);
  });
});

describe('operators add', () => {
  test.each([
    ['without a password', '', 'ada', 2, 'New password of ada is missing'],
    ['with a short one', 'short\n', 'ada', 2, '12 to 200 characters'],
    ['under a name that is none', `${ADA}\n`, 'a b', 2, '1 to 40 letters'],
  ])('%s is bad input', async (_, input, name, exit, sentence) => {
    const { code, stdout, stderr } = await run(input, 'operators', 'add', name);
    expect(stderr).toContain(sentence);
    expect([code, stdout]).toEqual([exit, '']);
  });

  test('adds the first freely, with the first line of standard input', async () => {
    const { code, stdout, stderr } = await run(`${ADA}\n`, 'operators', 'add', 'ada');
    expect(stderr).toBe('');
    expect([code, stdout]).toEqual([0, 'ada may loosen now what the kernel holds back.\n']);
  });

  test('adds the second only with a sponsor, whose password is the second line', async () => {
    const alone = await run(`${BOB}\n`, 'operators', 'add', 'bob');
    expect([alone.code, alone.stderr]).toMatchObject([1, expect.stringContaining('vouch')]);
    const add = (input: string): Promise<Finished> =>
      run(input, 'operators', 'add', 'bob', '--sponsor', 'ada', '--json');
    const wrong = await add(`${BOB}\na wrong password\n`);
    expect(wrong.stderr).toContain('The name or the password is wrong.');
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    const { code, stdout } = await add(`${BOB}\n${ADA}\n`);
    expect([code, JSON.parse(stdout)]).toEqual([0, { added: 'bob' }]);
  });

  test('has no option for a password', async () => {
    const { code, stderr } = await run('', 'operators', 'add', 'eve', '--password', ADA);
    expect(stderr).toContain("unknown option '--password'");
    expect(code).toBe(2);
    const { stdout } = await plimsoll(['operators', 'add', '--help']);
    expect(stdout).toContain('first line of standard input');
  });
});

describe('strategies', () => {
  test('lists how each stands and why', async () => {
    const { code, stdout } = await run('', 'strategies');
    expect(stdout).toMatch(/nbb +OFF +0 of 5 .*five losses in a row/);
    expect(stdout).toMatch(/jadecap +on +0 of 5/);
    expect(code).toBe(0);
    const json = await run('', 'strategies', 'list', '--json');
    const { strategies } = JSON.parse(json.stdout) as { strategies: { id: string }[] };
    expect(strategies).toContainEqual(expect.objectContaining({ id: STRATEGY, enabled: false }));
  });

  test('enable switches one on again, for a named person with a reason', async () => {
    const enable = (id: string, ...args: string[]): Promise<Finished> =>
      run(`${ADA}\n`, 'strategies', 'enable', id, ...args);
    const nameless = await enable(STRATEGY, '--reason', 'a test');
    expect([nameless.code, nameless.stderr]).toMatchObject([2, expect.stringContaining('--as')]);
    const unknown = await enable('nothing', '--as', 'ada', '--reason', 'a test');
    expect(unknown.code).toBe(2);
    const { code, stdout } = await enable(STRATEGY, '--as', 'ada', '--reason', 'a test');
    expect(stdout).toContain('nbb is on again');
    expect(code).toBe(0);
    expect((await run('', 'strategies')).stdout).toMatch(/nbb +on /);
  });
});

describe('resume', () => {
  test('has nothing to do while trading is ACTIVE', async () => {
    const { code, stderr } = await resume(`${ADA}\n`);
    expect(stderr).toContain('trading is ACTIVE already');
    expect(code).toBe(1);
  });

  test('needs a name and a reason', async () => {
    const nameless = await run(`${ADA}\n`, 'resume', '--reason', 'a test');
    expect([nameless.code, nameless.stderr]).toMatchObject([2, expect.stringContaining('--as')]);
    const silent = await run(`${ADA}\n`, 'resume', '--as', 'ada');
    expect([silent.code, silent.stderr]).toMatchObject([2, expect.stringContaining('--reason')]);
  });

  test('goes one step at a time, after a re-check that names what fails', async () => {
    // A peak of twice the account is a fall of half of it, and halts by itself.
    const body = { from: '10000', to: '20000', because: 'a test' } as const;
    await meanwhile(draft('drawdown.peak-rebased', TEST, 'trading-state', null, body));
    await eventually('the halt', async () => (await tradingState()) === 'HALTED' || undefined);

    const wrong = await resume('a wrong password\n');
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    const refused = await resume(`${ADA}\n`);
    expect(refused.stderr).toContain('DRAWDOWN_EXCEEDS_MAXIMUM: value=');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(await tradingState()).toBe('HALTED');

    const first = await resume(`${ADA}\n`, '--new-peak');
    expect(first.stderr).toBe('');
    expect(first.stdout).toContain('Trading is REDUCING now, it was HALTED.');
    expect(await tradingState()).toBe('REDUCING');
    const { code, stdout } = await resume(`${ADA}\n`, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { tradingState: 'ACTIVE', sentence: 'Trading is ACTIVE now, it was REDUCING.' },
    ]);
    expect(await tradingState()).toBe('ACTIVE');
  });

  test('leaves a journal that still verifies, and no password in it', async () => {
    expect((await run('', 'audit', 'verify')).code).toBe(0);
    const journal = await fetch(`${server.url}/api/v1/journal?limit=500`);
    const recorded = await journal.text();
    expect(recorded).toContain('from REDUCING to ACTIVE');
    for (const secret of [ADA, BOB, 'argon2']) expect(recorded).not.toContain(secret);
  });
});

test('where nothing runs, each of them says so', async () => {
  const nowhere = ['--data-dir', join(folder, 'empty')];
  for (const args of [
    ['operators', 'add', 'ada'],
    ['resume', '--as', 'ada', '--reason', 'a test'],
    ['strategies'],
    ['strategies', 'enable', 'nbb', '--as', 'ada', '--reason', 'a test'],
  ]) {
    const { code, stderr } = await plimsoll([...args, ...nowhere]);
    expect([code, stderr]).toMatchObject([1, expect.stringContaining('no Plimsoll is running')]);
  }
});
