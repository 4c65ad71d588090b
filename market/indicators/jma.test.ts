import { expect, test } from 'vitest';

import { closeOf, indicatorContract } from './indicator.contract.ts';
import { Jma, jmaOf } from './jma.ts';

indicatorContract('JMA', {
  make: (period) => new Jma(period),
  input: closeOf,
  batch: ({ close }, period) => jmaOf(close, period),
  warmUp: (period) => period - 1,
});

test('of three values it begins at their mean and goes on as worked in fractions', () => {
  const answers = jmaOf(Float64Array.of(1, 2, 3, 6), 3);
  expect(answers.slice(0, 2)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  expect(answers[2]).toBe(2);
  // The slope's weight is 9/29 and the smoothing's its square: the smoothing goes to (760·6 + 81·2)/841,
  // the slope is (6 − that) · 20/29, and the line follows twice the slope ahead at (760/841)².
  const smooth = 4_722 / 841;
  const slope = (324 / 841) * (20 / 29);
  expect(answers[3]).toBeCloseTo(2 + (smooth + 2 * slope - 2) * (760 / 841) ** 2, 12);
});

test('agrees with exact fractions reckoned elsewhere', () => {
  const answers = jmaOf(Float64Array.of(10, 12, 11, 13, 15, 14, 13, 12, 16), 5);
  [12.2, 13.29565249383055, 13.289864229781886, 12.522811178236422, 14.534522094065638].forEach(
    (value, i) => expect(answers[4 + i]).toBeCloseTo(value, 12),
  );
});

test('never shows a mean of fewer values than its period', () => {
  expect([...jmaOf(Float64Array.of(5, 5, 5, 5), 5)]).toEqual(Array.from({ length: 4 }, () => NaN));
});

test('of one value it is the value itself', () => {
  const values = Float64Array.of(3, 1, 4, 1, 5);
  jmaOf(values, 1).forEach((answer, i) => expect(answer).toBeCloseTo(values[i]!, 12));
});

test('runs ahead of a step, which is what the phase is for, and comes to rest on it', () => {
  const values = Float64Array.from({ length: 90 }, (_, i) => (i < 20 ? 100 : 110));
  const answers = jmaOf(values, 10);
  expect(Math.max(...answers.slice(20))).toBeGreaterThan(110);
  expect(answers.at(-1)).toBeCloseTo(110, 6);
});
