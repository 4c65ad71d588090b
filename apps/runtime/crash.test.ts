/**
 * The process is ended before and after every single write, to the journal and to the graph's store,
 * and begun again on what was durable.
 */
import { describe, expect, test } from 'vitest';

import { Crash } from '../../tests/support/graph.ts';
import { type Between, candles, feedOf, playOn, World } from '../../tests/support/world.ts';
import type { Runtime } from './runtime.ts';
import { expectProtected } from './testing/expect-protected.ts';
import { trailBy } from '../../domain/management.ts';

// One trade: its stop follows the price twice and ends it.
const MARKET = candles(50_000, [
  [50_000],
  [50_100],
  [51_800, 50_000, 52_000],
  [52_400, 51_800, 52_500],
  [51_000],
]);
const fresh = (): World =>
  new World({
    feed: feedOf(MARKET),
    plan: (bar) => (bar === 0 ? { management: trailBy(200) } : undefined),
  });

const WRITES = new Set(['append', 'transact', 'flush', 'put', 'putWrites', 'deleteThread']);

/** Ends the process at its `at`th write; from then on nothing it does reaches the storage. */
function ending(at: number, when: 'before' | 'after'): { between: Between; writes: () => number } {
  let count = 0;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Crash(`${when} write ${at}`);
  };
  const between: Between = (storage) =>
    new Proxy(storage, {
      get(target, name) {
        if (name === 'broken' && dead) return 'the process ended';
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (dead) throw new Crash('the process ended');
          if (!WRITES.has(String(name))) return Reflect.apply(value, target, args);
          count += 1;
          if (count === at && when === 'before') die();
          const result: unknown = Reflect.apply(value, target, args);
          return count === at ? Promise.resolve(result).then(die) : result;
        };
      },
    });
  return { between, writes: () => count };
}

async function undisturbed() {
  const world = fresh();
  const { between, writes } = ending(Infinity, 'before');
  await playOn(await world.open(between));
  return { world, writes: writes() };
}

/** An order that the end of the process left unknown is believed lost only when it can not arrive any more. */
async function waitForAnswers(runtime: Runtime): Promise<void> {
  const endMs = runtime.playedUntilMs;
  for (let wait = 1; wait <= 3; wait++) await runtime.onTick(51_000, endMs + wait * 10_000);
}

const outcomes = (world: World): Readonly<Record<string, string>> =>
  Object.fromEntries(
    world.eventsOf('cycle.closed').map(({ body }) => [body.cycleId, body.outcome]),
  );
const counted = (values: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

test('undisturbed, the market makes one trade that ends behind its trailing stop', async () => {
  const { world, writes } = await undisturbed();
  expect(counted(Object.values(outcomes(world)))).toEqual({ SENT: 1, NO_SETUP: 4 });
  expect(world.eventsOf('order.filled').map(({ body }) => body.side)).toEqual(['BUY', 'SELL']);
  expect(world.eventsOf('order.cancel-requested')).toHaveLength(2);
  expect(writes).toBeGreaterThan(80);
});

describe.each(['before', 'after'] as const)('a process that ends %s any write', (when) => {
  test('goes on where it was: nothing twice, nothing unprotected, nothing forgotten', async () => {
    const { writes } = await undisturbed();
    for (let at = 1; at <= writes; at++) {
      const world = fresh();
      const { between } = ending(at, when);
      const ended = await world
        .open(between)
        .then(playOn)
        .then(
          () => 'finished',
          (error: unknown) => String(error),
        );
      const point = `${when} write ${at}`;
      expect(ended, point).toMatch(/Crash|ended/);

      const runtime = await world.open();
      await expectProtected(runtime, point, 'MAY_BE_ASKED_FOR');
      await playOn(runtime);
      await waitForAnswers(runtime);
      await expectProtected(runtime, point);

      const bars = world.eventsOf('market.bar-closed').map(({ body }) => body.bar.openTimeMs);
      expect(bars, point).toEqual(MARKET.map(({ openTimeMs }) => openTimeMs));
      const entries = world.eventsOf('order.submitting').filter(({ body }) => {
        return body.order.role === 'ENTRY';
      });
      for (const ids of [
        world.eventsOf('cycle.opened').map(({ body }) => body.cycleId),
        world.eventsOf('proposal.made').map(({ body }) => body.proposal.id),
        world.eventsOf('approval.requested').map(({ body }) => body.proposalId),
        world.eventsOf('approval.decided').map(({ body }) => body.proposalId),
        world.eventsOf('intent.recorded').map(({ body }) => body.proposalId),
        entries.map(({ body }) => body.order.id),
        world.eventsOf('order.filled').map(({ body }) => body.fillId),
        world.eventsOf('cycle.closed').map(({ body }) => body.cycleId),
      ]) {
        expect(counted(ids), point).toEqual(Object.fromEntries(ids.map((id) => [id, 1])));
      }
      // The set-up ends as it would have, unless its order was in the journal and never at the venue.
      // That is a failure that says so: no trade, and no second try.
      const filled = world.eventsOf('order.filled').some(({ body }) => body.side === 'BUY');
      const { NO_SETUP: quiet = 0, ...end } = counted(Object.values(outcomes(world)));
      expect(end, point).toEqual({ [filled ? 'SENT' : 'FAILED']: 1 });
      expect(quiet, point).toBe(4);
      expect(entries, point).toHaveLength(1);
      expect(runtime.parts.decisions.open(), point).toEqual([]);
      expect(await runtime.parts.approvals.pending(), point).toEqual([]);
      expect(await world.verify(), point).toMatchObject({ ok: true });
    }
  }, 60_000);
});
