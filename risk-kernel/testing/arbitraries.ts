/** Random entries and accounts that are well formed, and sometimes but not always good. */
import fc from 'fast-check';

import { DAY_MS, HOUR_MS } from '../../domain/clock.ts';
import { clientOrderId, instrumentId } from '../../domain/ids.ts';
import type { Level, Management } from '../../domain/management.ts';
import type { Order } from '../../domain/order.ts';
import { BTC, MOMENTUM, REVERSION, START_MS } from '../../domain/testing/samples.ts';
import { add, type Money, type Price, type Quantity } from '../../domain/units.ts';
import type {
  Exposure,
  Lock,
  OpenPosition,
  RecentEntry,
  RestingExit,
  RiskSnapshot,
} from '../snapshot.ts';
import { CALM, ENTRY, ladder, standing } from './base-case.ts';

export const units = (min: number, max: number, step: bigint): fc.Arbitrary<bigint> =>
  fc.integer({ min, max }).map((n) => BigInt(n) * step);
export const dollars = (min: number, max: number): fc.Arbitrary<Money> =>
  units(min, max, 10n ** 12n) as fc.Arbitrary<Money>;
export const onTick = (min: number, max: number): fc.Arbitrary<Price> =>
  units(min * 100, max * 100, BTC.tick) as fc.Arbitrary<Price>;
export const lots = (min: number, max: number): fc.Arbitrary<Quantity> =>
  units(min, max, BTC.lot) as fc.Arbitrary<Quantity>;

/** Levels between two prices, evenly apart, the nearest to the first of them first. */
const levelsBetween = (near: bigint, far: bigint, sizes: readonly Quantity[]): readonly Level[] =>
  sizes.map((size, index) => {
    const at = near + ((far - near) * BigInt(index + 1)) / BigInt(sizes.length + 1);
    return { price: (at - (at % BTC.tick)) as Price, quantity: size };
  });

/** Plans for an entry from its price, its stop and its target; most entries have none. */
const plans = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      adds: fc.array(lots(1_000, 300_000), { maxLength: 3 }),
      parts: fc.array(lots(500, 5_000), { maxLength: 2 }),
    }),
  },
);

const managed = (
  order: Order,
  from: bigint,
  plan: { readonly adds: readonly Quantity[]; readonly parts: readonly Quantity[] },
): Management => ({
  adds: levelsBetween(from, order.protectiveStop ?? from, plan.adds),
  partialTargets: levelsBetween(from, order.target ?? from, plan.parts),
});

export const entries: fc.Arbitrary<Order> = fc
  .record({
    plan: plans,
    long: fc.boolean(),
    quantity: lots(10_000, 3_000_000),
    type: fc.constantFrom('MARKET' as const, 'LIMIT' as const, 'STOP' as const),
    at: onTick(49_400, 50_600),
    stopAway: onTick(-50, 3_000),
    targetAway: onTick(-50, 9_000),
  })
  .map(({ plan, long, quantity: size, type, at, stopAway, targetAway }) => {
    const order: Order = {
      ...ENTRY,
      side: long ? 'BUY' : 'SELL',
      quantity: size,
      type,
      ...(type === 'LIMIT' ? { limitPrice: at } : {}),
      ...(type === 'STOP' ? { stopPrice: at } : {}),
      protectiveStop: (long ? at - stopAway : at + stopAway) as Price,
      target: (long ? at + targetAway : at - targetAway) as Price,
    };
    return plan === undefined ? order : { ...order, management: managed(order, at, plan) };
  });

const instrumentIds = fc.constantFrom(
  ...['BTC/USD', 'A/USD', 'B/USD', 'C/USD', 'D/USD'].map(instrumentId),
);
const strategyIds = fc.constantFrom(MOMENTUM, REVERSION);

/** At most one of each strategy in each instrument. */
export const exposures = (most: number): fc.Arbitrary<OpenPosition[]> =>
  fc.uniqueArray(
    fc.record({
      instrumentId: instrumentIds,
      strategyId: strategyIds,
      assetClass: fc.constantFrom('CRYPTO' as const, 'FX' as const),
      direction: fc.constantFrom('LONG' as const, 'SHORT' as const),
      quantity: lots(1, 1_000),
      notional: dollars(0, 900),
      risk: dollars(0, 90),
      correlation: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
      addTo: fc.constant(null),
    }),
    {
      maxLength: most,
      selector: (exposure) => `${exposure.instrumentId} ${exposure.strategyId}`,
    },
  );

/** Entries on their way, some of them steps of a ladder that may or may not be on the picture. */
const holds: fc.Arbitrary<Exposure[]> = exposures(2).chain((list) =>
  fc
    .array(fc.option(fc.constant(clientOrderId('E1P9'))), {
      minLength: list.length,
      maxLength: list.length,
    })
    .map((adds) => list.map((hold, index) => ({ ...hold, addTo: adds[index] ?? null }))),
);

const ladders = fc.subarray([ladder({ entryId: clientOrderId('E1P9') })]);

const locks: fc.Arbitrary<Lock[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Lock[]>([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        instrumentId: instrumentIds,
        side: fc.constantFrom('BUY' as const, 'SELL' as const, 'BOTH' as const),
        code: fc.constantFrom(
          'INSTRUMENT_HALTED' as const,
          'ORDER_UNRESOLVED' as const,
          'ORDER_SUSPECT' as const,
        ),
      }),
      { maxLength: 2 },
    ),
  },
);

const exits: fc.Arbitrary<RestingExit[]> = fc.array(
  fc.record({
    orderId: fc.nat(999).map((n) => clientOrderId(`X${n}`)),
    instrumentId: instrumentIds,
    strategyId: strategyIds,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    quantity: lots(1, 1_000),
    limitPrice: fc.option(onTick(48_000, 52_000)),
    ocoGroupId: fc.constant(null),
  }),
  { maxLength: 3 },
);

const recentEntries: fc.Arbitrary<RecentEntry[]> = fc.array(
  fc.record({
    instrumentId: instrumentIds,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    quantity: lots(10_000, 10_002),
    notional: dollars(0, 900),
    // Half of them in the last hour.
    atMs: fc.oneof(fc.nat(2 * HOUR_MS), fc.nat(DAY_MS)).map((agoMs) => START_MS - agoMs),
  }),
  { maxLength: 6 },
);

export const accounts: fc.Arbitrary<RiskSnapshot> = fc
  .record({
    equity: dollars(9_000, 12_000),
    lost: dollars(0, 300),
    rung: fc.oneof(fc.constant(0 as const), fc.constantFrom(0, 1, 2, 3, 4)),
    positions: exposures(4),
    holds,
    ladders,
    locks,
    exits,
    recentEntries,
    messagesLastMinute: fc.nat(62),
    lossStreak: fc.nat(5),
    dayResult: dollars(-210, 200),
  })
  .map(({ equity, lost, lossStreak, dayResult, ...rest }) => ({
    ...CALM,
    ...rest,
    equity,
    peakEquity: add(equity, lost),
    dayOpenEquity: add(equity, lost),
    strategies: [standing(MOMENTUM, { lossStreak, dayResult }), standing(REVERSION)],
  }));
