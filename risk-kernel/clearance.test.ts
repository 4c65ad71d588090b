import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId, ocoGroupId } from '../domain/ids.ts';
import type { Level, Management } from '../domain/management.ts';
import type { Order } from '../domain/order.ts';
import { ETH, REVERSION, START_MS } from '../domain/testing/samples.ts';
import { price, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { LIMITS } from './limits.ts';
import { LIMITS_HASH, tighten } from './limits-in-force.ts';
import type { Command } from './command.ts';
import { type Clearance, isCleared, preview, redeem, type Redemption, review } from './review.ts';
import type { RiskSnapshot } from './snapshot.ts';
import { accounts, entries } from './testing/arbitraries.ts';
import { baseEntry, baseExit, CALM, commandFor, ENTRY, EXIT } from './testing/base-case.ts';

/** A fresh permission for the order, as the engine would hold it. */
const clearanceFor = (order: Order = ENTRY): Clearance => {
  const { snapshot } = order.reduceOnly ? baseExit() : baseEntry();
  const verdict = review(commandFor(order), snapshot);
  if (!verdict.cleared) throw new Error(`the base case was denied: ${verdict.code}`);
  return verdict.clearance;
};

/** What the base cases were judged on. */
const HERE: Redemption = {
  nowMs: START_MS,
  snapshotSeq: CALM.seq,
  limitsHash: LIMITS_HASH,
};
const at = (nowMs: number): Redemption => ({ ...HERE, nowMs });

test('a clearance gives its order once, frozen, and known as cleared', () => {
  const clearance = clearanceFor();
  const cleared = redeem(clearance, ENTRY, HERE);
  expect(cleared).toEqual(ENTRY);
  expect(Object.isFrozen(cleared)).toBe(true);
  expect(isCleared(cleared!)).toBe(true);
  expect(redeem(clearance, ENTRY, HERE)).toBeUndefined();
});

test('a denial carries none', () => {
  const denied = review(commandFor(ENTRY), { ...CALM, emergency: true });
  expect(denied.cleared).toBe(false);
  expect(denied).not.toHaveProperty('clearance');
});

describe('CLEARANCE_INVALID: what is not the clearance itself permits nothing', () => {
  test.each<[string, (real: Clearance) => unknown]>([
    ['an object of its shape', () => ({})],
    ['a frozen one', () => Object.freeze({})],
    ['a spread copy', (real) => ({ ...real })],
    ['a JSON round trip', (real) => JSON.parse(JSON.stringify(real))],
    ['a structured clone', (real) => structuredClone(real)],
    ['an heir', (real) => Object.create(real)],
    ['a proxy', (real) => new Proxy(real, {})],
    ['nothing', () => undefined],
    ['null', () => null],
    ['a word', () => 'CLEARED'],
    ['the boolean true', () => true],
  ])('%s', (_, forge) => {
    const real = clearanceFor();
    expect(redeem(forge(real) as Clearance, ENTRY, HERE)).toBeUndefined();
    expect(redeem(real, ENTRY, HERE)).toBeDefined();
  });

  test('and nothing can be written on it', () => {
    const real = clearanceFor() as object as Record<string, unknown>;
    expect(Object.isFrozen(real)).toBe(true);
    expect(Reflect.ownKeys(real)).toEqual([]);
    expect(() => (real['expiresAtMs'] = Infinity)).toThrow(TypeError);
  });
});

test('and nobody learns from it how to make more', () => {
  const prototype = Object.getPrototypeOf(clearanceFor()) as object;
  expect(clearanceFor().constructor).toBe(Object);
  expect(Reflect.ownKeys(prototype)).toEqual([]);
  expect(Object.isFrozen(prototype)).toBe(true);
});

describe('it expires', () => {
  const last = START_MS + LIMITS.clearanceMsMax;
  test('after its last millisecond', () => {
    expect(redeem(clearanceFor(), ENTRY, at(last))).toBeDefined();
    expect(redeem(clearanceFor(), ENTRY, at(last + 1))).toBeUndefined();
  });

  test('and is not valid before it was given', () => {
    expect(redeem(clearanceFor(), ENTRY, at(START_MS))).toBeDefined();
    expect(redeem(clearanceFor(), ENTRY, at(START_MS - 1))).toBeUndefined();
  });

  test.each([NaN, Infinity])('when nobody knows the time: %d', (nowMs) => {
    expect(redeem(clearanceFor(), ENTRY, at(nowMs))).toBeUndefined();
  });

  test('also by a try that failed', () => {
    const clearance = clearanceFor();
    expect(redeem(clearance, ENTRY, at(last + 1))).toBeUndefined();
    expect(redeem(clearance, ENTRY, HERE)).toBeUndefined();
  });
});

describe('it is for what it was judged on', () => {
  test.each<[string, Partial<Redemption>]>([
    ['an older picture', { snapshotSeq: CALM.seq - 1 }],
    ['a newer picture', { snapshotSeq: CALM.seq + 1 }],
    ['no picture', { snapshotSeq: Number.NaN }],
    ['tighter limits', { limitsHash: tighten({ leverageMax: 5 }).hash }],
    ['no limits', { limitsHash: '' }],
  ])('with %s it is refused and used up', (_, change) => {
    const clearance = clearanceFor();
    expect(redeem(clearance, ENTRY, { ...HERE, ...change })).toBeUndefined();
    expect(redeem(clearance, ENTRY, HERE)).toBeUndefined();
  });

  test('under tighter limits it carries their hash and their patience', () => {
    const careful = tighten({ clearanceMsMax: 1_000 });
    const given = (): Clearance => {
      const verdict = review(commandFor(ENTRY), CALM, careful);
      if (!verdict.cleared) throw new Error(`the base case was denied: ${verdict.code}`);
      return verdict.clearance;
    };
    const { hash: limitsHash } = careful;
    expect(redeem(given(), ENTRY, HERE)).toBeUndefined();
    expect(redeem(given(), ENTRY, { ...at(START_MS + 1_000), limitsHash })).toEqual(ENTRY);
    expect(redeem(given(), ENTRY, { ...at(START_MS + 1_001), limitsHash })).toBeUndefined();
  });
});

describe('it is for one exact order', () => {
  const changes: Required<Order> = {
    id: clientOrderId('E1P2'),
    instrumentId: ETH.id,
    strategyId: REVERSION,
    role: 'EXIT',
    side: 'SELL',
    type: 'LIMIT',
    quantity: quantity('0.00280001'),
    limitPrice: price('50000'),
    stopPrice: price('50000'),
    timeInForce: 'IOC',
    reduceOnly: true,
    ocoGroupId: ocoGroupId('exits:P2'),
    protectiveStop: price('48999.99'),
    target: price('53000.01'),
    management: { breakEven: true },
    addTo: clientOrderId('E1P0'),
    postOnly: true,
  };

  test.each(Object.entries(changes))('with another %s it is refused and used up', (name, value) => {
    const clearance = clearanceFor();
    expect(redeem(clearance, { ...ENTRY, [name]: value } as Order, HERE)).toBeUndefined();
    expect(redeem(clearance, ENTRY, HERE)).toBeUndefined();
  });

  test.each(['protectiveStop', 'target'] as const)('without its %s it is refused', (name) => {
    const { [name]: _, ...rest } = ENTRY;
    expect(redeem(clearanceFor(), rest as Order, HERE)).toBeUndefined();
  });

  test('that of another order is refused', () => {
    expect(redeem(clearanceFor(EXIT), ENTRY, HERE)).toBeUndefined();
    expect(redeem(clearanceFor(ENTRY), EXIT, HERE)).toBeUndefined();
  });

  test('an equal order will do, and what was judged is what comes out', () => {
    const lookalike = { ...ENTRY, quantity: '2800000000', venueFlags: ['hidden'] };
    const cleared = redeem(clearanceFor(), lookalike as unknown as Order, HERE);
    expect(cleared).toEqual(ENTRY);
    expect(redeem(clearanceFor(), { ...ENTRY }, HERE)).toEqual(ENTRY);
  });

  describe('and for how its position is looked after', () => {
    const plan = (): Required<Management> => ({
      partialTargets: [{ price: price('52000'), quantity: quantity('0.0014') }],
      trail: { distance: { bps: 150 }, armed: { targetsFilled: 1 } },
      breakEven: true,
      closeAfterMs: 3_600_000,
      closeAtMs: START_MS + 7_200_000,
      closeOnSignal: true,
      adds: [{ price: price('49600'), quantity: quantity('0.0014') }],
    });
    const managed = (change: Partial<Management> = {}): Order => ({
      ...ENTRY,
      management: { ...plan(), ...change },
    });
    const level = { price: price('49500'), quantity: quantity('0.0014') };
    const changes: readonly [string, Partial<Management>][] = [
      ['another add', { adds: [level] }],
      ['one add more', { adds: [...plan().adds, level] }],
      ['no adds', { adds: [] }],
      ['a larger add', { adds: [{ ...plan().adds[0]!, quantity: quantity('0.00140001') }] }],
      ['another partial target', { partialTargets: [level] }],
      ['a wider trail', { trail: { distance: { bps: 151 }, armed: { targetsFilled: 1 } } }],
      ['a trail armed at once', { trail: { distance: { bps: 150 }, armed: 'AT_ENTRY' } }],
      ['no break-even', { breakEven: false }],
      ['more time', { closeAfterMs: 3_600_001 }],
      ['a later close', { closeAtMs: START_MS + 7_200_001 }],
      ['no close by its rule', { closeOnSignal: false }],
    ];

    test('the same plan will do', () => {
      expect(redeem(clearanceFor(managed()), managed(), HERE)).toEqual(managed());
    });

    test.each(changes)('with %s it is refused and used up', (_, change) => {
      const clearance = clearanceFor(managed());
      expect(redeem(clearance, managed(change), HERE)).toBeUndefined();
      expect(redeem(clearance, managed(), HERE)).toBeUndefined();
    });

    test.each(Object.keys(plan()) as (keyof Management)[])(
      'without its %s it is refused',
      (name) => {
        const { [name]: __, ...rest } = plan();
        const order: Order = { ...ENTRY, management: rest };
        expect(redeem(clearanceFor(managed()), order, HERE)).toBeUndefined();
      },
    );

    test('a plan that is changed after it was judged is not what was cleared', () => {
      const order = managed();
      const clearance = clearanceFor(order);
      const adds = order.management?.adds as Level[];
      adds.push({ price: price('49300'), quantity: quantity('1') });
      expect(redeem(clearance, order, HERE)).toBeUndefined();
      const again = managed();
      const second = clearanceFor(again);
      Object.assign(again.management!.adds![0]!, { quantity: quantity('1') });
      expect(redeem(second, managed(), HERE)).toEqual(managed());
    });

    test('nor can it be changed on its way to the venue', () => {
      const cleared = redeem(clearanceFor(managed()), managed(), HERE)!;
      const { management } = cleared;
      for (const part of [
        management,
        management?.adds,
        management?.adds?.[0],
        management?.partialTargets,
        management?.trail,
        management?.trail?.distance,
      ])
        expect(Object.isFrozen(part)).toBe(true);
    });

    test('a plan without an end is denied and no error', () => {
      const endless: Record<string, unknown> = {};
      endless['adds'] = [endless];
      const verdict = review(commandFor({ ...ENTRY, management: endless as Management }), CALM);
      expect(verdict).toMatchObject({ cleared: false, code: 'COMMAND_MALFORMED' });
    });
  });

  test('an order that changes while it is read gives only what was judged', () => {
    let reads = 0;
    const shifty = {
      ...ENTRY,
      get quantity() {
        reads += 1;
        return reads === 1 ? ENTRY.quantity : quantity('100');
      },
    } as Order;
    const verdict = review(commandFor(shifty), CALM);
    expect(verdict.cleared).toBe(true);
    if (!verdict.cleared) return;
    expect(redeem(verdict.clearance, ENTRY, HERE)?.quantity).toBe(ENTRY.quantity);
  });
});

describe('what cannot be read is denied', () => {
  const explode = (): never => {
    throw new Error('no');
  };
  const revoked = <T extends object>(target: T): T => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };
  const unreadable: readonly [string, Command][] = [
    [
      'a command whose order throws',
      Object.defineProperty(commandFor(ENTRY), 'order', { get: explode }),
    ],
    [
      'an order that throws',
      commandFor({
        ...ENTRY,
        get quantity() {
          return explode();
        },
      }),
    ],
    ['a revoked command', revoked(commandFor(ENTRY))],
    ['a revoked order', commandFor(revoked(ENTRY))],
    ['no command', undefined as unknown as Command],
  ];

  test.each(unreadable)('%s: as an order that says nothing', (_, command) => {
    expect(review(command, CALM)).toMatchObject({
      cleared: false,
      code: 'COMMAND_MALFORMED',
      lane: 'ENTRY',
      snapshotSeq: CALM.seq,
      reviewedAtMs: NaN,
    });
  });

  test.each<[string, RiskSnapshot]>([
    ['a revoked picture', revoked(CALM)],
    ['no picture', undefined as unknown as RiskSnapshot],
  ])('%s: an opinion without a sequence number', (_, snapshot) => {
    expect(preview(commandFor(ENTRY), snapshot)).toMatchObject({
      cleared: false,
      snapshotSeq: NaN,
      reviewedAtMs: START_MS,
    });
  });

  test('a picture that throws no error but a word', () => {
    const throwing = {
      ...CALM,
      get positions(): never {
        throw 'word';
      },
    };
    const opinion = preview(commandFor(ENTRY), throwing);
    expect(opinion).toMatchObject({ cleared: false, code: 'SNAPSHOT_INCONSISTENT' });
    expect(opinion.findings.list.at(-1)).toEqual({
      code: 'SNAPSHOT_INCONSISTENT',
      passed: false,
      value: 'unreadable',
      limit: 'amounts',
      unit: '',
    });
  });
});

describe('a cleared order', () => {
  test('is the object that was redeemed and no copy of it', () => {
    const cleared = redeem(clearanceFor(), ENTRY, HERE)!;
    expect(isCleared(cleared)).toBe(true);
    for (const copy of [{ ...cleared }, structuredClone(cleared), Object.create(cleared)]) {
      expect(isCleared(copy as Order)).toBe(false);
    }
    expect(isCleared(new Proxy(cleared, {}))).toBe(false);
    expect(isCleared(ENTRY)).toBe(false);
  });

  test('cannot be changed on its way to the venue', () => {
    const cleared = redeem(clearanceFor(), ENTRY, HERE)!;
    expect(() => Object.assign(cleared, { quantity: quantity('1') })).toThrow(TypeError);
  });
});

test('what comes out is never larger than what was asked, nor its stop another', () => {
  fc.assert(
    fc.property(entries, accounts, (order, snapshot) => {
      const verdict = review(commandFor(order), snapshot);
      if (!verdict.cleared) return;
      const given = redeem(verdict.clearance, order, HERE);
      expect(given).toEqual(order);
      expect(given?.quantity).toBe(order.quantity);
      expect(given?.protectiveStop).toBe(order.protectiveStop);
    }),
    { numRuns: PROPERTY_RUNS },
  );
});
