/**
 * An entry that plans adds is reviewed once for all of them. Whatever is sent of the ladder afterwards, in
 * whatever order, was allowed by that one review, and nothing of it goes out of sight meanwhile.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { HOUR_MS } from '../domain/clock.ts';
import { addOrder } from '../domain/entry-order.ts';
import { proposalId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { BTC, START_MS } from '../domain/testing/samples.ts';
import { type Money, money, price, type Price, type Quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { type Hold, holdOf, worstCase } from './command.ts';
import { preview, review } from './review.ts';
import type { Exposure, Ladder, OpenPosition, RiskSnapshot } from './snapshot.ts';
import { CALM, commandFor, ENTRY, position } from './testing/base-case.ts';

const P1 = proposalId('P1');
const MARK = price('50000');
const RUNS = { numRuns: PROPERTY_RUNS };

interface Plan {
  readonly long: boolean;
  /** In lots. */
  readonly size: number;
  /** Nearest first, each in cents beyond the one before it and in lots. */
  readonly steps: readonly { readonly apart: number; readonly size: number }[];
  /** The stop, in cents beyond the last add. */
  readonly stopAway: number;
  /** What stands beside it in the same instrument, and lets the last of it fit or not. */
  readonly beside: number;
}

/** Adds within the collar, so that each can be sent at once; from clearly fitting to clearly too much. */
const plans: fc.Arbitrary<Plan> = fc.record({
  long: fc.boolean(),
  size: fc.integer({ min: 30_000, max: 900_000 }),
  steps: fc.uniqueArray(
    fc.record({
      apart: fc.integer({ min: 1, max: 12_000 }),
      size: fc.integer({ min: 30_000, max: 400_000 }),
    }),
    // The same order three times within an hour is a loop, which is another rule.
    { minLength: 1, maxLength: 4, selector: ({ size }) => size },
  ),
  stopAway: fc.integer({ min: 1, max: 300_000 }),
  beside: fc.integer({ min: 0, max: 600 }),
});

function entryOf({ long, size, steps, stopAway }: Plan): Order {
  const away = long ? -1n : 1n;
  let at: bigint = MARK;
  const adds = steps.map((step) => {
    at += away * BigInt(step.apart) * BTC.tick;
    return { price: at as Price, quantity: (BigInt(step.size) * BTC.lot) as Quantity };
  });
  const protectiveStop = (at + away * BigInt(stopAway) * BTC.tick) as Price;
  return {
    ...ENTRY,
    side: long ? 'BUY' : 'SELL',
    quantity: (BigInt(size) * BTC.lot) as Quantity,
    protectiveStop,
    target: (MARK + 4n * (MARK - protectiveStop)) as Price,
    management: { adds },
  };
}

const addsOf = (entry: Order): readonly Order[] =>
  (entry.management?.adds ?? []).map((_, index) => addOrder(entry, P1, index));

const ladderOf = (entry: Order): Ladder => ({
  entryId: entry.id,
  instrumentId: entry.instrumentId,
  strategyId: entry.strategyId,
  side: entry.side,
  protectiveStop: entry.protectiveStop ?? MARK,
  adds: addsOf(entry).map(({ id, limitPrice, quantity }) => ({
    orderId: id,
    price: limitPrice ?? MARK,
    quantity,
  })),
});

/** What one order of the ladder stands for on the picture. */
const exposureOf = (order: Order, { notional, risk }: Hold): Exposure => ({
  instrumentId: order.instrumentId,
  strategyId: order.strategyId,
  assetClass: 'CRYPTO',
  direction: order.side === 'BUY' ? 'LONG' : 'SHORT',
  notional,
  risk,
  correlation: 1,
  addTo: order.addTo ?? null,
});

/** Another strategy's position in the same instrument. */
const neighbour = ({ beside, long }: Plan): OpenPosition =>
  position('BTC', {
    direction: long ? 'LONG' : 'SHORT',
    notional: money(String(beside)),
    correlation: 1,
  });

const besideIt = (plan: Plan): RiskSnapshot => ({
  ...CALM,
  positions: plan.beside === 0 ? [] : [neighbour(plan)],
});

interface Sent {
  readonly order: Order;
  readonly hold: Hold;
}

/** The account while the entry and some of its adds are out; every other add is reserved but the one in question. */
function picture(plan: Plan, entry: Order, sent: readonly Sent[], asked?: Order): RiskSnapshot {
  const out = new Set(sent.map(({ order }) => order.id));
  const unsent = addsOf(entry).filter(({ id }) => !out.has(id) && id !== asked?.id);
  return {
    ...besideIt(plan),
    holds: [
      ...sent.map(({ order, hold }) => exposureOf(order, hold)),
      ...unsent.map((order) => exposureOf(order, holdOf(order, MARK))),
    ],
    ladders: [ladderOf(entry)],
    recentEntries: sent.map(({ order, hold }, index) => ({
      instrumentId: order.instrumentId,
      side: order.side,
      quantity: order.quantity,
      notional: hold.notional,
      // Far enough apart for the hour's count, which is no matter of size.
      atMs: START_MS - (index === 0 ? 1 : 2 * HOUR_MS),
    })),
  };
}

const sum = (list: readonly Hold[], part: keyof Hold): bigint =>
  list.reduce((total, one) => total + one[part], 0n);

/** Sends the entry and then every add in an order, and says what each review said. */
function climb(plan: Plan, turn: readonly number[]): readonly string[] {
  const entry = entryOf(plan);
  const first = review(commandFor(entry), besideIt(plan));
  if (!first.cleared) return [first.code];
  const sent: Sent[] = [{ order: entry, hold: holdOf(entry, MARK) }];
  const whole = worstCase(entry, MARK);
  const said = ['CLEARED'];
  expectWhole(picture(plan, entry, sent), whole);
  for (const order of turn.map((index) => addsOf(entry)[index]!)) {
    const verdict = review(commandFor(order), picture(plan, entry, sent, order));
    said.push(verdict.cleared ? 'CLEARED' : verdict.code);
    sent.push({ order, hold: holdOf(order, MARK) });
    expectWhole(picture(plan, entry, sent), whole);
  }
  return said;
}

/** Sent and unsent together are what was reviewed, to the last digit, and below every limit of their size. */
function expectWhole({ positions, holds }: RiskSnapshot, whole: Hold): void {
  expect(sum(holds, 'notional')).toBe(whole.notional);
  expect(sum(holds, 'risk')).toBe(whole.risk);
  expect(sum([...positions, ...holds], 'notional') <= money('1000')).toBe(true);
  expect(sum(holds, 'risk') <= money('200')).toBe(true);
}

const turns = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
const turnOf = (plan: Plan, turn: readonly number[]): readonly number[] =>
  turn.filter((index) => index < plan.steps.length);

describe('a ladder that was cleared', () => {
  test('adds up, sent and unsent, at every step and in any order, and never exceeds a limit', () => {
    fc.assert(
      fc.property(plans, turns, (plan, turn) => {
        climb(plan, turnOf(plan, turn));
      }),
      RUNS,
    );
  });

  test('has room for each of its adds, which was kept for it', () => {
    fc.assert(
      fc.property(plans, turns, (plan, turn) => {
        const said = climb(plan, turnOf(plan, turn));
        if (said[0] === 'CLEARED') expect(said).toEqual(said.map(() => 'CLEARED'));
      }),
      RUNS,
    );
  });

  test('is cleared and denied in fair numbers', () => {
    const said = fc.sample(plans, { numRuns: 500, seed: 1 }).map((plan) => climb(plan, [])[0]);
    expect(said.filter((code) => code === 'CLEARED').length).toBeGreaterThan(50);
    expect(said.filter((code) => code === 'POSITION_SIZE_EXCEEDS_MAXIMUM').length).toBeGreaterThan(
      50,
    );
  });
});

test('a ladder is cleared only where one entry of the same value and risk would be', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const entry = entryOf(plan);
      if (!preview(commandFor(entry), besideIt(plan)).cleared) return;
      const { notional, risk } = worstCase(entry, MARK);
      const own = holdOf(entry, MARK);
      // The entry without its ladder, on an account that already carries what the ladder would.
      const { management: _, ...bare } = entry;
      const carried = position('BTC', {
        direction: plan.long ? 'LONG' : 'SHORT',
        notional: (notional - own.notional + BigInt(plan.beside) * 10n ** 12n) as Money,
        risk: (risk - own.risk) as Money,
        correlation: 1,
      });
      expect(preview(commandFor(bare), { ...CALM, positions: [carried] }).cleared).toBe(true);
    }),
    RUNS,
  );
});

test('nothing else reaches what is kept for the adds', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 1_000_000 }), (plan, size) => {
      const entry = entryOf(plan);
      if (!preview(commandFor(entry), besideIt(plan)).cleared) return;
      const { notional } = worstCase(entry, MARK);
      const snapshot = picture(plan, entry, [{ order: entry, hold: holdOf(entry, MARK) }]);
      // Another strategy comes in between, when nothing but the entry is out.
      const { management: _, ...bare } = entry;
      const other: Order = {
        ...bare,
        id: 'E1P2' as Order['id'],
        strategyId: CALM.strategies[1]!.id,
        quantity: (BigInt(size) * BTC.lot) as Quantity,
      };
      const freed = { ...snapshot, positions: [] };
      if (!preview(commandFor(other), freed).cleared) return;
      expect(notional + worstCase(other, MARK).notional <= money('1000')).toBe(true);
    }),
    RUNS,
  );
});
