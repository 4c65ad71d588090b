import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ConfirmedPivot, confirmedPivotOf } from './confirmed-pivot.ts';

/** Few different values, so that equal extremes are common. */
const market = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 120 });
const anySide = fc.integer({ min: 1, max: 7 });
const anyExtreme = fc.constantFrom('HIGH' as const, 'LOW' as const);

const answers = (values: readonly number[], extreme: 'HIGH' | 'LOW', side: number) => {
  const pivot = new ConfirmedPivot(extreme, side);
  return values.map((value) => pivot.push(value));
};

test('a pivot is the first best value of a window that is centred on it', () => {
  fc.assert(
    fc.property(market, anySide, anyExtreme, (values, side, extreme) => {
      const best = extreme === 'HIGH' ? Math.max : Math.min;
      const expected = values.map((_, i) => {
        const window = values.slice(i - 2 * side, i + 1);
        const isPivot = i >= 2 * side && window.indexOf(best(...window)) === side;
        return isPivot ? values[i - side] : Number.NaN;
      });
      expect(answers(values, extreme, side)).toEqual(expected);
    }),
  );
});

test('a whole column and one value after another have the same pivots', () => {
  fc.assert(
    fc.property(market, anySide, anyExtreme, (values, side, extreme) => {
      const column = confirmedPivotOf(Float64Array.from(values), extreme, side);
      expect([...column]).toEqual(answers(values, extreme, side));
    }),
  );
});

test('highs upside down are lows', () => {
  fc.assert(
    fc.property(market, anySide, (values, side) => {
      const flipped = values.map((value) => -value);
      expect(answers(flipped, 'LOW', side)).toEqual(
        answers(values, 'HIGH', side).map((value) => -value),
      );
    }),
  );
});

test('a value that is missing is no pivot, and neither is one that cannot be told from it', () => {
  const withHole = [1, 2, Number.NaN, 2, 9, 2, 1, 5, 1];
  expect(answers(withHole, 'HIGH', 2)).toEqual([...Array<number>(8).fill(Number.NaN), Number.NaN]);
  expect(answers(withHole, 'HIGH', 1)).toEqual([
    ...Array<number>(5).fill(Number.NaN),
    9,
    Number.NaN,
    Number.NaN,
    5,
  ]);
});

test('a column shorter than its window has no pivots', () => {
  expect([...confirmedPivotOf(Float64Array.of(1, 5, 1), 'HIGH', 2)]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
});

test('a side that is no whole number of bars is refused', () => {
  expect(() => confirmedPivotOf(new Float64Array(9), 'LOW', 0)).toThrow('pivot: period 0');
});
