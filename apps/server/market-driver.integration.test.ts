/** The driver in real time, on small markets. */
import { expect, test } from 'vitest';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { MarketDriver } from './market-driver.ts';
import { openTestRuntime } from './testing/small-house.ts';
import { eventually } from './testing/speak.ts';

/** The synthetic market as a recording: its bars alone, and an end. */
function recording(length: number): Feed {
  const feed = syntheticFeed();
  return {
    ...feed,
    detail: 'BARS',
    length,
    events: (afterMs) => bars(feed.events(afterMs), length),
  };
}

async function* bars(
  events: AsyncIterable<MarketEvent>,
  length: number,
): AsyncGenerator<MarketEvent> {
  let count = 0;
  for await (const event of events) {
    if (event.kind !== 'BAR') continue;
    yield event;
    if (++count === length) return;
  }
}

const drive = (
  runtime: Runtime,
  options: { speed?: number; barsPerSecond?: number; holdForDecisions?: boolean },
): MarketDriver =>
  new MarketDriver({
    runtime,
    feed: runtime.options.feed,
    speed: 20,
    barsPerSecond: 4,
    holdForDecisions: false,
    ...options,
  });

const cycles = (runtime: Runtime): number => runtime.parts.decisions.counts().cycles;

test.each([{ speed: 0 }, { speed: Number.NaN }, { barsPerSecond: -1 }])(
  'an impossible pace is refused: %j',
  async (options) => {
    const runtime = await openTestRuntime(syntheticFeed());
    const [name] = Object.keys(options);
    expect(() => drive(runtime, options)).toThrow(`${name} `);
  },
);

test('ticks come as fast as the market is told to run, and each is heard of', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const driver = drive(runtime, { speed: 150 });
  const ticks: number[] = [];
  driver.subscribe((news) => {
    if (news.kind === 'TICK') ticks.push(news.atMs);
  });
  expect(driver.status()).toEqual({
    speed: 150,
    waitsForDecision: false,
    ended: false,
    stopped: null,
  });
  const begun = performance.now();
  driver.start();
  driver.start();
  const playedMs = (): number => (ticks.at(-1) ?? 0) - (ticks[0] ?? 0);
  await eventually('two market minutes', () => playedMs() >= 120_000);
  const tookMs = performance.now() - begun;
  await driver.stop();
  expect(tookMs).toBeGreaterThan(750);
  expect(tookMs).toBeLessThan(2_500);
  expect(new Set(ticks).size).toBe(ticks.length);
});

test('a recording is played at its pace, every bar is durable, and its end is known', async () => {
  const runtime = await openTestRuntime(recording(12));
  const driver = drive(runtime, { barsPerSecond: 50 });
  let told = 0;
  driver.subscribe(({ kind }) => {
    if (kind === 'STATUS') told++;
  });
  expect(driver.status().speed).toBe(50 * 300);
  driver.start();
  await eventually('the end', () => driver.status().ended);
  expect(cycles(runtime)).toBe(12);
  expect(told).toBe(1);
  await driver.stop();
});

test('a recording stands still while a proposal waits, and goes on when a person decided', async () => {
  const runtime = await openTestRuntime(recording(40));
  const driver = drive(runtime, { barsPerSecond: 500, holdForDecisions: true });
  driver.start();
  await eventually('a proposal', () => driver.status().waitsForDecision);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stood = cycles(runtime);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(cycles(runtime)).toBe(stood);

  const [row] = await runtime.parts.approvals.pending();
  if (row === undefined) throw new Error('nothing waits');
  await runtime.decide({
    id: row.id,
    decision: 'DECLINE',
    version: row.version,
    seenHash: row.proposalHash,
    reason: 'no',
    decider: { kind: 'PERSON', name: 'local' },
  });
  await eventually('the next bar', () => cycles(runtime) > stood);
  await driver.stop();
});

test('a market of ticks slows down while a proposal waits, so that there is time to read', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const driver = drive(runtime, { speed: 20_000 });
  expect(driver.status().speed).toBe(20_000);
  driver.start();
  await eventually('a proposal', () => driver.status().speed === 3);
  expect(driver.status().waitsForDecision).toBe(false);
  await driver.stop();
});

test('it can be stopped while it stands still', async () => {
  const runtime = await openTestRuntime(recording(40));
  const driver = drive(runtime, { barsPerSecond: 500, holdForDecisions: true });
  driver.start();
  await eventually('a proposal', () => driver.status().waitsForDecision);
  await driver.stop();
  expect(driver.status()).toMatchObject({ ended: false, stopped: null });
});

test('it can be stopped in the middle of a long pause', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const driver = drive(runtime, { speed: 0.001 });
  driver.start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begun = performance.now();
  await driver.stop();
  expect(performance.now() - begun).toBeLessThan(200);
});

test('a broken ledger stops it, and it says why', async () => {
  const runtime = await openTestRuntime(recording(40));
  const driver = drive(runtime, { barsPerSecond: 500 });
  let told = 0;
  driver.subscribe(({ kind }) => {
    if (kind === 'STATUS') told++;
  });
  driver.start();
  await eventually('a few bars', () => cycles(runtime) > 2);
  runtime.options.ledger.subscribe(() => {
    throw new Error('a fold failed');
  });
  await eventually('the stop', () => driver.status().stopped !== null);
  expect(driver.status()).toMatchObject({ ended: false });
  expect(driver.status().stopped).toContain('a fold failed');
  expect(told).toBe(1);
  await driver.stop();
});

test('a feed that owes a price, or failed, is silent for as long as that lasts', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const hanging: Feed = {
    ...runtime.options.feed,
    events: () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          await new Promise((resolve) => setTimeout(resolve, 300));
          throw new Error('the wire was cut');
        },
      }),
    }),
  };
  const driver = new MarketDriver({
    runtime,
    feed: hanging,
    speed: 20,
    barsPerSecond: 4,
    holdForDecisions: false,
  });
  expect(driver.silentMs()).toBe(0);
  driver.start();
  await eventually('the silence', () => driver.silentMs() > 50);
  await eventually('the stop', () => driver.status().stopped !== null);
  const since = driver.silentMs();
  await eventually('more silence', () => driver.silentMs() > since + 50);
  expect(runtime.parts.book.tradingState).toBe('ACTIVE');
  await runtime.onSilence(runtime.options.limits.limits.feedSilenceMsMax);
  expect(runtime.parts.book.tradingStateCode).toBe('FEED_SILENT');
  await driver.stop();
});

test('the clock of a live market goes on between its events, and a recording’s does not', async () => {
  const feed = syntheticFeed();
  const live: Feed = { ...feed, live: true };
  const runtime = await openTestRuntime(live);
  const driver = drive(runtime, {});
  expect(driver.nowMs()).toBeUndefined();
  driver.start();
  await eventually('a cycle', () => cycles(runtime) > 0);
  await driver.stop();
  const [first, second] = [driver.nowMs()!, driver.nowMs()!];
  expect(first).toBeGreaterThanOrEqual(runtime.options.clock.now());
  expect(second).toBeGreaterThanOrEqual(first);
  const recorded = await openTestRuntime(feed);
  const other = drive(recorded, { speed: 150 });
  other.start();
  await eventually('a cycle', () => cycles(recorded) > 0);
  await other.stop();
  expect(other.nowMs()).toBeUndefined();
});

test('a live market that is quiet on a good line owes nothing, until it has stopped', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  let cut: () => void = () => undefined;
  const wire = new Promise<never>((_, reject) => {
    cut = () => reject(new Error('a price that cannot be counted'));
  });
  const feed: Feed = {
    ...runtime.options.feed,
    live: true,
    events: () => ({ [Symbol.asyncIterator]: () => ({ next: () => wire }) }),
  };
  let lostMs = 0;
  const driver = new MarketDriver({
    runtime,
    feed,
    speed: 1,
    barsPerSecond: 4,
    holdForDecisions: false,
    unheardMs: () => lostMs,
  });
  driver.start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(driver.silentMs()).toBe(0);
  lostMs = 7_000;
  expect(driver.silentMs()).toBe(7_000);
  lostMs = 0;
  cut();
  await eventually('the stop', () => driver.status().stopped !== null);
  await eventually('the silence', () => driver.silentMs() > 150);
  await driver.stop();
});
