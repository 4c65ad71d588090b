import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type Level,
  type Management,
  managementFromText,
  managementToText,
  trailBy,
} from './management.ts';
import { price, type Price, quantity, type Quantity } from './units.ts';

const whole = <T extends object>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(parts, { noNullPrototype: true });
const counts = fc.integer({ min: 1, max: 1_000_000 });
const levels: fc.Arbitrary<Level[]> = fc.array(
  whole({
    price: fc.bigInt({ min: 1n, max: 10n ** 20n }) as fc.Arbitrary<Price>,
    quantity: fc.bigInt({ min: 1n, max: 10n ** 20n }) as fc.Arbitrary<Quantity>,
  }),
  { maxLength: 4 },
);
const plans: fc.Arbitrary<Management> = fc.record(
  {
    partialTargets: levels,
    trail: whole({
      distance: fc.oneof(whole({ bps: counts }), whole({ atrTenths: counts, atrBars: counts })),
      armed: fc.oneof(
        fc.constant('AT_ENTRY' as const),
        whole({ gainBps: counts }),
        whole({ targetsFilled: counts }),
      ),
    }),
    breakEven: fc.boolean(),
    closeAfterMs: counts,
    closeAtMs: counts,
    adds: levels,
  },
  { requiredKeys: [], noNullPrototype: true },
);

describe('management as text', () => {
  test('is read back the same, through JSON too, with not one field more', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const recorded = managementToText(plan);
        expect(managementFromText(recorded)).toStrictEqual(plan);
        const read = JSON.parse(JSON.stringify(recorded)) as typeof recorded;
        expect(managementFromText(read)).toStrictEqual(plan);
      }),
    );
  });

  test('has its amounts as exact decimals and the rest as it is', () => {
    const level = { price: price('49600.01'), quantity: quantity('0.00000001') };
    const plan: Management = {
      partialTargets: [],
      trail: { distance: { atrTenths: 25, atrBars: 14 }, armed: { targetsFilled: 1 } },
      closeAtMs: 5,
      adds: [level],
    };
    expect(managementToText(plan)).toStrictEqual({
      partialTargets: [],
      trail: plan.trail,
      closeAtMs: 5,
      adds: [{ price: '49600.01', quantity: '0.00000001' }],
    });
  });

  test('that is no decimal is refused', () => {
    const adds = [{ price: '1e4', quantity: '1' }];
    expect(() => managementFromText({ adds })).toThrow('"1e4" is not a plain decimal number');
  });
});

test('a trail by a share follows from where it would lock in the entry price', () => {
  expect(trailBy(150)).toEqual({ trail: { distance: { bps: 150 }, armed: 'AT_ENTRY' } });
});
