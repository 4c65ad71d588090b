import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { entryOrder } from '../../domain/entry-order.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { money, text } from '../../domain/units.ts';
import { orderHash } from '../../risk-kernel/order-fingerprint.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import {
  type BarShape,
  candles,
  decideAll,
  feedOf,
  type Plan,
  playEvent,
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

/** Closes that wander by up to two percent a bar, with wicks. */
const wander = fc.array(
  fc.tuple(
    fc.integer({ min: -200, max: 200 }),
    fc.integer({ min: 0, max: 150 }),
    fc.integer({ min: 0, max: 150 }),
  ),
  { minLength: 4, maxLength: 14 },
);
const ideas = fc.array(
  fc.record({
    every: fc.boolean(),
    short: fc.boolean(),
    trail: fc.boolean(),
    decision: fc.constantFrom('APPROVE' as const, 'APPROVE' as const, 'DECLINE' as const, null),
    restart: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  }),
  { minLength: 14, maxLength: 14 },
);

const shapesOf = (steps: readonly (readonly [number, number, number])[]): readonly BarShape[] => {
  let close = 50_000;
  return steps.map(([move, down, up]) => {
    const open = close;
    close *= 1 + move / 10_000;
    const low = Math.min(open, close) * (1 - down / 10_000);
    return [close, low, Math.max(open, close) * (1 + up / 10_000)];
  });
};

test('in any small market money is conserved, positions are protected and every order was allowed', async () => {
  let fills = 0;
  await fc.assert(
    fc.asyncProperty(wander, ideas, fc.boolean(), async (steps, plans, ticks) => {
      const feed = feedOf(candles(50_000, shapesOf(steps)), ticks ? 'TICKS' : 'BARS');
      const house = new World({
        feed,
        approvalMs: 600_000,
        plan: (bar) => {
          const idea = plans[bar];
          if (idea?.every !== true) return undefined;
          const trail = idea.trail ? { trailBps: 80 } : {};
          return { direction: idea.short ? 'SHORT' : 'LONG', ...trail };
        },
      });
      let runtime = await house.open();
      watch(runtime);
      let bar = 0;
      for await (const event of feed.events(0)) {
        await playEvent(runtime, event);
        await expectProtected(runtime, `bar ${bar}`);
        if (event.kind !== 'BAR') continue;
        const idea = plans[bar];
        if (idea?.decision != null) await decideAll(runtime, idea.decision);
        await expectProtected(runtime, `bar ${bar}, decided`);
        if (idea?.restart === true) {
          await runtime.stop();
          runtime = await house.open();
          watch(runtime);
          await expectProtected(runtime, `bar ${bar}, restarted`);
        }
        bar += 1;
      }
      await runtime.stop();
      expect(await house.verify()).toMatchObject({ ok: true });
      allowed(house.events());
      fills += house.eventsOf('order.filled').length;
      expect(runtime.parts.book.startingCash).toBe(money('10000'));
    }),
    { numRuns: PROPERTY_RUNS / 20 },
  );
  // The markets were not too quiet to prove anything.
  expect(fills).toBeGreaterThan(PROPERTY_RUNS / 5);
});

/** At every event: what was put in is what is there, counted from the fills and by the book alike. */
function watch({ options, parts: { book } }: Awaited<ReturnType<World['open']>>): void {
  options.ledger.subscribe(() => {
    const { cash, realised, positions } = book.portfolio;
    let worth: bigint = cash;
    for (const { cost } of positions.values()) worth += cost;
    expect(worth).toBe(book.startingCash + realised);
  });
}

/** Every order was cleared as it is, and every entry is the one a decider approved. */
function allowed(events: readonly DomainEvent[]): void {
  const cleared = new Map<number, string>();
  const approved = new Map<string, string>();
  const proposals = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'kernel.reviewed' && event.body.verdict.cleared)
      cleared.set(event.seq, event.body.verdict.orderHash);
    if (event.type === 'proposal.made')
      proposals.set(event.body.proposal.id, orderHash(entryOrder(event.body.proposal)));
    if (event.type === 'approval.decided' && event.body.status === 'APPROVED') {
      expect(event.actor).toEqual(SCRIPT);
      approved.set(event.body.proposalId, proposals.get(event.body.proposalId) ?? '');
    }
    if (event.type !== 'order.submitting') continue;
    expect(cleared.get(event.causationSeq ?? 0)).toBe(event.body.orderHash);
    if (event.body.order.role !== 'ENTRY') expect(event.body.order.reduceOnly).toBe(true);
    else expect(approved.get(event.body.proposalId ?? '')).toBe(event.body.orderHash);
  }
}
