/** Everything is stopped from the command line: by the server, and where no server answers, by the file. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntryView } from '../../apps/api/views.ts';
import { Api, eventually } from '../support/api.ts';
import { type Finished, inFolder, plimsoll, type Started, startPlimsoll } from '../support/cli.ts';

const ADA = 'correct horse battery';

let folder: string;
let dataDir: string;
let server: Started | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  dataDir = join(folder, 'kept');
});
afterEach(async () => {
  await server?.end('SIGKILL');
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<Finished> =>
  plimsoll([...args, '--data-dir', dataDir], {}, `${ADA}\n`);
const file = (): string => join(dataDir, 'HALT');
const report = (): string => join(dataDir, 'HALT.report.json');

async function start(...args: readonly string[]): Promise<Api> {
  server = await startPlimsoll(['--data-dir', dataDir, ...args]);
  return new Api(server.url);
}

async function journal(): Promise<readonly EntryView[]> {
  const answer = await fetch(`${server?.url}/api/v1/journal?limit=500`);
  return ((await answer.json()) as { entries: readonly EntryView[] }).entries.toReversed();
}

describe('where a server runs', () => {
  test('it stops, tells each step with its time, and needs no password', async () => {
    const api = await start();
    const { code, stdout, stderr } = await run('halt', '--because', 'the news');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/no new orders +after [\d.]+ ms\n.*entries canceled +after [\d.]+ ms/);
    expect(stdout).toContain('plimsoll resume --as NAME');
    expect(await api.state()).toMatchObject({
      tradingState: 'HALTED',
      tradingStateCode: 'KILL_SWITCH',
      tradingStateBecause: 'the news',
    });
    expect(existsSync(file())).toBe(false);
    const again = await run('halt', '--flatten', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      answered: true,
      steps: [{ step: 'NO_NEW_ORDERS' }, { step: 'CANCELED' }, { step: 'FLAT' }],
      report: { leftOpen: [], flat: true, recorded: true },
    });
  });

  test('but its address is wrong, the file reaches it all the same', async () => {
    const api = await start();
    writeFileSync(join(dataDir, 'server.json'), '{"url": "http://127.0.0.1:9", "pid": 1}');
    const { code, stdout } = await run('halt');
    expect(stdout).toContain(`wrote the signal file ${file()}`);
    expect(stdout).toMatch(/no new orders +after/);
    expect(code).toBe(0);
    expect((await api.state()).tradingState).toBe('HALTED');
    expect(JSON.parse(readFileSync(report(), 'utf8'))).toMatchObject({ acted: true });
  });

  test('but is frozen, nobody confirms it, and it stops the moment it thaws', async () => {
    await start();
    server?.child.kill('SIGSTOP');
    const { code, stdout, stderr } = await run('halt', '--because', 'it hangs');
    expect(stdout).toContain('did not answer in time');
    expect(stderr).toContain('no server acted on the file');
    expect(code).toBe(1);
    server?.child.kill('SIGCONT');
    await eventually('the report', async () => existsSync(report()) || undefined);
    expect(JSON.parse(readFileSync(report(), 'utf8'))).toMatchObject({ acted: true });
  });
});

describe('where none runs', () => {
  test('the file is left, the exit says that nobody confirmed it, and every start is HALTED until it is gone', async () => {
    const { code, stdout, stderr } = await run('halt', '--because', 'the news');
    expect(stdout).toContain(`wrote the signal file ${file()}`);
    expect(stdout).toContain('one that starts later starts HALTED');
    expect([code, stderr]).toMatchObject([1, expect.stringContaining('no server acted')]);

    await start('--speed', '150');
    const [first, second] = await journal();
    expect([first?.type, second?.type]).toEqual(['system.started', 'trading.state-changed']);
    expect(second?.sentence).toContain('from ACTIVE to HALTED: KILL_SWITCH: the news');
    expect((await run('operators', 'add', 'ada')).code).toBe(0);
    const resume = (): Promise<Finished> => run('resume', '--as', 'ada', '--reason', 'a test');
    const refused = await resume();
    expect([refused.code, refused.stderr]).toMatchObject([1, expect.stringContaining(file())]);
    rmSync(file());
    expect((await resume()).code).toBe(0);
    expect((await journal()).filter(({ type }) => type === 'order.submitting')).toEqual([]);
  });
});

describe('a drill', () => {
  test('measures each step, keeps the result, and doctor tells of it', async () => {
    expect((await run('doctor')).stdout).toContain('never rehearsed');
    const { code, stdout } = await run('drill', '--runs', '1', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as { ok: boolean; runs: readonly { sentAfter: number }[] };
    expect(told).toMatchObject({ ok: true, rehearse: 'calm', runs: [{ sentAfter: 0 }] });
    expect((await run('doctor')).stdout).toMatch(/drill +today: no new orders [\d.]+ ms/);
  });

  test('on a day that nobody knows is bad input, and names the days there are', async () => {
    const { code, stderr } = await run('drill', '--rehearse', 'sunday');
    expect([code, stderr]).toMatchObject([2, expect.stringContaining('lost-acks')]);
  });
});

describe('a bad day', () => {
  test.each(['start', 'simulate'])('that nobody knows is bad input of %s', async (command) => {
    const data = command === 'simulate' ? ['--data', 'x.csv'] : [];
    const { code, stderr } = await plimsoll([command, ...data, '--rehearse', 'sunday']);
    expect([code, stderr]).toMatchObject([2, expect.stringContaining('storm')]);
  });

  test('is shown while it is rehearsed', async () => {
    const api = await start('--rehearse', 'lost-acks');
    expect((await api.state()).rehearsal).toMatchObject({ name: 'lost-acks' });
  });
});

test('paper trading wants a market that is real, and no rehearsals', () =>
  inFolder(async () => {
    const made = await plimsoll(['start', '--venue', 'paper']);
    expect([made.code, made.stderr]).toMatchObject([2, expect.stringContaining('--replay')]);
    const bad = await plimsoll([
      'start',
      '--venue',
      'paper',
      '--replay',
      'btcusd-4h.csv',
      '--rehearse',
      'storm',
    ]);
    expect([bad.code, bad.stderr]).toMatchObject([2, expect.stringContaining('--rehearse storm')]);
    const other = await plimsoll(['start', '--venue', 'moon']);
    expect([other.code, other.stderr]).toMatchObject([2, expect.stringContaining('paper')]);
  }));
