import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { TradingState } from '../domain/event.ts';
import { strategyId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { BTC, EUR, MOMENTUM, START_MS } from '../domain/testing/samples.ts';
import { money, price, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { allowed, canaries, CALM_PERCH, escaped, type Perch } from './canary.ts';
import { LIMITS_HASH, STANDARD } from './limits-in-force.ts';
import { preview, review, type Verdict } from './review.ts';
import { accounts, onTick } from './testing/arbitraries.ts';
import { CALM, held, position, standing } from './testing/base-case.ts';

const perchOn = (instrument: Instrument, mark: string): Perch => ({
  instrument,
  nowMs: START_MS,
  snapshot: {
    ...CALM,
    permitted: [instrument.id],
    mark: { price: price(mark), atMs: START_MS },
  },
});

const perches: readonly [string, Perch][] = [
  ['its own calm account', CALM_PERCH],
  ['a coin', perchOn(BTC, '50000')],
  ['a currency', perchOn(EUR, '1.1')],
];

const commandOn = ({ instrument, nowMs }: Perch, order: Order) => ({ order, instrument, nowMs });

describe('the order that the canaries are made from', () => {
  const made = {
    id: 'CANARY',
    role: 'ENTRY',
    side: 'BUY',
    type: 'MARKET',
    timeInForce: 'GTC',
    reduceOnly: false,
  };

  test('is a hundred of its own account, two percent to the stop and six to the target', () => {
    expect(allowed(CALM_PERCH)).toEqual({
      ...made,
      instrumentId: 'CANARY/USD',
      strategyId: 'canary',
      quantity: quantity('1'),
      protectiveStop: price('98'),
      target: price('106'),
    });
  });

  test('is on the lot, rounded up, and on the nearest tick', () => {
    expect(allowed(perchOn(EUR, '1.10003'))).toEqual({
      ...made,
      instrumentId: EUR.id,
      strategyId: MOMENTUM,
      quantity: quantity('91'),
      protectiveStop: price('1.07803'),
      target: price('1.16603'),
    });
  });

  test.each([null, { price: price('0'), atMs: START_MS }])(
    'is made from a price of 100 and no strategy where there is none',
    (mark) => {
      const perch = perchOn(BTC, '50000');
      const bare = { ...perch, snapshot: { ...perch.snapshot, mark, strategies: [] } };
      expect(allowed(bare)).toEqual({
        ...made,
        instrumentId: BTC.id,
        strategyId: 'canary-nobody',
        quantity: quantity('1'),
        protectiveStop: price('98'),
        target: price('106'),
      });
    },
  );
});

describe('the canaries of its own calm account', () => {
  const aDayAgo = CALM_PERCH.nowMs - 86_400_000;
  const nobody = 'canary-nobody';
  const inTheOrder = [
    ['no protective stop', 'STOP_MISSING', { protectiveStop: undefined }],
    ['a stop above the price', 'STOP_WRONG_SIDE', { protectiveStop: price('101') }],
    ['no target', 'TARGET_WRONG_SIDE', { target: undefined }],
    ['a reward not worth the risk', 'REWARD_RISK_BELOW_MINIMUM', { target: price('100.5') }],
    ['a million times the size', 'LOTS_EXCEED_MAXIMUM', { quantity: quantity('1000000') }],
    ['no size', 'COMMAND_MALFORMED', { quantity: 0n }],
    ['a negative size', 'COMMAND_MALFORMED', { quantity: -quantity('1') }],
    ['half a lot', 'QUANTITY_NOT_ON_LOT', { quantity: quantity('1.00005') }],
    [
      'a limit far above the market',
      'PRICE_OUTSIDE_COLLAR',
      { type: 'LIMIT', limitPrice: price('103') },
    ],
    ['a strategy nobody knows', 'STRATEGY_UNKNOWN', { strategyId: nobody }],
    [
      'an exit of nothing',
      'REDUCE_WITHOUT_POSITION',
      { role: 'EXIT', reduceOnly: true, strategyId: nobody },
    ],
    ['an entry that claims to reduce', 'COMMAND_MALFORMED', { reduceOnly: true }],
  ] as const;
  const step = { type: 'LIMIT', limitPrice: price('99'), addTo: 'CANARYENTRY' };

  const ladder = {
    entryId: 'CANARYENTRY',
    instrumentId: 'CANARY/USD',
    strategyId: 'canary',
    side: 'BUY',
    protectiveStop: price('98'),
    adds: [{ orderId: 'CANARY', price: price('99'), quantity: quantity('0.9999') }],
  };
  const hidden = { adds: [{ price: price('99'), quantity: quantity('1000000') }] };
  const lockOf = (side: string, code: string) => ({
    locks: [{ instrumentId: 'CANARY/USD', side, code }],
  });
  const ofLadders = [
    ['an add that nobody planned', 'ADD_NOT_PLANNED', step, {}],
    ['an add larger than it was planned', 'ADD_NOT_PLANNED', step, { ladders: [ladder] }],
    ['a ladder that hides its size in its adds', 'LOTS_EXCEED_MAXIMUM', { management: hidden }, {}],
  ] as const;
  const locked = [
    [
      'an entry into a side where an order is unresolved',
      'ORDER_UNRESOLVED',
      lockOf('BUY', 'ORDER_UNRESOLVED'),
    ],
    ['an instrument that is halted', 'INSTRUMENT_HALTED', lockOf('BOTH', 'INSTRUMENT_HALTED')],
  ] as const;
  const inThePicture = [
    ['an order that was sent before', 'COMMAND_DUPLICATE', { orderKnown: true }],
    [
      'an instrument that is not permitted',
      'INSTRUMENT_NOT_PERMITTED',
      { permitted: ['CANARY-ELSEWHERE/USD'] },
    ],
    ['an account in another currency', 'CURRENCY_MISMATCH', { currency: 'not USD' }],
    ['an emergency', 'EMERGENCY_ACTIVE', { emergency: true }],
    ['a halt', 'TRADING_HALTED', { tradingState: 'HALTED' }],
    ['a state that only reduces', 'TRADING_REDUCING', { tradingState: 'REDUCING' }],
    ['a broken audit', 'AUDIT_CHAIN_BROKEN', { auditIntact: false }],
    ['a venue that was not compared', 'RECONCILIATION_PENDING', { reconciled: false }],
    ['a picture from another day', 'SNAPSHOT_STALE', { asOfMs: aDayAgo, recentEntries: [] }],
    ['no price', 'MARKET_DATA_MISSING', { mark: null }],
    [
      'a price from another day',
      'MARKET_DATA_STALE',
      { mark: { price: price('100'), atMs: aDayAgo } },
    ],
    [
      'a fifth of the peak lost',
      'DRAWDOWN_EXCEEDS_MAXIMUM',
      { peakEquity: money('1000000000000') },
    ],
    ['an empty account', 'DRAWDOWN_EXCEEDS_MAXIMUM', { equity: 0n }],
    ['no strategy at all', 'STRATEGY_UNKNOWN', { strategies: [] }],
  ] as const;

  test('are these, each wrong in this and in nothing else', () => {
    expect(canaries(CALM_PERCH)).toStrictEqual([
      ...inTheOrder.map(([name, code, order]) => ({ name, code, order, snapshot: {} })),
      ...ofLadders.map(([name, code, order, snapshot]) => ({ name, code, order, snapshot })),
      ...[...locked, ...inThePicture].map(([name, code, snapshot]) => ({
        name,
        code,
        order: {},
        snapshot,
      })),
    ]);
  });
});

test('the calm account is ten thousand dollars in which nothing happens', () => {
  const { instrument, snapshot, nowMs } = CALM_PERCH;
  expect(instrument).toEqual({
    id: 'CANARY/USD',
    base: 'CANARY',
    quote: 'USD',
    assetClass: 'CRYPTO',
    tick: price('0.01'),
    lot: quantity('0.0001'),
    minNotional: money('1'),
    unitsPerStandardLot: quantity('1000'),
  });
  expect(snapshot).toEqual({
    ...CALM,
    seq: 1,
    asOfMs: nowMs,
    permitted: [instrument.id],
    strategies: [standing(strategyId('canary'))],
    mark: { price: price('100'), atMs: nowMs },
  });
  for (const part of [CALM_PERCH, instrument, snapshot]) expect(Object.isFrozen(part)).toBe(true);
});

describe.each(perches)('on %s', (_, perch) => {
  test('the order that the canaries are made from is cleared', () => {
    expect(review(commandOn(perch, allowed(perch)), perch.snapshot).cleared).toBe(true);
  });

  test.each(canaries(perch).map((canary) => [canary.name, canary] as const))(
    '%s is denied, and for its own reason',
    (__, { code, order, snapshot }) => {
      const hostile = { ...allowed(perch), ...order } as Order;
      expect(preview(commandOn(perch, hostile), { ...perch.snapshot, ...snapshot })).toMatchObject({
        cleared: false,
        code,
      });
    },
  );

  test('none escapes', () => {
    expect(escaped(perch, STANDARD, review)).toEqual([]);
  });
});

test('none escapes on an account in any trouble', () => {
  const perch = perchOn(BTC, '50000');
  const troubles: readonly Partial<Perch['snapshot']>[] = [
    { positions: [held(), position('X')] },
    { tradingState: 'HALTED', emergency: true },
    { equity: money('1') },
    { mark: null },
    { mark: { price: price('0'), atMs: START_MS } },
    { strategies: [] },
    { rung: 4 },
  ];
  for (const trouble of troubles) {
    const troubled = { ...perch, snapshot: { ...perch.snapshot, ...trouble } };
    expect(escaped(troubled, STANDARD, review)).toEqual([]);
  }
});

/** Accounts as they may be at any moment, mostly without trouble. */
const live: fc.Arbitrary<Perch> = fc
  .record({
    account: accounts,
    mark: fc.option(onTick(1, 100_000)),
    ageMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(120_000)),
    tradingState: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'REDUCING', 'HALTED'),
    trouble: fc.constantFrom({}, {}, {}, { emergency: true }, { auditIntact: false }),
    instrument: fc.constantFrom(BTC, EUR),
  })
  .map(({ account, mark, ageMs, tradingState, trouble, instrument }) => ({
    instrument,
    nowMs: START_MS,
    snapshot: {
      ...account,
      tradingState: tradingState as TradingState,
      ...trouble,
      permitted: [instrument.id],
      mark: mark === null ? null : { price: mark, atMs: START_MS - ageMs },
    },
  }));

test('none escapes on any live picture', () => {
  fc.assert(
    fc.property(live, (perch) => {
      expect(escaped(perch, STANDARD, review)).toEqual([]);
    }),
    { numRuns: PROPERTY_RUNS },
  );
});

test('although on some of them the order beneath is cleared', () => {
  const perches = fc.sample(live, { numRuns: 1_000, seed: 1 });
  const calm = perches.filter(
    (perch) => review(commandOn(perch, allowed(perch)), perch.snapshot).cleared,
  );
  expect(calm.length).toBeGreaterThan(10);
});

test('where the lot is the smallest amount there is, half a lot is not tried', () => {
  const fine = { ...BTC, lot: quantity('0.000000000001') };
  const tried = canaries(perchOn(fine, '50000')).map(({ name }) => name);
  const all = canaries(CALM_PERCH).map(({ name }) => name);
  expect(all).toContain('half a lot');
  expect(tried).toEqual(all.filter((name) => name !== 'half a lot'));
});

test('a kernel that clears what it must deny is told by the names of what escaped', () => {
  const broken = (code: string) =>
    ((command, snapshot, inForce): Verdict => {
      const verdict = review(command, snapshot, inForce);
      return !verdict.cleared && verdict.code === code
        ? ({ ...verdict, cleared: true } as unknown as Verdict)
        : verdict;
    }) satisfies typeof review;
  expect(escaped(CALM_PERCH, STANDARD, broken('STOP_MISSING'))).toEqual(['no protective stop']);
  expect(escaped(CALM_PERCH, STANDARD, broken('TRADING_HALTED'))).toEqual(['a halt']);
  const open = (): Verdict => ({ cleared: true }) as Verdict;
  expect(escaped(CALM_PERCH, STANDARD, open)).toEqual(canaries(CALM_PERCH).map(({ name }) => name));
});

test('they are reviewed under the limits that are in force', () => {
  const hashes = new Set<string>();
  escaped(CALM_PERCH, STANDARD, (command, snapshot, inForce) => {
    hashes.add(inForce?.hash ?? 'none');
    return review(command, snapshot, inForce);
  });
  expect([...hashes]).toEqual([LIMITS_HASH]);
});
