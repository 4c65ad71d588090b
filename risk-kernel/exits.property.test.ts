import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ocoGroupId } from '../domain/ids.ts';
import type { Order, Side } from '../domain/order.ts';
import { BTC, MOMENTUM } from '../domain/testing/samples.ts';
import type { Quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { type LimitsInForce, STANDARD, tighten } from './limits-in-force.ts';
import { review } from './review.ts';
import type { RestingExit, RiskSnapshot } from './snapshot.ts';
import { accounts, entries, lots } from './testing/arbitraries.ts';
import {
  CALM,
  type Case,
  commandFor,
  ENTRY,
  EXIT,
  held,
  position,
  resting,
} from './testing/base-case.ts';

const RUNS = { numRuns: PROPERTY_RUNS };

describe('an exit that strictly reduces', () => {
  const anything = fc.anything();
  /** What the lane of exits must not look at, filled with anything at all. */
  const turmoil = fc.record({
    asOfMs: anything,
    tradingState: fc.constantFrom('ACTIVE', 'REDUCING', 'HALTED', undefined),
    emergency: anything,
    auditIntact: anything,
    reconciled: anything,
    permitted: anything,
    equity: anything,
    peakEquity: anything,
    dayOpenEquity: anything,
    holds: anything,
    ladders: anything,
    locks: anything,
    currency: anything,
    rung: anything,
    recentEntries: anything,
    messagesLastMinute: anything,
    strategies: anything,
    mark: anything,
  });
  const size = lots(1, 10_000);
  const rivalOf = (side: Side, quantityOf: Quantity, group: boolean): RestingExit =>
    resting('X9P9', {
      instrumentId: BTC.id,
      strategyId: MOMENTUM,
      side,
      quantity: quantityOf,
      ocoGroupId: group ? ocoGroupId('exits:P1') : null,
    });
  /** Limits that the kernel made, and limits that it did not. */
  const limits = fc.constantFrom<LimitsInForce>(
    STANDARD,
    tighten({ orderLotsMax: 1, positionsOpenMax: 1, entriesPerDayMax: 1 }),
    { ...STANDARD } as LimitsInForce,
  );
  const kinds = fc.constantFrom<Partial<Order>>(
    {},
    { role: 'EXIT', type: 'MARKET' },
    { role: 'TARGET', type: 'LIMIT', limitPrice: ENTRY.target! },
  );

  const scenes = fc.record({
    long: fc.boolean(),
    size,
    rival: size,
    grouped: fc.boolean(),
    beyond: lots(-5_000, 5_000),
    kind: kinds,
    around: turmoil,
  });

  const sceneOf = ({
    long,
    size: ordered,
    rival,
    grouped,
    beyond,
    kind,
    around,
  }: ScenesOf<typeof scenes>): { readonly one: Case; readonly room: bigint } => {
    const { stopPrice: _, ...plain } = EXIT;
    const order: Order = {
      ...(kind.type === undefined ? EXIT : plain),
      ...kind,
      side: long ? 'SELL' : 'BUY',
      quantity: ordered,
    };
    const inPosition = (ordered + (grouped ? 0n : rival) + beyond) as Quantity;
    const snapshot = {
      ...CALM,
      ...(around as Partial<RiskSnapshot>),
      positions: [
        position('X'),
        { ...held(), direction: long ? 'LONG' : 'SHORT', quantity: inPosition },
      ],
      exits: [rivalOf(order.side, rival, grouped)],
    } as RiskSnapshot;
    return { one: { command: commandFor(order), snapshot }, room: beyond };
  };

  test('is cleared in every state, on any picture of the rest of the account', () => {
    fc.assert(
      fc.property(scenes, limits, (scene, inForce) => {
        const { one, room } = sceneOf(scene);
        fc.pre(room >= 0n);
        expect(review(one.command, one.snapshot, inForce).cleared).toBe(true);
      }),
      RUNS,
    );
  });

  test('is the only kind of exit that is cleared', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { one, room } = sceneOf(scene);
        fc.pre(room < 0n);
        expect(review(one.command, one.snapshot).cleared).toBe(false);
        const wrongWay = one.command.order.side === 'BUY' ? 'SELL' : 'BUY';
        const turned = { ...one.command.order, side: wrongWay } as const;
        expect(review(commandFor(turned), one.snapshot).cleared).toBe(false);
      }),
      RUNS,
    );
  });
});

describe('while trading is REDUCING or HALTED', () => {
  const states = fc.constantFrom('REDUCING' as const, 'HALTED' as const);
  const exitOrders: fc.Arbitrary<Order> = fc
    .record({
      role: fc.constantFrom('STOP' as const, 'TARGET' as const, 'EXIT' as const, 'ENTRY' as const),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: lots(-5, 1_100),
      honest: fc.oneof(fc.constant(true), fc.boolean()),
    })
    .map(({ honest, ...change }) => ({
      ...EXIT,
      ...change,
      reduceOnly: (change.role !== 'ENTRY') === honest,
    }));

  /** What the strategy holds in the instrument, below zero when it is short. */
  const signedPosition = ({ positions }: RiskSnapshot): bigint => {
    const own = positions.find((p) => p.instrumentId === BTC.id && p.strategyId === MOMENTUM);
    if (own === undefined) return 0n;
    return own.direction === 'LONG' ? own.quantity : -own.quantity;
  };

  test('nothing is cleared that opens a position, makes one larger or turns one around', () => {
    fc.assert(
      fc.property(fc.oneof(entries, exitOrders), accounts, states, (order, account, state) => {
        const snapshot = { ...account, tradingState: state };
        if (!review(commandFor(order), snapshot).cleared) return;
        const before = signedPosition(snapshot);
        const after = before + (order.side === 'BUY' ? order.quantity : -order.quantity);
        const [small, large] = [after, before].map((size) => (size < 0n ? -size : size));
        expect(small! < large!).toBe(true);
        expect(after === 0n || after > 0n === before > 0n).toBe(true);
      }),
      RUNS,
    );
  });

  test('and exits are cleared among those that were tried', () => {
    const sample = fc.sample(fc.tuple(exitOrders, accounts), { numRuns: 2_000, seed: 1 });
    const cleared = sample.filter(
      ([order, account]) =>
        review(commandFor(order), { ...account, tradingState: 'HALTED' }).cleared,
    );
    expect(cleared.length).toBeGreaterThan(30);
  });
});

type ScenesOf<A> = A extends fc.Arbitrary<infer Scene> ? Scene : never;
