/** The journal of trades and the feedback, from the command line: of a Plimsoll that runs, and of what it left. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCandles } from '../support/candles.ts';
import { type Finished, plimsoll, type Started, startPlimsoll } from '../support/cli.ts';

let folder: string;
let simulated: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  simulated = join(folder, 'simulated');
  const candles = await writeCandles(folder, 700);
  const { code, stderr } = await plimsoll(['simulate', '--data', candles, '--data-dir', simulated]);
  expect([code, stderr]).toEqual([0, '']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const onSimulated = (...args: readonly string[]): Promise<Finished> =>
  plimsoll([...args, '--data-dir', simulated]);

interface Listed {
  readonly trades: readonly { readonly id: string; readonly closedAtMs: number | null }[];
}

describe('a journal that nobody runs on', () => {
  test('its trades are listed, and each can be shown', async () => {
    const { code, stdout } = await onSimulated('trades', '--json');
    expect(code).toBe(0);
    const { trades } = JSON.parse(stdout) as Listed;
    expect(trades.length).toBeGreaterThan(0);
    const table = await onSimulated('trades');
    for (const { id } of trades) expect(table.stdout).toContain(id);
    const shown = await onSimulated('trades', 'show', trades.at(-1)?.id ?? '');
    expect(shown.stderr).toBe('');
    for (const section of ['What came of it', 'The plan', 'What was done', 'What was learned'])
      expect(shown.stdout).toContain(section);
  });

  test('its trades go to the accountants, and no file is replaced unasked', async () => {
    const out = join(folder, 'fifo.csv');
    const asked = ['trades', 'export', '--method', 'fifo', '--out', out] as const;
    const { code, stdout } = await onSimulated(...asked, '--json');
    expect(code).toBe(0);
    const { disposals } = JSON.parse(stdout) as { disposals: number };
    expect(readFileSync(out, 'utf8').trimEnd().split('\r\n')).toHaveLength(disposals + 1);
    expect(existsSync(join(folder, 'fifo-open-lots.csv'))).toBe(true);
    const again = await onSimulated(...asked);
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('is there already; name another file, or add --force');
  });

  test('its feedback names every strategy, beside a baseline', async () => {
    const { code, stdout } = await onSimulated('feedback', '--baseline', simulated);
    expect(code).toBe(0);
    for (const strategy of ['jadecap', 'nbb']) expect(stdout).toContain(strategy);
  });

  test('nothing can be noted on it, and that is said with what to do', async () => {
    const { code, stderr } = await onSimulated('trades', 'note', 'P1', 'late', '--as', 'mira');
    expect([code, stderr]).toEqual([1, expect.stringContaining('no Plimsoll is running on')]);
  });

  test.each([
    ['trades show nothing', 'There is no trade "nothing"'],
    ['trades export --method fifo --out x.csv --year 24', '--year "24" must be a whole number'],
    ['feedback --baseline nowhere', '--baseline "nowhere" cannot be read'],
    ['feedback answer nbb --as mira --reason x', 'give either --take or --set-aside'],
  ])('%s is bad input', async (words, sentence) => {
    const { code, stdout, stderr } = await onSimulated(...words.split(' '));
    expect(stderr).toContain(sentence);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('a Plimsoll that runs', () => {
  let server: Started;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = join(folder, 'kept');
    server = await startPlimsoll(['--data-dir', dataDir]);
  });
  afterAll(() => server.end('SIGTERM'));

  const run = (...args: readonly string[]): Promise<Finished> =>
    plimsoll([...args, '--data-dir', dataDir]);

  test('is asked for its trades, its feedback and its executions', async () => {
    expect((await run('trades', '--json')).code).toBe(0);
    expect((await run('feedback')).stdout).toContain('Not enough trades');
    const out = join(folder, 'running.csv');
    const { code } = await run('trades', 'export', '--method', 'fifo', '--out', out);
    expect([code, existsSync(out)]).toEqual([0, true]);
  });

  test('takes no note on a trade that never was', async () => {
    const { code, stderr } = await run('trades', 'note', 'nothing', 'late', '--as', 'mira');
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no trade "nothing"')]);
  });

  test('answers nothing where nothing is recommended', async () => {
    const asked = ['feedback', 'answer', 'nbb', '--take', '--as', 'mira', '--reason', 'x'];
    const { code, stderr } = await run(...asked);
    expect([code, stderr]).toEqual([2, expect.stringContaining('nothing is recommended for nbb')]);
  });

  test('switches a strategy off in one step, without a password, for good', async () => {
    const asked = ['strategies', 'disable', 'nbb', '--as', 'mira', '--reason', 'lost its edge'];
    expect(await run(...asked)).toMatchObject({
      code: 0,
      stdout: 'nbb is off: it opens nothing new, and what it holds keeps its stops.\n',
    });
    expect((await run(...asked)).stdout).toBe('nbb was off already.\n');
    await server.end('SIGTERM');
    expect((await run('feedback')).stdout).toContain('It is switched off: lost its edge');
    server = await startPlimsoll(['--data-dir', dataDir]);
    expect((await run('strategies')).stdout).toMatch(/nbb +OFF .*lost its edge/);
  });
});
