import { expect, test } from 'vitest';

import { closeOf, indicatorContract } from './indicator.contract.ts';
import { RationalQuadratic, rationalQuadraticOf } from './rational-quadratic.ts';

indicatorContract('the rational quadratic mean', {
  make: () => new RationalQuadratic(),
  input: closeOf,
  batch: ({ close }) => rationalQuadraticOf(close),
  warmUp: () => 6,
  periods: [1],
});

test('of values that stand still it is where they stand', () => {
  expect(rationalQuadraticOf(new Float64Array(7).fill(42))[6]).toBeCloseTo(42, 12);
});

test('weighs a value by one over the root of 1 + age² / 900, all weights together being one', () => {
  const impulse = new Float64Array(14);
  impulse[6] = 1;
  const answers = rationalQuadraticOf(impulse).slice(6);
  const weights = [0, 1, 2, 3, 4, 5, 6].map((age) => 1 / Math.sqrt(1 + age ** 2 / 900));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  weights.forEach((weight, age) => expect(answers[age]).toBeCloseTo(weight / total, 12));
  expect(answers[7]).toBe(0);
});
