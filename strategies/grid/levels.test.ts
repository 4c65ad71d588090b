import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  afterClose,
  afterSignal,
  crossedLevel,
  crossingName,
  isSpent,
  layGrid,
  levelPrice,
} from './levels.ts';

const SETTINGS = { levelsPerSide: 3, gapMinPct: 1, gapMaxPct: 5, atrFactor: 2 };
/** Levels at 97.06, 98.04, 99.01, 100, 101, 102.01 and 103.03. */
const GRID = layGrid(SETTINGS, 100, 0.1, 7_000);

describe('the gap', () => {
  test.each([
    ['is a multiple of the average range', 1.5, 0.03],
    ['is never below its least', 0.1, 0.01],
    ['is never above its greatest', 9, 0.05],
  ])('%s', (_, range, gap) => {
    expect(layGrid(SETTINGS, 100, range, 0).gap).toBeCloseTo(gap, 12);
  });
});

test('levels are positive and strictly ordered, and their gaps keep the bounds, whatever is set', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 20 }),
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.double({ min: 5, max: 10, noNaN: true }),
      fc.double({ min: 0.25, max: 10, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e7, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (levelsPerSide, gapMinPct, gapMaxPct, atrFactor, centre, rangeShare) => {
        const settings = { levelsPerSide, gapMinPct, gapMaxPct, atrFactor };
        const { prices } = layGrid(settings, centre, rangeShare * centre, 0);
        expect(prices).toHaveLength(2 * levelsPerSide + 1);
        expect(prices[levelsPerSide]).toBe(centre);
        expect(prices[0]).toBeGreaterThan(0);
        for (let i = 1; i < prices.length; i++) {
          const gapPct = 100 * (prices[i]! / prices[i - 1]! - 1);
          expect(gapPct).toBeGreaterThan(gapMinPct - 1e-9);
          expect(gapPct).toBeLessThan(gapMaxPct + 1e-9);
        }
      },
    ),
  );
});

test.each<[string, number, number, number | undefined]>([
  ['falls through the first level below', 99.5, 99, -1],
  ['falls exactly onto it', 99.5, levelPrice(GRID, -1), -1],
  ['falls through several: the farthest counts', 101.5, 97.5, -2],
  ['falls through the last', 97.5, 50, -3],
  ['falls between two levels', 98.9, 98.5, undefined],
  ['falls below all of them', 96, 90, undefined],
  ['falls back from above to the centre', 101.5, 99.9, undefined],
  ['rises through the first level above', 100.5, 101.2, 1],
  ['rises through several', 99, 102.5, 2],
  ['rises back from below to the centre', 98.5, 100.5, undefined],
  ['stands still on a level', levelPrice(GRID, -1), levelPrice(GRID, -1), undefined],
  ['was not known before', Number.NaN, 98, undefined],
])('a price that %s', (_, from, to, level) => {
  expect(crossedLevel(GRID, from, to)).toBe(level);
});

describe('a level that has signalled', () => {
  const spent = afterSignal(GRID, -1);

  test('is spent, and no other is', () => {
    expect([-3, -2, -1, 1, 2, 3].filter((level) => isSpent(spent, level))).toEqual([-1]);
  });

  test('stays so while price is within a level of it', () => {
    expect(afterClose(spent, 98.1)).toBe(spent);
    expect(afterClose(spent, 99.99)).toBe(spent);
  });

  test.each([100, 98])('is awake again when price has left it by a level, at %s', (close) => {
    const awake = afterClose(spent, close);
    expect(isSpent(awake, -1)).toBe(false);
    expect(crossingName(awake, -1)).toBe('7000:-1:1');
  });

  test('at the rim is left by a level that is not there', () => {
    const rim = afterSignal(GRID, -3);
    expect(isSpent(afterClose(rim, 96.2), -3)).toBe(true);
    expect(isSpent(afterClose(rim, 96), -3)).toBe(false);
  });

  test('never has the same name twice', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 95, max: 105, noNaN: true })), (closes) => {
        const names = new Set<string>();
        let [grid, from] = [GRID, 100];
        for (const close of closes) {
          grid = afterClose(grid, close);
          const level = crossedLevel(grid, from, close);
          from = close;
          if (level === undefined || isSpent(grid, level)) continue;
          const name = crossingName(grid, level);
          expect(names.has(name)).toBe(false);
          names.add(name);
          grid = afterSignal(grid, level);
        }
      }),
    );
  });
});
