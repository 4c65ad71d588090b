import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { conflate, WAITING_PRICES_MAX } from './conflate.ts';
import type { MarketEvent } from '../feed.ts';
import { Outbox } from './outbox.ts';

const tick = (atMs: number, price: number): MarketEvent => ({ kind: 'TICK', atMs, price });
const quote = (atMs: number): MarketEvent => ({ kind: 'QUOTE', atMs, bid: 1, ask: 2 });
const bar = (closedAtMs: number): MarketEvent => ({
  kind: 'BAR',
  closedAtMs,
  candle: { openTimeMs: closedAtMs - 60_000, open: 1, high: 1, low: 1, close: 1, volume: 0 },
});

async function take(outbox: Outbox, count: number): Promise<readonly MarketEvent[]> {
  const events: MarketEvent[] = [];
  if (count === 0) return events;
  for await (const event of outbox.events()) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

test('of prices that wait, the lowest, the highest and the last print and the last quote matter', () => {
  const prices = [tick(1, 5), tick(2, 9), quote(3), tick(4, 1), tick(5, 4), quote(6), tick(7, 3)];
  expect(conflate(prices)).toEqual([tick(2, 9), tick(4, 1), quote(6), tick(7, 3)]);
  expect(conflate([])).toEqual([]);
});

describe('an outbox', () => {
  test('gives everything in order to a reader who keeps up', async () => {
    const outbox = new Outbox();
    const reading = take(outbox, 3);
    for (const event of [tick(1, 1), quote(2), bar(60_000)]) {
      outbox.push(event);
      await Promise.resolve();
    }
    expect(await reading).toEqual([tick(1, 1), quote(2), bar(60_000)]);
    expect(outbox.conflated).toBe(0);
  });

  test('spares a slow reader prices but no bar and no extreme', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.constant('BAR' as const)), {
          maxLength: 400,
        }),
        async (said) => {
          const outbox = new Outbox();
          const all = said.map((one, index) => (one === 'BAR' ? bar(index) : tick(index, one)));
          for (const event of all) outbox.push(event);
          const kept = await take(outbox, all.length - outbox.conflated);
          expect(kept).toEqual(all.filter((event) => kept.includes(event)));
          for (const segment of segments(all)) {
            const left = segment.filter((event) => kept.includes(event));
            expect(left.length).toBeLessThanOrEqual(WAITING_PRICES_MAX);
            expect(extremes(left)).toEqual(extremes(segment));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('gives what waits before the error, and nothing once it is closed', async () => {
    const failed = new Outbox();
    failed.push(tick(1, 1));
    failed.fail(new Error('over'));
    const events = failed.events();
    expect((await events.next()).value).toEqual(tick(1, 1));
    await expect(events.next()).rejects.toThrow('over');
    const closed = new Outbox();
    closed.push(tick(1, 1));
    closed.close();
    expect(await take(closed, 1)).toEqual([]);
  });

  test('has no room for more in bulk until something was taken', async () => {
    const outbox = new Outbox();
    for (let i = 1; i <= 1_001; i++) outbox.push(bar(i));
    let hasRoom = false;
    const waiting = outbox.room().then(() => (hasRoom = true));
    await Promise.resolve();
    expect(hasRoom).toBe(false);
    expect(await take(outbox, 2)).toHaveLength(2);
    await waiting;
    expect(hasRoom).toBe(true);
  });
});

/** Prices between bars. */
function segments(events: readonly MarketEvent[]): readonly (readonly MarketEvent[])[] {
  const all: MarketEvent[][] = [[]];
  for (const event of events) {
    if (event.kind === 'BAR') all.push([]);
    else all.at(-1)!.push(event);
  }
  return all;
}

const extremes = (events: readonly MarketEvent[]): readonly (number | undefined)[] => {
  const prices = events.flatMap((event) => (event.kind === 'TICK' ? event.price : []));
  return [Math.min(...prices), Math.max(...prices), prices.at(-1)];
};
