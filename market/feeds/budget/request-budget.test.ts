import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Outside } from '../provider.ts';
import { type RequestBudget, sharedBudget } from './request-budget.ts';

const NEVER = new AbortController().signal;
const START = Date.UTC(2026, 0, 5);

let folder: string;
let path: string;
let nowMs: number;
/** Who sleeps moves the clock on. */
const outside: Outside = {
  now: () => nowMs,
  sleep: (ms) => {
    nowMs += ms;
    return Promise.resolve();
  },
  random: () => 0.5,
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-budget-'));
  path = join(folder, 'twelvedata.json');
  nowMs = START;
});
afterEach(() => rmSync(folder, { recursive: true }));

const budget = (): RequestBudget => sharedBudget({ path, outside, requestsMax: 2 });
/** When each of so many requests, one after the other, was let through. */
async function spent(count: number, from = budget()): Promise<readonly number[]> {
  const atMs: number[] = [];
  for (let i = 0; i < count; i++) {
    await from.spend(() => Promise.resolve(atMs.push(nowMs - START)), NEVER);
  }
  return atMs;
}

describe('a shared request budget', () => {
  test('is one for all who name the file', async () => {
    expect(await spent(2)).toEqual([0, 0]);
    expect(await spent(3)).toEqual([60_000, 60_000, 120_000]);
    expect(readdirSync(folder)).toEqual(['twelvedata.json']);
  });

  test('counts requests that failed, and gives their failure on', async () => {
    const shared = budget();
    const failing = (): Promise<never> => Promise.reject(new Error('no line'));
    await expect(shared.spend(failing, NEVER)).rejects.toThrow('no line');
    await expect(shared.spend(failing, NEVER)).rejects.toThrow('no line');
    expect(await spent(1, shared)).toEqual([60_000]);
  });

  test('is closed to everybody while the provider wants to be left alone', async () => {
    await budget().pause(7_000);
    expect(await spent(1)).toEqual([7_000]);
  });

  test('is left by who does not want to wait any longer', async () => {
    await spent(2);
    const abort = new AbortController();
    const impatient = sharedBudget({
      path,
      requestsMax: 2,
      outside: { ...outside, sleep: () => Promise.resolve(abort.abort(new Error('too long'))) },
    });
    const asked = impatient.spend(() => Promise.resolve(1), abort.signal);
    await expect(asked).rejects.toThrow('too long');
    expect(readFileSync(path, 'utf8')).toContain('"waiting":[]');
  });

  test.each([
    ['half a file', '{"requestBudget":1,"slots":[{"id":"a","fr'],
    ['the first letters of one', '{"requ'],
    ['a file that the power went out on', '\0\0\0\0'],
    ['an empty file', ''],
    [
      'a file with a number that is none',
      '{"requestBudget":1,"slots":[],"waiting":[],"closedUntilMs":"x"}',
    ],
  ])('that is %s is spent', async (_, text) => {
    writeFileSync(path, text);
    expect(await spent(3)).toEqual([60_000, 60_000, 120_000]);
  });

  test('torn at any place is spent or whole, and never forgotten', async () => {
    await spent(2);
    const whole = readFileSync(path, 'utf8');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        nowMs = START;
        writeFileSync(path, whole.slice(0, length));
        expect(await spent(1)).toEqual([60_000]);
      }),
      { numRuns: 100 },
    );
  });

  test('does not overwrite a file of somebody else', async () => {
    writeFileSync(path, 'name,price\nAAPL,180\n');
    await expect(spent(1)).rejects.toThrow(/is not a request budget of ours and is left as it is/);
    expect(readFileSync(path, 'utf8')).toBe('name,price\nAAPL,180\n');
  });

  test.each([
    // No process has this number: Linux counts to 4194304 at most.
    ['of a process that died', { pid: 4_194_305, atMs: START - 300 }, 50],
    ['of a number that is in use again', { pid: process.pid, atMs: START - 9_000 }, 1_100],
    ['that nobody wrote', 'x', 0],
  ])('is not held up by a lock %s', async (_, holder, waitsMs) => {
    writeFileSync(`${path}.lock`, JSON.stringify(holder));
    const [atMs] = await spent(1);
    expect(atMs).toBeGreaterThanOrEqual(waitsMs === 50 ? 0 : waitsMs - 100);
    expect(atMs).toBeLessThanOrEqual(waitsMs);
    expect(readdirSync(folder)).toEqual(['twelvedata.json']);
  });

  test('waits for a lock that somebody holds', async () => {
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.pid, atMs: START }));
    const released = sharedBudget({
      path,
      requestsMax: 2,
      outside: {
        ...outside,
        sleep: (ms, signal) => {
          if (nowMs > START + 500) rmSync(`${path}.lock`, { force: true });
          return outside.sleep(ms, signal);
        },
      },
    });
    const [atMs] = await spent(1, released);
    expect(atMs).toBeGreaterThan(500);
    expect(atMs).toBeLessThan(600);
  });

  test('says what is wrong with its terms and its place', async () => {
    const wrong = { path, outside, requestsMax: 0 };
    expect(() => sharedBudget(wrong)).toThrow('requestsMax 0 must be a whole number above zero');
    expect(() => sharedBudget({ ...wrong, requestsMax: 8, windowMs: 1.5 })).toThrow(
      'windowMs 1.5 must be a whole number above zero',
    );
    mkdirSync(path);
    await expect(spent(1)).rejects.toThrow(/EISDIR/);
  });
});
