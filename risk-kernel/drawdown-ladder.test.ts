import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { nextRung, type Rung, rungAt, RUNG_WORDS, rungStartBps } from './drawdown-ladder.ts';
import { LIMITS } from './limits.ts';

const RUNGS: readonly Rung[] = [0, 1, 2, 3, 4];

describe('a drawdown calls for', () => {
  test.each<[number, Rung]>([
    [0, 0],
    [499, 0],
    [500, 1],
    [799, 1],
    [800, 2],
    [1_199, 2],
    [1_200, 3],
    [1_499, 3],
    [1_500, 4],
    [10_000, 4],
    [Infinity, 4],
    [NaN, 4],
    [undefined as unknown as number, 4],
  ])('%d bps: rung %d', (drawdownBps, rung) => {
    expect(rungAt(drawdownBps, LIMITS)).toBe(rung);
  });
});

test('a rung begins where the one before it ends, and each has its words', () => {
  expect(RUNGS.map((rung) => rungStartBps(rung, LIMITS))).toEqual([0, 500, 800, 1_200, 1_500]);
  for (const rung of RUNGS) expect(rungAt(rungStartBps(rung, LIMITS), LIMITS)).toBe(rung);
  expect(RUNGS.map((rung) => RUNG_WORDS[rung])).toEqual([
    'full size',
    'half size',
    'quarter size',
    'exits only',
    'emergency',
  ]);
});

describe('the next rung', () => {
  test.each<[Rung, number, Rung, string]>([
    [0, 500, 1, 'a rung is reached at once'],
    [0, 1_500, 4, 'however many lie between'],
    [2, 1_200, 3, 'from any rung'],
    [3, 1_300, 3, 'a rung is kept while the fall stays on it'],
    [1, 400, 1, 'and until it is a full percent above it'],
    [1, 399, 0, 'where it is left'],
    [2, 700, 2, 'so is the second'],
    [2, 699, 1, 'a basis point further up'],
    [3, 1_100, 3, 'so is the third'],
    [3, 1_099, 2, 'a basis point further up'],
    [4, 1_400, 4, 'so is the last'],
    [4, 1_399, 3, 'a basis point further up'],
    [4, 0, 3, 'a recovery leads down one rung only'],
    [3, 0, 2, 'and one more at the next look'],
    [2, 0, 1, 'and one more'],
    [1, 0, 0, 'to full size'],
    [0, 0, 0, 'below which there is none'],
    [0, NaN, 4, 'what is no number leads to the last'],
    [4, NaN, 4, 'and stays there'],
  ])('from %d at %d bps is %d: %s', (from, drawdownBps, to) => {
    expect(nextRung(from, drawdownBps, LIMITS)).toBe(to);
  });

  test('is never below what the fall calls for, and never more than one below where it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RUNGS), fc.integer({ min: 0, max: 2_000 }), (from, fall) => {
        const next = nextRung(from, fall, LIMITS);
        expect(next).toBeGreaterThanOrEqual(rungAt(fall, LIMITS));
        expect(next).toBeGreaterThanOrEqual(from - 1);
        expect(next).toBeLessThanOrEqual(Math.max(from, rungAt(fall, LIMITS)));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});
