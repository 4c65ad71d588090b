import { describe, expect, test } from 'vitest';

import { type Depths, NEVER, TRIGGERS, visitAfter } from './zone-visit.ts';

const depths = (before: number, previous: number, now: number): Depths => ({
  before,
  previous,
  now,
});

describe.each([
  ['enters the zone', depths(-9, -4, 1), ['breakout', 'excess']],
  ['enters exactly on its edge', depths(-9, -4, 0), ['breakout', 'excess']],
  ['goes deeper', depths(-4, 1, 3), ['excess']],
  ['turns back inside', depths(1, 3, 2), ['inflection', 'excess']],
  ['goes on back', depths(3, 2, 1), ['excess']],
  ['leaves', depths(2, 1, -1), ['inflection-breakout']],
  ['stays outside', depths(-1, -2, -1), []],
  ['is known for the first time, inside', depths(Number.NaN, Number.NaN, 3), ['excess']],
  ['is not known', depths(Number.NaN, Number.NaN, Number.NaN), []],
])('an index that %s', (_, told, kinds) => {
  test(`fires ${kinds.join(' and ') || 'nothing'}`, () => {
    expect(Object.keys(TRIGGERS).filter((kind) => TRIGGERS[kind]!(told))).toEqual(
      Object.keys(TRIGGERS).filter((kind) => kinds.includes(kind)),
    );
  });
});

test('a visit begins with the bar that enters and lasts until the next one enters', () => {
  const entered = visitAfter(NEVER, depths(-9, -4, 1), 1_000);
  expect(entered).toEqual({ sinceMs: 1_000, hasSignalled: false, lastSignalMs: -Infinity });
  expect(visitAfter(entered, depths(-4, 1, 2), 2_000)).toBe(entered);
  expect(visitAfter(entered, depths(1, 2, -1), 3_000)).toBe(entered);
  const spent = { ...entered, hasSignalled: true, lastSignalMs: 2_000 };
  expect(visitAfter(spent, depths(2, -1, 0), 4_000)).toEqual({
    sinceMs: 4_000,
    hasSignalled: false,
    lastSignalMs: 2_000,
  });
});
