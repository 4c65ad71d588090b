/** A writer that is killed at any moment leaves all of its change or none, and readers never see half. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type CandleStore, openCandleStore } from './store.ts';
import { MINUTES, RESTLESS } from './testing/restless.ts';

const WRITER = fileURLToPath(new URL('./testing/restless-writer.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-restless-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function begin(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the writer ended with ${code}`)),
    ),
  ]);
  return child;
}

/** The one close of all bars; fails when there are two, or a bar too few. */
function closeIn(store: CandleStore): number {
  const { close, length } = store.read(RESTLESS);
  expect(length).toBe(MINUTES.length);
  const closes = new Set(close);
  expect(closes.size).toBe(1);
  return close[0]!;
}

test('a writer killed at any moment leaves whole bars, and nothing in the way of the next', async () => {
  const store = openCandleStore(folder);
  const left: number[] = [];
  let seen = 0;
  for (const delayMs of [0, 3, 7, 13, 29, 61]) {
    const writer = await begin();
    const exit = once(writer, 'exit');
    for (let reads = 0; reads < 40; reads++) {
      const close = closeIn(store);
      expect(close).toBeGreaterThanOrEqual(seen);
      seen = close;
    }
    await pause(delayMs);
    writer.kill('SIGKILL');
    await exit;
    left.push(closeIn(store));
  }
  // Each writer took the dead one's lock and got further.
  expect(left).toEqual(left.toSorted((a, b) => a - b));
  expect(new Set(left).size).toBe(left.length);
  const { openTimeMs } = store.read(RESTLESS);
  store.add(
    RESTLESS,
    store.read(RESTLESS, { fromMs: openTimeMs[0]!, toMs: openTimeMs[1]! }),
    'same',
    {
      replace: false,
      atMs: 0,
    },
  );
  expect(store.list()[0]!.bars).toBe(MINUTES.length);
  expect(readdirSync(join(folder, 'BTC-USDT', '1m'))).not.toContain('lock');
});
