/** The graph's store fails once, at any of its writes, and the process lives on. */
import { expect, test } from 'vitest';

import { type Between, candles, feedOf, SCRIPT, World } from '../../tests/support/world.ts';
import { expectProtected } from './testing/expect-protected.ts';
import type { Runtime } from './runtime.ts';

const MARKET = candles(50_000, [[50_000], [50_100], [50_000], [50_100], [50_000]]);
const WRITES = new Set(['put', 'putWrites', 'deleteThread']);

function stumbling(at: number): { between: Between; writes: () => number } {
  let count = 0;
  const between: Between = (storage) =>
    new Proxy(storage, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function' || !WRITES.has(String(name))) return value;
        return async (...args: unknown[]): Promise<unknown> => {
          count += 1;
          if (count === at) throw new Error('the store stumbled');
          return Reflect.apply(value, target, args);
        };
      },
    });
  return { between, writes: () => count };
}

/** Approves whatever the rows say is waiting, as a person with a stale page might. */
async function approveRows(runtime: Runtime): Promise<void> {
  for (const row of await runtime.parts.approvals.pending()) {
    const { id, version, proposalHash: seenHash } = row;
    await runtime.decide({
      id,
      version,
      seenHash,
      decision: 'APPROVE',
      reason: '',
      decider: SCRIPT,
    });
  }
}

async function run(at: number) {
  const world = new World({ feed: feedOf(MARKET), plan: (bar) => (bar < 2 ? {} : undefined) });
  const { between, writes } = stumbling(at);
  // Only the graph's store has these methods; the ledger passes through untouched.
  const runtime = await world.open((storage) => ('append' in storage ? storage : between(storage)));
  for await (const event of runtime.options.feed.events(0)) {
    await runtime.play(event);
    await approveRows(runtime);
    await expectProtected(runtime, `write ${at}`);
  }
  await runtime.stop();
  return { world, runtime, writes: writes() };
}

test('costs at most the set-up at hand, and never leaves a proposal that can be approved for nothing', async () => {
  const { writes } = await run(Infinity);
  expect(writes).toBeGreaterThan(10);
  let failed = 0;
  for (let at = 1; at <= writes; at++) {
    const { world, runtime } = await run(at);
    const point = `write ${at}`;
    expect(runtime.parts.decisions.open(), point).toEqual([]);
    expect(await runtime.parts.approvals.pending(), point).toEqual([]);
    const over = new Map<string, number>();
    for (const { seq, body } of world.eventsOf('cycle.closed')) over.set(body.cycleId, seq);
    for (const { seq, body, correlationId } of world.eventsOf('approval.decided')) {
      const late = seq > (over.get(correlationId) ?? Infinity);
      if (late) expect(body.status, point).toBe('INVALIDATED');
    }
    const ends = world.eventsOf('cycle.closed').map(({ body }) => body.outcome);
    failed += ends.filter((outcome) => outcome === 'FAILED').length;
    const entries = world
      .eventsOf('order.submitting')
      .filter(({ body }) => body.order.role === 'ENTRY');
    expect(entries, point).toHaveLength(ends.filter((outcome) => outcome === 'SENT').length);
    expect(await world.verify(), point).toMatchObject({ ok: true });
  }
  expect(failed).toBeGreaterThan(0);
});
