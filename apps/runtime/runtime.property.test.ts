import fc from 'fast-check';
import { expect, test } from 'vitest';

import { entryOrder } from '../../domain/entry-order.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { money } from '../../domain/units.ts';
import { orderHash } from '../../risk-kernel/order-fingerprint.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import {
  type BarShape,
  candles,
  decideAll,
  feedOf,
  SCRIPT,
  World,
} from '../../tests/support/world.ts';
import { expectProtected } from './testing/expect-protected.ts';
import { trailBy } from '../../domain/management.ts';

/** Closes that wander by up to two percent a bar, with wicks. */
const wander = fc.array(
  fc.tuple(
    fc.integer({ min: -200, max: 200 }),
    fc.integer({ min: 0, max: 150 }),
    fc.integer({ min: 0, max: 150 }),
  ),
  { minLength: 6, maxLength: 14 },
);
const ideas = fc.array(
  fc.record({
    signals: fc.nat(4).map((number) => number > 0),
    short: fc.boolean(),
    trail: fc.boolean(),
    decision: fc.constantFrom('APPROVE', 'APPROVE', 'APPROVE', 'APPROVE', 'DECLINE', null),
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
        plan: (bar, close) => {
          const idea = plans[bar];
          if (idea?.signals !== true) return undefined;
          const up = idea.short ? -1 : 1;
          return {
            direction: idea.short ? 'SHORT' : 'LONG',
            stop: close * (1 - 0.008 * up),
            target: close * (1 + 0.024 * up),
            ...(idea.trail ? { management: trailBy(80) } : {}),
          };
        },
      });
      let runtime = await house.open();
      watch(runtime);
      let bar = 0;
      for await (const event of feed.events(0)) {
        await runtime.play(event);
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
    { numRuns: PROPERTY_RUNS / 25 },
  );
  // The markets were not too quiet to prove anything.
  expect(fills).toBeGreaterThan(PROPERTY_RUNS / 25);
}, 120_000);

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
