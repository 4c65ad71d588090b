import { describe, expect, test } from 'vitest';

import type { BarHistory } from '../../ledger/projections/readonly-book.ts';
import { averageTrueRange } from './average-range.ts';

/** High, low, close. */
const history = (...bars: readonly (readonly [number, number, number])[]): BarHistory => ({
  timesMs: bars.map((_, index) => index),
  highs: bars.map(([high]) => high),
  lows: bars.map(([, low]) => low),
  closes: bars.map(([, , close]) => close),
});

describe('the average true range', () => {
  test('is the plain mean of the true ranges, a gap from the close before included', () => {
    const bars = history([11, 9, 10], [14, 12, 13], [13, 8, 9]);
    // 14 − 10 and 13 − 8.
    expect(averageTrueRange(bars, 2)).toBe(4.5);
    expect(averageTrueRange(bars, 1)).toBe(5);
    const down = history([11, 9, 10], [7, 6, 6.5]);
    expect(averageTrueRange(down, 1)).toBe(4);
  });

  test('knows nothing while a bar or the close before the first is missing', () => {
    const bars = history([11, 9, 10], [14, 12, 13], [13, 8, 9]);
    expect(averageTrueRange(bars, 3)).toBeUndefined();
    expect(averageTrueRange(history(), 1)).toBeUndefined();
    expect(averageTrueRange(bars, 0)).toBeUndefined();
  });

  test('forgets older bars: whoever begins later comes to the same', () => {
    const recent: readonly [number, number, number][] = [
      [14, 12, 13],
      [13, 8, 9],
      [12, 9, 11],
    ];
    expect(averageTrueRange(history([900, 1, 500], ...recent), 2)).toBe(
      averageTrueRange(history(...recent), 2),
    );
  });
});
