/** In a market that is live time passes by itself: a price does not stay young because no other came. */
import { expect, test } from 'vitest';

import { MINUTE_MS } from '../../domain/clock.ts';
import { candles, decideAll, feedOf, SCRIPT, World } from '../../tests/support/world.ts';

const MARKET = candles(50_000, [[50_000], [50_100]]);

async function asked() {
  const world = new World({
    feed: { ...feedOf(MARKET), live: true },
    plan: (bar) => (bar === 1 ? {} : undefined),
    approvalMs: 10 * MINUTE_MS,
  });
  const runtime = await world.open();
  for await (const event of runtime.options.feed.events(0)) await runtime.play(event);
  return runtime;
}

test('what was proposed on a price that has grown old is not sent on it', async () => {
  const runtime = await asked();
  await runtime.onTime(runtime.options.clock.now() + 2 * MINUTE_MS);
  expect(JSON.stringify(await decideAll(runtime))).toContain('MARKET_DATA_STALE');
  expect(runtime.parts.book.portfolio.positions.size).toBe(0);
});

test('a market that is only quiet does not pull a breaker', async () => {
  const runtime = await asked();
  await runtime.onTime(runtime.options.clock.now() + 48 * 60 * MINUTE_MS);
  expect(runtime.parts.book.tradingState).toBe('ACTIVE');
  await runtime.onSilence(120_000);
  expect(runtime.parts.book.tradingStateCode).toBe('FEED_SILENT');
});

test('a proposal expires although no price comes any more', async () => {
  const runtime = await asked();
  await runtime.onTime(runtime.options.clock.now() + 11 * MINUTE_MS);
  expect(await runtime.parts.approvals.pending()).toEqual([]);
});

test('time never goes back: an event of a slower clock changes nothing', async () => {
  const runtime = await asked();
  const nowMs = runtime.options.clock.now() + MINUTE_MS;
  await runtime.onTime(nowMs);
  await runtime.play({ kind: 'TICK', atMs: nowMs - 5_000, price: 50_200 });
  expect(runtime.options.clock.now()).toBe(nowMs);
});

test('the bar that the clock has overtaken is still the next one after a restart', async () => {
  const world = new World({ feed: { ...feedOf(MARKET), live: true }, plan: () => undefined });
  const before = await world.open();
  expect(before.nextBarMs).toBe(MARKET[0]!.openTimeMs);
  for await (const event of before.options.feed.events(0)) {
    await before.play(event);
    break;
  }
  // The second bar is over, and something is recorded before it is told.
  await before.onTime(MARKET[1]!.openTimeMs + 6 * MINUTE_MS);
  await before.halt({ flatten: false, because: 'a test', by: SCRIPT });
  await before.stop();
  const after = await world.open();
  expect(after.playedUntilMs).toBeGreaterThan(MARKET[1]!.openTimeMs + 5 * MINUTE_MS);
  expect(after.nextBarMs).toBe(MARKET[1]!.openTimeMs);
});
