import { expect, test } from 'vitest';

import { smallestStopDistance, targetAt } from './trade-plan.ts';

test('a stop keeps twenty basis points or half the average range, whichever is more', () => {
  expect(smallestStopDistance(1000, 1)).toBe(2);
  expect(smallestStopDistance(1000, 10)).toBe(5);
});

test('a target is a multiple of the risk on the other side of the entry', () => {
  expect(targetAt(100, 98, 3)).toBe(106);
  expect(targetAt(100, 102, 2.5)).toBe(95);
});

test('a short whose target would be worthless has none', () => {
  expect(targetAt(100, 140, 2.5)).toBeUndefined();
});
