import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type Pulse, startHeartbeat } from './heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Counts what it is asked to do. */
function pulse(change: Partial<Pulse> = {}) {
  const silences: number[] = [];
  let canaries = 0;
  const counted: Pulse = {
    silentMs: () => 0,
    onSilence: async (waitedMs) => void silences.push(waitedMs),
    nowMs: () => undefined,
    onTime: async () => undefined,
    tryCanaries: async () => void (canaries += 1),
    ...change,
  };
  return { counted, silences, canaries: () => canaries };
}

const never = (error: unknown): void => {
  throw error;
};

test('the canaries are tried every minute, for as long as it beats', async () => {
  const { counted, canaries, silences } = pulse();
  const stop = startHeartbeat(counted, never);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(canaries()).toBe(0);
  await vi.advanceTimersByTimeAsync(120_001);
  expect(canaries()).toBe(3);
  expect(silences).toEqual([]);
  stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(canaries()).toBe(3);
});

test('while the feed owes a price, the runtime is told every second for how long', async () => {
  let owed = 0;
  const { counted, silences } = pulse({ silentMs: () => owed });
  startHeartbeat(counted, never);
  await vi.advanceTimersByTimeAsync(1_000);
  owed = 700;
  await vi.advanceTimersByTimeAsync(1_000);
  owed = 1_700;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(silences).toEqual([700, 1_700]);
});

test('the time of a live market is told every second, and of no other', async () => {
  let nowMs: number | undefined;
  const times: number[] = [];
  const { counted } = pulse({ nowMs: () => nowMs, onTime: async (ms) => void times.push(ms) });
  startHeartbeat(counted, never);
  await vi.advanceTimersByTimeAsync(1_000);
  nowMs = 5_000.7;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(times).toEqual([5_000]);
});

test('a beat that takes long is not overtaken by the next', async () => {
  let begun = 0;
  let finish = (): void => {};
  const slow = pulse({
    silentMs: () => 1,
    onSilence: () => {
      begun += 1;
      return new Promise((resolve) => (finish = resolve));
    },
  });
  startHeartbeat(slow.counted, never);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(begun).toBe(1);
  finish();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBe(2);
});

test('a beat that fails is told once and ends it', async () => {
  const faults: unknown[] = [];
  const broken = pulse({ silentMs: () => 1, onSilence: () => Promise.reject(new Error('broken')) });
  startHeartbeat(broken.counted, (error) => void faults.push(error));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(faults.map(String)).toEqual(['Error: broken']);
});
