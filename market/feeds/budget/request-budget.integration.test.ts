import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { hastyOutside } from '../../../tests/support/hasty-outside.ts';
import type { HammerOptions } from './testing/hammer.ts';
import type { SpenderOptions } from './testing/spender.ts';
import { TwelveDataServer } from '../twelvedata/testing/twelvedata-server.ts';
import { sampleBars } from '../wire/testing/bars.ts';

const script = (name: string): string => fileURLToPath(new URL(`testing/${name}`, import.meta.url));
const REQUESTS_MAX = 8;
/** A minute, compressed. */
const WINDOW_MS = 1_000;
const ASKS = 16;
const FROM_MS = Date.UTC(2026, 0, 5);
const API_KEY = 'shared-by-all';

let folder: string;
let server: TwelveDataServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-hammer-'));
  server = await TwelveDataServer.open({
    apiKey: API_KEY,
    bars: { 'BTC/USD 1min': sampleBars(FROM_MS, 60_000, 3) },
    now: hastyOutside(0).now,
    limit: { requestsMax: REQUESTS_MAX, windowMs: WINDOW_MS },
  });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const run = (name: string, options: HammerOptions | SpenderOptions): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', script(name), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** The lines that a hammer says, and its process. */
function hammer(asks: number): {
  readonly child: ChildProcess;
  readonly said: Promise<readonly string[]>;
} {
  const options: HammerOptions = {
    name: API_KEY,
    path: join(folder, 'budget.json'),
    baseUrl: server.baseUrl,
    requestsMax: REQUESTS_MAX,
    windowMs: WINDOW_MS,
    asks,
    fromMs: FROM_MS,
  };
  const child = run('hammer.ts', options);
  const listen = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) lines.push(line);
    return lines;
  };
  return { child, said: listen() };
}

/** The most requests that the server saw in any window. */
function mostInAWindow(): number {
  const times = server.requests.map(({ atMs }) => atMs);
  return Math.max(
    ...times.map((fromMs) => times.filter((at) => at >= fromMs && at < fromMs + WINDOW_MS).length),
  );
}

test('processes that hammer together never exceed the limit, though one of them is killed', async () => {
  const [first, second, doomed] = [hammer(ASKS), hammer(ASKS), hammer(ASKS)];
  while (server.requests.length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
  const died = once(doomed.child, 'exit');
  doomed.child.kill('SIGKILL');
  await died;
  const all = await Promise.all([first.said, second.said]);
  for (const said of all) expect(said).toEqual(Array.from({ length: ASKS }, () => '1 bars'));
  // The budget is used as well as kept.
  expect(mostInAWindow()).toBeLessThanOrEqual(REQUESTS_MAX);
  expect(mostInAWindow()).toBeGreaterThan(REQUESTS_MAX / 2);
});

test('no request is forgotten, however many processes write at once', async () => {
  const path = join(folder, 'budget.json');
  const children = Array.from({ length: 3 }, () => run('spender.ts', { path, requests: 80 }));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  const { slots } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly slots: readonly unknown[];
  };
  expect(slots).toHaveLength(240);
  expect(readdirSync(folder)).toEqual(['budget.json']);
});
