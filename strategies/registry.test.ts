import { expect, test } from 'vitest';

import { STRATEGIES, strategyNamed } from './registry.ts';

test('every strategy is found by its id', () => {
  expect(STRATEGIES.map(({ id }) => id)).toEqual([
    'jadecap',
    'nbb',
    'fabio',
    'tori',
    'hyperrsi',
    'grid',
    'sma-cross',
    'momentum',
  ]);
  for (const strategy of STRATEGIES) expect(strategyNamed(strategy.id)).toBe(strategy);
});

test('an unknown strategy is refused with the known ones', () => {
  expect(() => strategyNamed('fibo')).toThrow(
    '"fibo" is not a known strategy; the known ones are jadecap, nbb, fabio, tori, hyperrsi, grid, sma-cross, momentum',
  );
});
