import { describe, expect, test } from 'vitest';

import { gaussian, namedRandom, seededRandom } from './random.ts';

const first = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('a seed', () => {
  test('gives the same numbers on every machine and in every version', () => {
    expect(first(1, 4)).toEqual([
      0.5636717735324055, 0.5851113414391875, 0.8959073920268565, 0.9463990409858525,
    ]);
    expect(first(42, 2)).toEqual([0.456255805445835, 0.5641753580421209]);
  });

  test('is what tells two streams apart', () => {
    const streams = [0, 1, 2, 3, 4_294_967_295].map((seed) => first(seed, 3).join());
    expect(new Set(streams).size).toBe(streams.length);
  });

  test('is taken modulo 2³²', () => {
    expect(first(4_294_967_297, 3)).toEqual(first(1, 3));
  });
});

test('numbers are uniform in [0, 1): every tenth gets its tenth', () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const value of first(7, 100_000)) {
    expect(value >= 0 && value < 1).toBe(true);
    counts[Math.floor(value * 10)]! += 1;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test('gaussian has mean nought and variance one, and is always finite', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 50_000 }, () => gaussian(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  expect(Math.abs(gaussian({ next: () => 0 }))).toBe(0);
  expect(Number.isFinite(gaussian({ next: () => 1 - 2 ** -32 }))).toBe(true);
});

describe('a named stream', () => {
  const first = (seed: number, name: string): number => namedRandom(seed, name).next();

  test('is the same for the same seed and name, whatever was drawn before', () => {
    first(7, 'another');
    expect(first(7, 'E1P0a')).toBe(first(7, 'E1P0a'));
  });

  test('differs by seed and by name', () => {
    const drawn = [first(7, 'E1P0a'), first(8, 'E1P0a'), first(7, 'E1P0b'), first(7, 'a0P1E')];
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  test('spreads evenly over names that differ by a digit', () => {
    const drawn = Array.from({ length: 10_000 }, (_, i) => first(1, `S${i}P`));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });
});
