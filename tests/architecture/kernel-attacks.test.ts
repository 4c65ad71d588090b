/** Ways around the kernel, tried. Each must fail, in the source or at run time. */
import { describe, expect, test } from 'vitest';

import { ManualClock } from '../../domain/clock.ts';
import { clientOrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { START_MS } from '../../domain/testing/samples.ts';
import { money, quantity } from '../../domain/units.ts';
import { LyingVenue } from '../../execution/testing/lying-venue.ts';
import type { Venue } from '../../execution/venue.ts';
import { BREAKERS } from '../../risk-kernel/breakers.ts';
import { LIMITS_HASH, PROFILES, STANDARD } from '../../risk-kernel/limits-in-force.ts';
import { LIMIT_TABLE, LIMITS } from '../../risk-kernel/limits.ts';
import * as kernel from '../../risk-kernel/review.ts';
import type { Clearance, ClearedOrder } from '../../risk-kernel/review.ts';
import { CALM, commandFor, ENTRY, EXIT } from '../../risk-kernel/testing/base-case.ts';
import { BTC } from '../../domain/testing/samples.ts';
import { SimulatedVenue } from '../../simulation/simulated-venue.ts';
import { openDesk } from '../support/desk.ts';
import { violations } from './check.ts';

const NOW = { nowMs: START_MS, snapshotSeq: CALM.seq, limitsHash: LIMITS_HASH };

function clearance(): Clearance {
  const verdict = kernel.review(commandFor(ENTRY), CALM);
  if (!verdict.cleared) throw new Error(`the base case was denied: ${verdict.code}`);
  return verdict.clearance;
}

describe('importing a venue from outside the engine', () => {
  test.each([
    ['agents/a.ts', '../simulation/simulated-venue.ts'],
    ['coordination/a.ts', '../execution/venue.ts'],
    ['strategies/a.ts', '../simulation/simulated-venue.ts'],
    ['apps/server/a.ts', '../../simulation/simulated-venue.ts'],
    ['apps/cli/a.ts', '../../execution/venue.ts'],
    ['risk-kernel/a.ts', '../execution/venue.ts'],
  ])('%s may not', (path, venue) => {
    expect(violations(path, `import { Venue } from '${venue}';`)).not.toEqual([]);
  });

  test.each([
    ['apps/server/a.ts', 'runtime.parts.venue.submit(order);'],
    ['apps/runtime/a.ts', 'const { submit } = venue;'],
    ['execution/position-guard.ts', 'this.#parts.venue.cancel(id);'],
  ])('nor call one it was handed: %s', (path, text) => {
    expect(violations(path, text)).not.toEqual([]);
  });
});

describe('minting a clearance', () => {
  test.each([
    ['apps/server/a.ts', `import { redeem } from '../../risk-kernel/review.ts';`],
    ['apps/cli/a.ts', `import { review } from '../../risk-kernel/review.ts';`],
    ['execution/loosening.ts', `import { redeem } from '../risk-kernel/review.ts';`],
    ['simulation/a.ts', `import * as kernel from '../risk-kernel/review.ts';`],
    ['execution/a.ts', `export { redeem } from '../risk-kernel/review.ts';`],
    ['execution/a.ts', `export * from '../risk-kernel/review.ts';`],
    ['apps/cli/a.ts', `const kernel = await import('../../risk-kernel/review.ts');`],
    ['risk-kernel/a.ts', `import { redeem } from './review.ts';`],
    ['execution/a.ts', 'const forged = {} as Clearance;'],
    ['execution/a.ts', 'const order = { ...entry } as ClearedOrder;'],
    ['risk-kernel/a.ts', 'function mint() {}'],
  ])('%s: %s', (path, text) => {
    expect(violations(path, text)).not.toEqual([]);
  });

  test('types, opinions and the question whether an order is cleared are free', () => {
    const text = `import { type Clearance, isCleared, preview } from '../risk-kernel/review.ts';`;
    expect(violations('execution/a.ts', text)).toEqual([]);
  });

  test('the kernel exports nothing that mints, and a clearance leads to nothing that does', () => {
    expect(Object.keys(kernel).sort()).toEqual(['isCleared', 'preview', 'redeem', 'review']);
    const real = clearance() as object;
    const { constructor } = real as { constructor: new () => Clearance };
    for (const forge of [
      () => new constructor(),
      () => Object.create(Object.getPrototypeOf(real)) as Clearance,
      () => Reflect.construct(Object, [], constructor) as Clearance,
      () => ({ ...real }) as Clearance,
      () => structuredClone(real) as Clearance,
      () => new Proxy(real, {}) as Clearance,
    ]) {
      expect(tried(() => kernel.redeem(forge(), ENTRY, NOW))).toBeUndefined();
    }
  });
});

describe('monkey-patching limits', () => {
  test.each<[string, object]>([
    ['the limits', LIMITS],
    ['their table', LIMIT_TABLE],
    ['a line of the table', LIMIT_TABLE.leverageMax],
    ['the limits in force', STANDARD],
    ['what is in them', STANDARD.limits],
    ['their rungs', STANDARD.onRung],
    ['a rung', STANDARD.onRung[2]!],
    ['a profile', PROFILES.careful],
    ['the breakers', BREAKERS],
    ['a breaker', BREAKERS.ORDER_STORM],
  ])('%s', (_, target) => {
    for (const key of Object.keys(target)) {
      expect(Reflect.set(target, key, 1e9)).toBe(false);
      expect(Reflect.deleteProperty(target, key)).toBe(false);
    }
    expect(Reflect.defineProperty(target, 'added', { value: 1 })).toBe(false);
    expect(Reflect.setPrototypeOf(target, { leverageMax: 1e9 })).toBe(false);
  });

  test('limits of one’s own clear nothing, whatever they look like', () => {
    const loose = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, 1e9]));
    for (const own of [
      { limits: loose, hash: LIMITS_HASH, onRung: [loose, loose, loose, loose, loose] },
      { ...STANDARD },
      Object.create(STANDARD),
      new Proxy(STANDARD, {}),
      structuredClone(STANDARD),
    ]) {
      const verdict = kernel.review(commandFor(ENTRY), CALM, own as typeof STANDARD);
      expect(verdict).toMatchObject({ cleared: false, code: 'LIMITS_UNKNOWN' });
    }
  });
});

describe('submitting with a clearance that is not', () => {
  test('forged', () => {
    expect(kernel.redeem({} as Clearance, ENTRY, NOW)).toBeUndefined();
  });

  test('for an altered order', () => {
    const more = { ...ENTRY, quantity: quantity('0.0029') };
    expect(kernel.redeem(clearance(), more, NOW)).toBeUndefined();
  });

  test('expired', () => {
    const late = { ...NOW, nowMs: START_MS + LIMITS.clearanceMsMax + 1 };
    expect(kernel.redeem(clearance(), ENTRY, late)).toBeUndefined();
  });

  test('used', () => {
    const once = clearance();
    expect(kernel.redeem(once, ENTRY, NOW)).toBeDefined();
    expect(kernel.redeem(once, ENTRY, NOW)).toBeUndefined();
  });

  test('given on another picture, or under other limits', () => {
    const elsewhere = { ...NOW, snapshotSeq: CALM.seq + 1 };
    expect(kernel.redeem(clearance(), ENTRY, elsewhere)).toBeUndefined();
    const otherwise = { ...NOW, limitsHash: '0'.repeat(64) };
    expect(kernel.redeem(clearance(), ENTRY, otherwise)).toBeUndefined();
  });
});

describe('a person’s own order', () => {
  const VENUES: readonly [string, () => Venue][] = [
    [
      'simulated',
      () =>
        new SimulatedVenue({
          instruments: new Map([[BTC.id, BTC]]),
          currency: BTC.quote,
          cash: money('10000'),
          clock: new ManualClock(START_MS),
          seed: 1,
        }),
    ],
    ['lying', () => new LyingVenue()],
  ];

  test.each(VENUES)('is refused by the %s venue, entry or exit', async (_, make) => {
    for (const order of [ENTRY, EXIT, { ...ENTRY, quantity: quantity('100') }]) {
      const venue = make();
      const submit = async (): Promise<unknown> => venue.submit(order as ClearedOrder, START_MS);
      await expect(submit()).rejects.toThrow('carries no redeemed clearance');
      expect(await venue.openOrders()).toEqual([]);
    }
  });

  test('goes through the kernel like any other when it is given to the engine', async () => {
    const desk = await openDesk();
    const { protectiveStop: _, ...naked } = ENTRY;
    const origin = { correlationId: 'mine', causationSeq: null, intentId: null, proposalId: null };
    const mine: Order = { ...naked, id: clientOrderId('MINE1') };
    expect(await desk.engine.send(mine, origin)).toMatchObject({ kind: 'DENIED' });
    const huge = { ...ENTRY, id: clientOrderId('MINE2'), quantity: quantity('0.5') };
    expect(await desk.engine.send(huge, origin)).toMatchObject({ kind: 'DENIED' });
    expect(desk.venue.received).toEqual([]);
  });
});

/** What an attempt gives; one that throws gives nothing. */
function tried<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
