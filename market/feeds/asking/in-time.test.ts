import { expect, test } from 'vitest';

import { inTime } from './in-time.ts';
import { VirtualTime } from '../testing/virtual-time.ts';

const NEVER = new AbortController().signal;

/** Answers only by giving up. */
const silent = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('given up')));
  });

test('an answer that never comes is LOST after three minutes', async () => {
  const time = new VirtualTime(0);
  const asked = inTime('far', time, NEVER, silent).catch((error: unknown) => error);
  await time.advanceTo(179_999);
  let isOver = false;
  void asked.then(() => (isOver = true));
  await Promise.resolve();
  expect(isOver).toBe(false);
  await time.advanceTo(180_000);
  expect(await asked).toMatchObject({
    kind: 'LOST',
    message: 'far: there was no answer within 180 s',
  });
});

test('a request that nobody waits for any more is given up with its own error', async () => {
  const time = new VirtualTime(0);
  const abort = new AbortController();
  const asked = inTime('far', time, abort.signal, silent);
  abort.abort();
  await expect(asked).rejects.toThrow('given up');
});

test('an answer in time is the answer, and leaves nobody waiting', async () => {
  const time = new VirtualTime(0);
  expect(await inTime('far', time, NEVER, () => Promise.resolve(7))).toBe(7);
});
