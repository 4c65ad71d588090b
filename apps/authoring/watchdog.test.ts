import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { syntheticCandles } from '../../strategies/authoring/synthetic-candles.ts';
import { opinionsOn } from '../../strategies/authoring/opinions-on.ts';
import { smaCross } from '../../strategies/sma-cross.ts';
import { Watchdog, watched } from './watchdog.ts';

const WATCHDOG = fileURLToPath(new URL('./watchdog.ts', import.meta.url));

/** What a process that does this under a watchdog says, and what ended it. */
function watching(
  body: string,
): Promise<{ said: string; code: number | null; signal: string | null }> {
  const script = `
    import { Watchdog } from ${JSON.stringify(WATCHDOG)};
    const watchdog = new Watchdog('mine.ts', { tellAfterMs: 100, endAfterMs: 500 });
    ${body}`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ said, code, signal }));
  });
}

test('a step that never comes back is told, and then the process ends', async () => {
  const { said, signal } = await watching('watchdog.watch(() => { for (;;); });');
  expect(said).toContain(
    'mine.ts: it has been busy with one step for 0.1 s and may never come back',
  );
  expect(said).toContain('mine.ts: it did not come back within 0.5 s, so this process ends');
  expect(signal).toBe('SIGKILL');
});

test('a file that never ends loading is told as well', async () => {
  const { said, signal } = await watching('await watchdog.watchAll(async () => { for (;;); });');
  expect(said).toContain('it did not come back within 0.5 s');
  expect(signal).toBe('SIGKILL');
});

test('steps that come back, or throw, are nobody’s business, and the process ends when it is done', async () => {
  const { said, code } = await watching(`
    const until = performance.now() + 700;
    while (performance.now() < until) {
      watchdog.watch(() => 1);
      try { watchdog.watch(() => { throw new Error('no'); }); } catch {}
      await watchdog.watchAll(async () => 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }`);
  expect({ said, code }).toEqual({ said: '', code: 0 });
});

test('a strategy that is watched says and remembers what it would have', async () => {
  const candles = await syntheticCandles(400);
  const strategy = watched(smaCross, new Watchdog('mine.ts')).with({ slow: 60 }).from('mine.ts');
  const plain = smaCross.with({ slow: 60 });
  expect(strategy).toMatchObject({ origin: 'mine.ts', values: plain.values });
  expect(opinionsOn(strategy, candles, '5m')).toEqual(opinionsOn(plain, candles, '5m'));
  const run = strategy.start('5m');
  run.load(plain.start('5m').save());
  expect(run.save()).toEqual(plain.start('5m').save());
});
