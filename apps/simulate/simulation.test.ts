import { MemorySaver } from '@langchain/langgraph';
import { expect, test } from 'vitest';

import { TIMEFRAMES } from '../../domain/candle.ts';
import { ManualClock } from '../../domain/clock.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { strategyId } from '../../domain/ids.ts';
import { money } from '../../domain/units.ts';
import { memoryLedger } from '../../ledger/memory-ledger.ts';
import { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';
import { PROFILES, STANDARD, tighten, tightenedBy } from '../../risk-kernel/limits-in-force.ts';
import { DEFAULT_STRATEGIES } from '../../strategies/registry.ts';
import { defineStrategy } from '../../strategies/strategy.ts';
import { type SimulationOptions, simulate } from './simulation.ts';

const BARS = 40;

/** The first bars of the synthetic market, as a recording that ends. */
function recording(): Feed {
  const feed = syntheticFeed();
  return { ...feed, detail: 'BARS', length: BARS, events: (afterMs) => bars(feed, afterMs) };
}

async function* bars(feed: Feed, afterMs: number): AsyncGenerator<MarketEvent> {
  let count = 0;
  for await (const event of feed.events(afterMs)) {
    if (event.kind !== 'BAR') continue;
    yield event;
    if (++count === BARS) return;
  }
}

async function run(change: Partial<SimulationOptions> = {}) {
  const clock = new ManualClock(0);
  const ledger = memoryLedger({ clock });
  const heard: number[] = [];
  const result = await simulate({
    rehearse: 'calm',
    version: '0',
    feed: recording(),
    strategies: DEFAULT_STRATEGIES,
    approver: 'all',
    seed: 1,
    cash: money('10000'),
    ledger,
    checkpointer: async () => new MemorySaver(),
    snapshots: Snapshots.none(),
    clock,
    limits: STANDARD,
    onProgress: (count) => void heard.push(count),
    signal: new AbortController().signal,
    ...change,
  });
  const events = (await ledger.read(0, ledger.head.seq)).map(({ event }) => event);
  const decided = events.flatMap((event) => (event.type === 'approval.decided' ? [event] : []));
  return { result, heard, events, decided };
}

const BROKEN = defineStrategy({
  id: strategyId('broken'),
  name: 'Broken',
  rule: 'It throws.',
  timeframes: TIMEFRAMES,
  parameters: {},
  warmupBars: () => 1,
  start: () => () => {
    throw new Error('the average is gone');
  },
});

const counted = (events: readonly DomainEvent[], type: DomainEvent['type']): number =>
  events.filter((event) => event.type === type).length;

test('every bar is a cycle, and the counts are the journal’s', async () => {
  const { result, heard, events } = await run();
  expect(heard).toEqual(Array.from({ length: BARS }, (_, index) => index + 1));
  expect(result).toMatchObject({
    cycles: BARS,
    proposals: counted(events, 'proposal.made'),
    orders: counted(events, 'order.submitting'),
    fills: counted(events, 'order.filled'),
    journalLength: events.length,
    interrupted: false,
  });
  expect(result.approvals).toBeGreaterThan(0);
  expect(result.fills).toBeGreaterThan(0);
});

test('a strategy that throws is named in the result, and the others go on', async () => {
  const { result } = await run({ strategies: [BROKEN, ...DEFAULT_STRATEGIES] });
  expect(result.failed).toEqual({ broken: 'the average is gone' });
  expect(result.cycles).toBe(BARS);
  expect((await run()).result.failed).toEqual({});
});

test('whoever approves is written down as the script it is', async () => {
  const { decided } = await run();
  for (const { actor } of decided) expect(actor).toEqual({ kind: 'SCRIPT', name: 'approver-all' });
});

test('without an approver every proposal expires with the next bar and nothing is traded', async () => {
  const { result, decided } = await run({ approver: 'none' });
  expect(result).toMatchObject({ approvals: 0, orders: 0, fills: 0, finalEquity: '10000' });
  expect(result.proposals).toBeGreaterThan(0);
  expect(decided.every(({ body }) => body.status === 'EXPIRED')).toBe(true);
});

test('the same seed gives the same journal; another gives other fills and another journal', async () => {
  const [first, again, other] = [await run(), await run(), await run({ seed: 2 })];
  expect(again.result).toEqual(first.result);
  expect(other.result.headHash).not.toBe(first.result.headHash);
});

test('it stops after the bar at hand when it is told to, and reports what was done', async () => {
  const abort = new AbortController();
  const { result } = await run({
    signal: abort.signal,
    onProgress: (count) => {
      if (count === 3) abort.abort();
    },
  });
  expect(result).toMatchObject({ interrupted: true, cycles: 3 });
});

test('every verdict carries the limits it was run under, and the start says which are tighter', async () => {
  const limits = tighten(PROFILES.careful);
  const { events, result } = await run({ limits });
  const [start] = events;
  expect(start?.type === 'system.started' && start.body).toMatchObject({
    limitsHash: limits.hash,
    tightened: tightenedBy(limits),
  });
  const hashes = events.flatMap((event) =>
    event.type === 'kernel.reviewed' ? [event.body.verdict.limitsHash] : [],
  );
  expect(hashes.length).toBeGreaterThan(0);
  expect(new Set(hashes)).toEqual(new Set([limits.hash]));
  expect(result.orders).toBeGreaterThan(0);
});
