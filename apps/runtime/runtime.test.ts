import { describe, expect, test } from 'vitest';

import { text } from '../../domain/units.ts';
import {
  type BarShape,
  candles,
  decideAll,
  feedOf,
  type Plan,
  playOn,
  SCRIPT,
  World,
  type WorldOptions,
} from '../../tests/support/world.ts';
import { expectProtected } from './testing/expect-protected.ts';

const FLAT: readonly BarShape[] = Array.from({ length: 5 }, () => [50_000] as const);
const once: Plan = (bar) => (bar === 0 ? {} : undefined);
const world = (change: Partial<WorldOptions> & { bars?: readonly BarShape[] } = {}): World =>
  new World({ feed: feedOf(candles(50_000, change.bars ?? FLAT)), plan: once, ...change });

describe('one set-up', () => {
  test('becomes a cycle, a proposal, an approval, an order, a fill and its protection, in that order', async () => {
    const house = world();
    const runtime = await house.open();
    await playOn(runtime);
    const WATCHED = [
      'cycle.opened',
      'proposal.made',
      'approval.requested',
      'approval.decided',
      'intent.recorded',
      'order.submitting',
      'order.accepted',
      'order.filled',
    ];
    const cycle = house.eventsOf('proposal.made')[0]!.body.proposal.cycleId;
    const story = house
      .events()
      .filter(({ correlationId, type }) => correlationId === cycle && WATCHED.includes(type));
    expect(story.map(({ type }) => type)).toEqual([
      ...WATCHED,
      'order.submitting',
      'order.accepted',
      'order.submitting',
      'order.accepted',
    ]);
    expect(runtime.parts.decisions.get(cycle)).toMatchObject({
      outcome: 'SENT',
      decidedBy: SCRIPT,
    });
    await expectProtected(runtime, 'at the end');
  });

  test.each(['TICKS', 'BARS'] as const)('fills at the next price, with %s', async (detail) => {
    const bars: readonly BarShape[] = [[50_000], [50_100], [50_100]];
    const house = world({ bars, feed: feedOf(candles(50_000, bars), detail) });
    await playOn(await house.open());
    const [fill] = house.eventsOf('order.filled');
    // The next price is 50,000 again; a taker pays up to four basis points more.
    const paid = Number(fill?.body.price);
    expect(paid).toBeGreaterThan(50_000);
    expect(paid).toBeLessThanOrEqual(50_020.01);
  });

  test('declined is over, and the next may come', async () => {
    const house = world({ plan: () => ({}) });
    await playOn(await house.open(), 'DECLINE');
    const outcomes = house.eventsOf('cycle.closed').map(({ body }) => body.outcome);
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'DECLINED'));
    expect(house.eventsOf('order.submitting')).toEqual([]);
  });

  test('that nobody answers holds back the next, and expires on the market’s clock', async () => {
    const house = world({ plan: () => ({}), approvalMs: 600_000 });
    const runtime = await house.open();
    await playOn(runtime, 'WAIT');
    const outcomes = house.eventsOf('cycle.closed').map(({ body }) => body.outcome);
    // The second bar finds the first proposal waiting; the third expires it and proposes anew.
    expect(outcomes).toEqual(['NO_SETUP', 'EXPIRED', 'NO_SETUP', 'EXPIRED']);
    expect(runtime.parts.decisions.open()).toHaveLength(1);
  });

  test('expires between bars where there are ticks', async () => {
    const bars = FLAT;
    const feed = feedOf(candles(50_000, bars), 'TICKS');
    const house = world({ feed, approvalMs: 90_000 });
    await playOn(await house.open(), 'WAIT');
    const [expired] = house.eventsOf('approval.decided');
    expect(expired?.body.status).toBe('EXPIRED');
    const tick = feed.startsAtMs + 300_000 + 120_000;
    expect(expired?.atMs).toBe(tick);
  });

  test('whose order the kernel denies at the send is over as denied', async () => {
    const house = world();
    const runtime = await house.open();
    await playOn(runtime, 'WAIT', 1);
    const [row] = await runtime.parts.approvals.pending();
    // Somebody halts between the click and the send: here, the moment the approval is decided.
    runtime.options.ledger.subscribe(({ event }) => {
      if (event.type === 'intent.recorded') Object.assign(runtime.parts.book, { emergency: true });
    });
    await decideAll(runtime);
    await runtime.stop();
    expect(house.eventsOf('order.denied')[0]?.body.code).toBe('EMERGENCY_ACTIVE');
    const [closed] = house.eventsOf('cycle.closed');
    expect(closed?.body).toMatchObject({ cycleId: row?.threadId, outcome: 'DENIED' });
  });
});

describe('a halt', () => {
  /** A market in which the account falls past its line while a proposal waits. */
  const falling = async () => {
    const house = world({ plan: (bar) => (bar === 1 ? {} : undefined) });
    const runtime = await house.open();
    await playOn(runtime, 'WAIT', 2);
    await runtime.parts.engine.changeState('HALTED', true, 'drawdown 1500 bps');
    await playOn(runtime, 'WAIT');
    return { house, runtime };
  };

  test('ends what waits, is told to everybody once, and lets nothing begin', async () => {
    const { house, runtime } = await falling();
    expect(house.eventsOf('approval.decided')[0]?.body).toMatchObject({
      status: 'INVALIDATED',
      because: 'drawdown 1500 bps',
    });
    const outcomes = house.eventsOf('cycle.closed').map(({ body }) => body.outcome);
    expect(outcomes).toEqual(['NO_SETUP', 'HALTED', 'HALTED', 'HALTED', 'HALTED']);
    const halts = house.eventsOf('message.sent').filter(({ body }) => body.lane === 'HALT');
    expect(halts).toHaveLength(1);
    expect(runtime.parts.decisions.open()).toEqual([]);
  });

  test('is still a halt for the next process', async () => {
    const { house } = await falling();
    const again = await house.open();
    expect(again.parts.halted()).toBe('drawdown 1500 bps');
    expect(again.parts.book.tradingState).toBe('HALTED');
  });
});

describe('a restart', () => {
  test('keeps a position protected exactly once, wherever it comes', async () => {
    const bars: readonly BarShape[] = [
      [50_000],
      [50_100],
      [51_800, 50_000, 52_000],
      [52_400, 51_800, 52_500],
      [51_000],
    ];
    for (let until = 1; until <= bars.length; until++) {
      const house = world({ bars, plan: (bar) => (bar === 0 ? { trailBps: 200 } : undefined) });
      const before = await house.open();
      await playOn(before, 'APPROVE', until);
      await before.stop();
      const { book } = before.parts;
      for (let starts = 0; starts < 3; starts++) {
        const runtime = await house.open();
        await expectProtected(runtime, `${starts} starts after bar ${until}`);
        expect(text(runtime.parts.book.equity())).toBe(text(book.equity()));
      }
      await playOn(await house.open());
      expect(house.eventsOf('order.filled')).toHaveLength(2);
    }
  });

  test('leaves a waiting proposal waiting, and it can still be approved', async () => {
    const house = world();
    const before = await house.open();
    await playOn(before, 'WAIT', 1);
    await before.stop();
    const length = house.events().length;
    const runtime = await house.open();
    const types = house
      .events()
      .slice(length)
      .map(({ type }) => type);
    expect(types).toEqual(['system.started', 'reconciliation.completed']);
    expect(await decideAll(runtime)).toMatchObject([{ kind: 'DECIDED', status: 'APPROVED' }]);
    await playOn(runtime);
    expect(house.eventsOf('order.filled')).toHaveLength(1);
  });

  test('warms strategies up on the bars that were played, as if there had been none', async () => {
    const seen: number[][] = [];
    const plan =
      (log: number[]): Plan =>
      (bar, close) =>
        void log.push(bar, close);
    for (const restarts of [[], [1], [2, 3]]) {
      const log: number[] = [];
      const house = world({ plan: plan(log) });
      for (const bars of restarts)
        await playOn(await house.open(), 'WAIT', bars).then(() => log.splice(0));
      await playOn(await house.open(), 'WAIT');
      seen.push(log.slice());
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});

test('the same seed gives the same journal, to the last hash', async () => {
  const heads: string[] = [];
  for (let run = 0; run < 2; run++) {
    const house = world({ plan: () => ({ trailBps: 100 }), bars: [[50_500], [49_000], [50_000]] });
    const runtime = await house.open();
    await playOn(runtime);
    heads.push(runtime.options.ledger.head.hash);
  }
  expect(heads[0]).toBe(heads[1]);
});
