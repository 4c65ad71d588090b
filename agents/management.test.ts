import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { strategyId } from '../domain/ids.ts';
import type { Direction, Signal, SignalManagement } from '../domain/signal.ts';
import { BTC } from '../domain/testing/samples.ts';
import { add, NO_QUANTITY, price, quantity, text } from '../domain/units.ts';
import { addSteps, managementFor } from './management.ts';

const signal = (management: SignalManagement, direction: Direction = 'LONG'): Signal => ({
  kind: 'SIGNAL',
  strategyId: strategyId('trader'),
  direction,
  entry: 50_000,
  stop: direction === 'LONG' ? 48_000 : 52_000,
  target: direction === 'LONG' ? 54_000 : 46_000,
  confidence: 0.7,
  riskBps: 50,
  expiresAfterMs: 3_600_000,
  management,
  setupId: 'set-up',
  because: 'It is in the plan.',
  invalidation: 'The plan changes.',
  evidence: [],
});

const planOf = (wanted: Signal, entry: string) =>
  managementFor(wanted, BTC, addSteps(wanted, BTC), quantity(entry));

test('shares become quantities on the lot, rounded down, and prices lie on the tick', () => {
  const wanted = signal({
    partialTargets: [
      { price: 51_000.129, share: 0.3 },
      { price: 52_000, share: 0.3 },
    ],
    adds: [{ price: 49_000.129, ratio: 1.5 }],
    breakEven: true,
  });
  expect(planOf(wanted, '0.00000007')).toEqual({
    breakEven: true,
    partialTargets: [
      { price: price('51000.12'), quantity: quantity('0.00000002') },
      { price: price('52000'), quantity: quantity('0.00000002') },
    ],
    adds: [{ price: price('49000.12'), quantity: quantity('0.0000001') }],
  });
});

test('a short’s levels are rounded the other way: never a worse price for the position', () => {
  const wanted = signal({ adds: [{ price: 51_000.121, ratio: 1 }] }, 'SHORT');
  expect(planOf(wanted, '1')?.adds?.map((level) => text(level.price))).toEqual(['51000.13']);
});

test('parts of less than a lot are left out, and so is a plan of nothing', () => {
  const wanted = signal({ partialTargets: [{ price: 51_000, share: 0.1 }], closeOnSignal: true });
  expect(planOf(wanted, '0.00000005')).toEqual({ closeOnSignal: true });
  const { management: _, ...plain } = signal({});
  expect(managementFor(plain, BTC, [], quantity('1'))).toBeUndefined();
});

describe('whatever the shares', () => {
  test('the partial targets never take more than was entered', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 0.32, noNaN: true }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (shares, lots) => {
          const wanted = signal({
            partialTargets: shares.map((share, index) => ({ price: 51_000 + index, share })),
          });
          const entry = quantity((lots / 1e8).toFixed(8));
          const taken = (planOf(wanted, text(entry))?.partialTargets ?? []).reduce(
            (sum, level) => add(sum, level.quantity),
            NO_QUANTITY,
          );
          expect(taken < entry).toBe(true);
        },
      ),
    ));
});
