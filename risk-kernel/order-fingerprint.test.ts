import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId, ocoGroupId } from '../domain/ids.ts';
import type { Level, Management, Trail } from '../domain/management.ts';
import type { Order } from '../domain/order.ts';
import { ETH, REVERSION, sampleOrder } from '../domain/testing/samples.ts';
import { type Price, price, type Quantity, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { orderFingerprint, orderHash } from './order-fingerprint.ts';

const changes: Required<Order> = {
  id: clientOrderId('E1P2'),
  instrumentId: ETH.id,
  strategyId: REVERSION,
  role: 'EXIT',
  side: 'SELL',
  type: 'LIMIT',
  quantity: quantity('0.02'),
  limitPrice: price('1'),
  stopPrice: price('1'),
  timeInForce: 'IOC',
  reduceOnly: true,
  ocoGroupId: ocoGroupId('1'),
  protectiveStop: price('1'),
  target: price('1'),
  management: {
    partialTargets: [{ price: price('1'), quantity: quantity('1') }],
    trail: { distance: { bps: 150 }, armed: 'AT_ENTRY' },
    breakEven: true,
    closeAfterMs: 1,
    closeAtMs: 2,
    closeOnSignal: true,
    adds: [{ price: price('1'), quantity: quantity('1') }],
  },
  addTo: clientOrderId('E1P0'),
  postOnly: true,
};

test('is each field in its place, and nothing where the order has none', () => {
  const amount = quantity('0.01');
  const { protectiveStop: _, target: __, ...bare } = sampleOrder();
  expect(orderFingerprint(bare)).toBe(
    `E1P1|BTC/USD|momentum|ENTRY|BUY|MARKET|${amount}|||GTC|false||||||`,
  );
  const [stop, target] = [price('49000'), price('53000')];
  expect(orderFingerprint(sampleOrder())).toBe(
    `E1P1|BTC/USD|momentum|ENTRY|BUY|MARKET|${amount}|||GTC|false||${stop}|${target}|||`,
  );
  const one = price('1');
  expect(orderFingerprint(changes)).toBe(
    `E1P2|ETH/USD|reversion|EXIT|SELL|LIMIT|${changes.quantity}|${one}|${one}|IOC|true|1|${one}|${one}|` +
      `{adds:[{price:${one},quantity:${one}}],breakEven:true,closeAfterMs:1,closeAtMs:2,closeOnSignal:true,` +
      `partialTargets:[{price:${one},quantity:${one}}],` +
      `trail:{armed:AT_ENTRY,distance:{bps:150}}}|E1P0|true`,
  );
});

test('every field of an order has a part in its fingerprint', () => {
  const order = sampleOrder();
  const changed = Object.entries(changes).map(([name, value]) => ({ ...order, [name]: value }));
  const prints = [order, ...changed].map(orderFingerprint);
  expect(new Set(prints).size).toBe(prints.length);
});

test('the same amount in another field is another order', () => {
  const { protectiveStop: _, target: __, ...bare } = sampleOrder();
  const amount = price('1');
  const orders: Order[] = [
    { ...bare, limitPrice: amount },
    { ...bare, stopPrice: amount },
    { ...bare, protectiveStop: amount },
    { ...bare, target: amount },
  ];
  expect(new Set(orders.map(orderFingerprint)).size).toBe(orders.length);
});

test('equal orders have the same fingerprint and hash, in whatever order their fields were set', () => {
  const turned = Object.fromEntries(Object.entries(sampleOrder()).toReversed()) as unknown as Order;
  expect(orderFingerprint(turned)).toBe(orderFingerprint(sampleOrder()));
  expect(orderHash(turned)).toBe(orderHash(sampleOrder()));
  expect(orderHash(turned)).toMatch(/^[0-9a-f]{64}$/);
});

describe('how the position is looked after', () => {
  const whole = <T extends object>(parts: {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  }): fc.Arbitrary<T> => fc.record<T>(parts, { noNullPrototype: true });
  const counts = fc.integer({ min: 1, max: 1_000 });
  const levels: fc.Arbitrary<Level[]> = fc.array(
    whole({
      price: fc.bigInt({ min: 1n, max: 99n }) as fc.Arbitrary<Price>,
      quantity: fc.bigInt({ min: 1n, max: 99n }) as fc.Arbitrary<Quantity>,
    }),
    { maxLength: 3 },
  );
  const trails: fc.Arbitrary<Trail> = whole({
    distance: fc.oneof(whole({ bps: counts }), whole({ atrTenths: counts, atrBars: counts })),
    armed: fc.oneof(
      fc.constant('AT_ENTRY' as const),
      whole({ gainBps: counts }),
      whole({ targetsFilled: counts }),
    ),
  });
  const plans: fc.Arbitrary<Management> = fc.record(
    {
      partialTargets: levels,
      trail: trails,
      breakEven: fc.boolean(),
      closeAfterMs: counts,
      closeAtMs: counts,
      closeOnSignal: fc.boolean(),
      adds: levels,
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const hashOf = (management: Management): string => orderHash({ ...sampleOrder(), management });

  test('two plans have one hash only if they are the same plan', () => {
    fc.assert(
      fc.property(plans, plans, (one, other) => {
        expect(hashOf(one) === hashOf(other)).toBe(isDeepStrictEqual(one, other));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test('a plan with any one field of another has another hash', () => {
    fc.assert(
      fc.property(plans, plans, (plan, other) => {
        for (const [name, value] of Object.entries(other)) {
          const changed = { ...plan, [name]: value };
          expect(hashOf(changed) === hashOf(plan)).toBe(isDeepStrictEqual(changed, plan));
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test('no plan and an empty one are two orders, and an absent field is as one that was never set', () => {
    expect(hashOf({})).not.toBe(orderHash(sampleOrder()));
    const absent = { breakEven: undefined } as unknown as Management;
    expect(hashOf(absent)).toBe(hashOf({}));
  });

  test('it is the same plan in whatever order its fields were set, and another with its levels turned', () => {
    const [near, far] = [1n, 2n].map((at) => ({ price: at as Price, quantity: quantity('1') }));
    const plan = { breakEven: true, adds: [near!, far!] };
    expect(hashOf({ adds: plan.adds, breakEven: true })).toBe(hashOf(plan));
    expect(hashOf({ ...plan, adds: plan.adds.toReversed() })).not.toBe(hashOf(plan));
  });
});
