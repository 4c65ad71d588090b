/** What really happens on bad days is a story that an audit accepts: it must never cry wolf. */
import { MemorySaver } from '@langchain/langgraph';
import { expect, test } from 'vitest';
import { ManualClock } from '../../domain/clock.ts';
import { money } from '../../domain/units.ts';
import { opened } from '../../execution/testing/at-venue.ts';
import { audit } from '../../ledger/audit/audit.ts';
import { StoryCheck } from '../../ledger/audit/story-check.ts';
import { ledgerPages } from '../../ledger/ledger-pages.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { MemoryStore } from '../../ledger/memory-store.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { INSTRUMENTS } from '../../market/instruments/instruments.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';
import { STANDARD } from '../../risk-kernel/limits-in-force.ts';
import type { FaultProfileName } from '../../simulation/fault-profiles.ts';
import { DEFAULT_STRATEGIES } from '../../strategies/registry.ts';
import { simulate } from './simulation.ts';

const BARS = 25;
const instruments = new Map(INSTRUMENTS.map((instrument) => [instrument.id, instrument]));

/** Bars without their ticks, which an audit does not see. */
const FEED: Feed = ((feed) => ({
  ...feed,
  detail: 'BARS' as const,
  async *events(afterMs: number): AsyncGenerator<MarketEvent> {
    for await (const event of feed.events(afterMs)) if (event.kind === 'BAR') yield event;
  },
}))(syntheticFeed());

/** Some bars more of the synthetic market, in a process of its own. */
async function day(store: MemoryStore, saver: MemorySaver, rehearse: FaultProfileName) {
  const clock = new ManualClock(0);
  const ledger = await openLedger(store, clock, 'test');
  const enough = new AbortController();
  const { orders } = await simulate({
    version: '0',
    feed: FEED,
    strategies: DEFAULT_STRATEGIES,
    approver: 'all',
    seed: 4,
    cash: money('10000'),
    ledger,
    checkpointer: async () => saver,
    snapshots: Snapshots.none(),
    clock,
    limits: STANDARD,
    rehearse,
    onProgress: (bars) => void (bars === BARS && enough.abort()),
    signal: enough.signal,
  });
  return { ledger, orders };
}

async function findings(ledger: Ledger) {
  const outcome = await audit({
    instruments,
    pages: (afterSeq) => ledgerPages(ledger, afterSeq),
    commits: async () => ledger.commits,
    checkpoints: [],
    guardFaults: async () => [],
    snapshot: undefined,
  });
  return outcome.kind === 'DONE' ? outcome.report.findings : 'put down';
}

test.each<FaultProfileName>(['timeouts', 'scrambled-fills', 'storm'])(
  'on a day of %s, with a restart in the middle',
  async (rehearse) => {
    const [store, saver] = [new MemoryStore(), new MemorySaver()];
    await (await day(store, saver, rehearse)).ledger.close();
    const { ledger, orders } = await day(store, saver, rehearse);
    expect(orders).toBeGreaterThan(0);
    expect(await findings(ledger)).toEqual([]);
  },
);

test('with a ladder of planned entries, of which each goes out on the approval of the first', async () => {
  const adds = [
    { price: '49800', quantity: '0.002' },
    { price: '49600', quantity: '0.003' },
  ];
  const desk = await opened({ management: { adds } });
  const story = new StoryCheck(desk.instruments);
  const told = await desk.events();
  expect(told.filter(({ type }) => type === 'order.submitting').length).toBeGreaterThan(3);
  expect(told.map((event) => story.see(event)).filter((found) => found !== undefined)).toEqual([]);
});
