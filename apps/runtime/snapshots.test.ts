/** A start from a snapshot is a start from the journal, only sooner: nothing that follows may tell them apart. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rulesReasoner } from '../../agents/rules-reasoner.ts';
import { canonicalJson } from '../../ledger/canonical-json.ts';
import { SignedHouse } from '../../ledger/checkpoints/testing/signed-house.ts';
import type { StoredSnapshot } from '../../ledger/snapshots/snapshot-store.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';
import { DEFAULT_STRATEGIES } from '../../strategies/registry.ts';
import { decideAll } from '../../tests/support/world.ts';
import type { Runtime } from './runtime.ts';
import { SignedRuntime } from './testing/signed-runtime.ts';

const BARS = 28;

/** The first bars of the synthetic market, as a recording. */
const FEED: Feed = ((feed) => ({
  ...feed,
  detail: 'BARS' as const,
  length: BARS,
  events: (afterMs: number) => firstBars(feed, afterMs),
}))(syntheticFeed());

async function* firstBars(feed: Feed, afterMs: number): AsyncGenerator<MarketEvent> {
  for await (const event of feed.events(afterMs)) if (event.kind === 'BAR') yield event;
}

let houses: SignedHouse[] = [];
beforeEach(() => {
  houses = [];
});
afterEach(() => {
  for (const house of houses) house.remove();
});

function newHouse(): SignedRuntime {
  const house = new SignedHouse();
  houses.push(house);
  return new SignedRuntime(house, {
    feed: FEED,
    strategies: DEFAULT_STRATEGIES,
    reasoner: rulesReasoner,
  });
}

/** Every third decision is left to wait. */
async function play(runtime: Runtime, bars: number): Promise<void> {
  let played = 0;
  for await (const event of FEED.events(runtime.playedUntilMs)) {
    if (played === bars) return;
    await runtime.play(event);
    played += 1;
    if (played % 3 !== 0) await decideAll(runtime);
  }
}

/** What a run over all bars comes to, when its process ends at rest after so many and another goes on. */
async function endedAfter(bars: number, how: 'AT_REST' | 'CRASHED', from: 'SNAPSHOT' | 'JOURNAL') {
  const signed = newHouse();
  const first = await signed.open();
  await play(first.runtime, bars);
  await first.runtime.atRest(() => first.checkpointer.sign(true));
  if (how === 'CRASHED') await play(first.runtime, 4);
  await first.runtime.stop();
  const { runtime, ledger, snapshots } = await signed.open(from);
  const tookUp = snapshots.seq;
  await play(runtime, BARS - bars);
  await runtime.stop();
  const { book, decisions, accounts } = runtime.parts;
  return {
    tookUp,
    head: ledger.head,
    folds: [decisions, accounts].map((fold) => canonicalJson(fold.save())),
    orders: book.liveOrders().length,
    counts: decisions.counts(),
  };
}

describe('stopped and opened again, a runtime goes on from its snapshot as from its journal', () => {
  test.each([0, 6, 18])('after %i bars', async (bars) => {
    const quick = await endedAfter(bars, 'AT_REST', 'SNAPSHOT');
    const { tookUp: _, ...slow } = await endedAfter(bars, 'AT_REST', 'JOURNAL');
    expect(quick.tookUp).toBeGreaterThan(0);
    expect(quick).toMatchObject(slow);
    expect(quick.counts.orders).toBeGreaterThan(0);
  });

  test.each([10])('after %i bars and four more that no snapshot has seen', async (bars) => {
    const quick = await endedAfter(bars, 'CRASHED', 'SNAPSHOT');
    const { tookUp: _, ...slow } = await endedAfter(bars, 'CRASHED', 'JOURNAL');
    expect(quick.tookUp).toBeGreaterThan(0);
    expect(quick).toMatchObject(slow);
  });
});

describe('a snapshot', () => {
  /** A run of ten bars with a snapshot, which a test then changes. */
  async function run(change: (stored: StoredSnapshot) => StoredSnapshot) {
    const signed = newHouse();
    const { runtime, checkpointer } = await signed.open();
    await play(runtime, 10);
    await runtime.atRest(() => checkpointer.sign(true));
    const { kept } = signed.house;
    for (const [seq, stored] of kept) kept.set(seq, change(stored));
    return signed;
  }

  const damaged = {
    'that was damaged': (stored: StoredSnapshot) => ({
      ...stored,
      state: stored.state.replace('"tree"', '"twee"'),
    }),
    'of another version': (stored: StoredSnapshot) => ({ ...stored, fingerprint: 'another' }),
    'that was made by somebody else': (stored: StoredSnapshot) => ({
      ...stored,
      hash: stored.hash.replaceAll('a', 'b'),
    }),
  };

  test.each(Object.entries(damaged))(
    '%s is passed over, and the journal is read',
    async (_, change) => {
      const { snapshots, runtime } = await (await run(change)).open();
      expect(snapshots.seq).toBe(0);
      await play(runtime, 3);
    },
  );

  test('holds the same bar in the strategies as in the book, also when it is taken between two bars', async () => {
    const signed = newHouse();
    const { runtime, checkpointer, snapshots } = await signed.open();
    const playing = play(runtime, 6);
    const signing = Array.from({ length: 20 }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await runtime.atRest(() => checkpointer.sign(true));
      const { bars, desk } = seenBars(snapshots.take(1).state);
      expect(desk).toBe(bars);
    });
    await Promise.all([playing, ...signing]);
    for (const { state } of signed.house.kept.values()) {
      const { bars, desk } = seenBars(state);
      expect(desk).toBe(bars);
    }
  });
});

/** The open of the newest bar, as the strategies and as the book have it. */
function seenBars(state: string) {
  const { desk, book } = JSON.parse(state) as {
    desk: { lastBar: { openTimeMs: number } | null };
    book: { bars: { $map: readonly (readonly [string, { timesMs: readonly number[] }])[] } };
  };
  return { desk: desk.lastBar?.openTimeMs, bars: book.bars.$map[0]?.[1].timesMs.at(-1) };
}
