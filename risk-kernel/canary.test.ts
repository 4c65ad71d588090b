import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { TradingState } from '../domain/event.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { BTC, EUR, START_MS } from '../domain/testing/samples.ts';
import { money, price, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { allowed, canaries, CALM_PERCH, escaped, type Perch } from './canary.ts';
import { LIMITS_HASH, STANDARD } from './limits-in-force.ts';
import { preview, review, type Verdict } from './review.ts';
import { accounts, onTick } from './testing/arbitraries.ts';
import { CALM, held, position } from './testing/base-case.ts';

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
  const names = canaries(perchOn(fine, '50000')).map(({ name }) => name);
  expect(names).not.toContain('half a lot');
  expect(canaries(CALM_PERCH).map(({ name }) => name)).toContain('half a lot');
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
