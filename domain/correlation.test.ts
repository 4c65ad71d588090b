import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CORRELATION_RETURNS_MIN, returnCorrelation, type TimedCloses } from './correlation.ts';
import { seededRandom } from './random.ts';

const series = (closes: readonly number[], startMs = 0): TimedCloses => ({
  timesMs: closes.map((_, index) => startMs + index),
  closes,
});

/** Closes that follow a list of returns. */
const following = (returns: readonly number[]): number[] =>
  returns.reduce<number[]>((path, r) => [...path, path.at(-1)! * (1 + r)], [100]);

const repeated = (pattern: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => pattern).flat();

describe('worked by hand', () => {
  // Over one round of these patterns the products sum to 2·10⁻⁴ and each square sum to 4·10⁻⁴.
  const x = repeated([0.01, 0.01, -0.01, -0.01], 10);
  test.each([
    ['the same', x, 1],
    ['half as much', x.map((r) => r / 2), 1],
    ['mirrored', x.map((r) => -r), -1],
    ['a quarter out of step', repeated([0.01, -0.01, -0.01, 0.01], 10), 0],
    ['alike three times in four', repeated([0.01, 0.01, -0.01, 0.01], 10), 1 / Math.sqrt(3)],
  ])('%s', (_, y, expected) => {
    expect(returnCorrelation(series(following(x)), series(following(y)))).toBeCloseTo(expected, 9);
  });
});

describe('it is not known', () => {
  const random = seededRandom(1);
  const moves = Array.from({ length: CORRELATION_RETURNS_MIN }, () => random.next() - 0.5);
  const enough = series(following(moves));
  const tooFew = series(following(moves.slice(1)));

  test('with one return fewer than thirty', () => {
    expect(returnCorrelation(enough, enough)).toBeCloseTo(1, 9);
    expect(returnCorrelation(tooFew, tooFew)).toBeNull();
  });

  test('where the histories share too few bars', () => {
    expect(returnCorrelation(enough, series(enough.closes, 1))).toBeNull();
    expect(returnCorrelation(enough, series(enough.closes, 1_000))).toBeNull();
  });

  test('where one of the two never moved', () => {
    expect(returnCorrelation(enough, series(enough.closes.map(() => 100)))).toBeNull();
  });

  test.each([NaN, 0, Infinity])('where a close is %d', (bad) => {
    const broken = series(enough.closes.map((close, index) => (index === 5 ? bad : close)));
    expect(returnCorrelation(enough, broken)).toBeNull();
  });

  test('without any bars', () => {
    expect(returnCorrelation(series([]), series([]))).toBeNull();
  });
});

test('only bars of the same time are compared', () => {
  const random = seededRandom(2);
  const closes = following(Array.from({ length: 80 }, () => random.next() / 10));
  const whole = series(closes);
  const everyOther: TimedCloses = {
    timesMs: whole.timesMs.filter((_, index) => index % 2 === 0),
    closes: whole.closes.filter((_, index) => index % 2 === 0),
  };
  expect(returnCorrelation(whole, everyOther)).toBeCloseTo(1, 9);
});

describe('laws', () => {
  // In whole basis points: moves that all but vanish would correlate by their rounding errors.
  const returns = fc.array(
    fc.integer({ min: -2_000, max: 2_000 }).map((bps) => bps / 10_000),
    { minLength: CORRELATION_RETURNS_MIN, maxLength: 60 },
  );

  test('it is symmetric and lies between −1 and 1', () => {
    fc.assert(
      fc.property(returns, returns, (a, b) => {
        const x = series(following(a));
        const y = series(following(b));
        const correlation = returnCorrelation(x, y);
        const back = returnCorrelation(y, x);
        if (correlation === null || back === null) return;
        expect(Math.abs(correlation)).toBeLessThanOrEqual(1 + 1e-9);
        if (a.length === b.length) expect(back).toBeCloseTo(correlation, 9);
      }),
      { numRuns: 500 },
    );
  });

  test('the scale of prices does not matter', () => {
    fc.assert(
      fc.property(returns, returns, fc.integer({ min: 1, max: 1_000 }), (a, b, scale) => {
        const x = series(following(a));
        const y = following(b);
        const correlation = returnCorrelation(x, series(y));
        const scaled = returnCorrelation(x, series(y.map((close) => close * scale)));
        if (correlation !== null && scaled !== null) expect(scaled).toBeCloseTo(correlation, 6);
      }),
      { numRuns: 500 },
    );
  });
});
