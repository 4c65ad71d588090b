import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Order } from '../../domain/order.ts';
import { price, quantity } from '../../domain/units.ts';
import { rewardRiskMilli } from '../../risk-kernel/checks/management.ts';
import { LIMITS } from '../../risk-kernel/limits.ts';
import { defaultsOf } from '../parameters.ts';
import { signOf } from '../trade-plan.ts';
import { hyperrsi } from './hyperrsi.ts';
import { conflict, PARAMETERS, targetsOf, type Values } from './parameters.ts';
import { planOf } from './plan.ts';

const DEFAULTS = defaultsOf(PARAMETERS);

test('a long is left at 2, 3 and 4 per cent, its stop 1.5 below and two adds in between', () => {
  const { stop, target, management } = planOf(DEFAULTS, 'LONG', 1_000);
  expect(stop).toBeCloseTo(985, 9);
  expect(target).toBeCloseTo(1_040, 9);
  expect(management.partialTargets).toEqual([
    { price: 1_020, share: 0.3 },
    { price: 1_030, share: 0.3 },
  ]);
  expect(management.adds).toEqual([
    { price: 995, ratio: 1 },
    { price: 990, ratio: 1 },
  ]);
  expect(management).toMatchObject({
    breakEven: true,
    closeOnSignal: true,
    trail: { distance: { bps: 50 }, armed: { targetsFilled: 2 } },
  });
});

test('a short is the mirror of it', () => {
  const { stop, target, management } = planOf(DEFAULTS, 'SHORT', 1_000);
  expect(stop).toBeCloseTo(1_015, 9);
  expect(target).toBeCloseTo(960, 9);
  const levels = [...management.partialTargets!, ...management.adds!].map(({ price: at }) => at);
  [980, 970, 1_005, 1_010].forEach((level, i) => expect(levels[i]).toBeCloseTo(level, 9));
});

test('each add is larger than the one before by the ratio', () => {
  const values = { ...DEFAULTS, adds: 3, addSpacingPct: 0.4, addRatio: 2 };
  expect(planOf(values, 'LONG', 100).management.adds!.map(({ ratio }) => ratio)).toEqual([2, 4, 8]);
});

test('what is switched off is not in the plan', () => {
  const values = {
    ...DEFAULTS,
    targets: 1,
    firstTargetPct: 4,
    trail: false,
    adds: 0,
    trendClose: false,
  };
  expect(planOf(values, 'LONG', 100).management).toEqual({ closeOnSignal: false });
});

test('the default plan passes the measure of the kernel, with room for a price that moves', () => {
  const { stop, target, management } = planOf(DEFAULTS, 'LONG', 10_000);
  const at = (level: number) => price(level.toFixed(2));
  const order = {
    side: 'BUY',
    quantity: quantity('10'),
    target: at(target),
    management: {
      partialTargets: management.partialTargets!.map((part) => ({
        price: at(part.price),
        quantity: quantity((10 * part.share).toFixed(2)),
      })),
    },
  } as unknown as Order;
  expect(rewardRiskMilli(order, at(10_000), at(stop))).toBe(2_066);
  expect(rewardRiskMilli(order, at(10_030), at(stop))).toBeGreaterThan(LIMITS.rewardRiskMilliMin);
});

test.each<[Partial<Values>, string]>([
  [{ secondTargetPct: 2 }, 'each target must lie 0.1 % or more beyond the one before it'],
  [{ firstSharePct: 60, secondSharePct: 40 }, 'must leave something for the last'],
  [{ stopPct: 0 }, 'stopPct 0 must be a number from 0.25 to 10'],
  [{ stopPct: 2.5 }, 'stopPct 2.5 must be at most 2.07'],
  [{ adds: 4 }, '4 adds 0.5 % apart must end 1.35 % from the entry or nearer'],
  [{ trendFilter: false }, 'trendClose needs trendFilter'],
  [{ targets: 2 }, 'trailAfterTargets 2 must be less than targets 2'],
])('%o is refused', (changes, sentence) => {
  expect(() => hyperrsi.with(changes)).toThrow(sentence);
});

const anyValues: fc.Arbitrary<Values> = fc
  .record({
    stopPct: fc.double({ min: 0.25, max: 10, noNaN: true }),
    targets: fc.integer({ min: 1, max: 3 }),
    firstTargetPct: fc.double({ min: 0.25, max: 30, noNaN: true }),
    secondTargetPct: fc.double({ min: 0.25, max: 40, noNaN: true }),
    thirdTargetPct: fc.double({ min: 0.25, max: 50, noNaN: true }),
    firstSharePct: fc.integer({ min: 5, max: 90 }),
    secondSharePct: fc.integer({ min: 5, max: 90 }),
    adds: fc.integer({ min: 0, max: 4 }),
    addSpacingPct: fc.double({ min: 0.1, max: 5, noNaN: true }),
    addRatio: fc.double({ min: 0.1, max: 5, noNaN: true }),
    trail: fc.boolean(),
  })
  .map((changes) => ({ ...DEFAULTS, ...changes }))
  .filter((values) => conflict(values) === undefined);

test('with any settings that do not conflict, every level lies where the position can reach it', () => {
  fc.assert(
    fc.property(
      anyValues,
      fc.constantFrom('LONG' as const, 'SHORT' as const),
      fc.double({ min: 1e-4, max: 1e6, noNaN: true }),
      (values, direction, entry) => {
        const { stop, target, management } = planOf(values, direction, entry);
        const sign = signOf(direction);
        const ladder = [
          stop,
          ...(management.adds ?? []).map(({ price: at }) => at).toReversed(),
          entry,
          ...(management.partialTargets ?? []).map(({ price: at }) => at),
          target,
        ];
        ladder
          .slice(1)
          .forEach((level, i) => expect(sign * (level - ladder[i]!)).toBeGreaterThan(0));
        expect(Math.min(...ladder)).toBeGreaterThan(0);
        const reward = targetsOf(values).reduce(
          (sum, { distance, share }) => sum + distance * share,
          0,
        );
        expect(reward / (values.stopPct / 100)).toBeGreaterThanOrEqual(1.5 * (1 - 1e-9));
      },
    ),
    { numRuns: 300 },
  );
});
