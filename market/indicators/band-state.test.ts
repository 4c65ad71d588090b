import { describe, expect, test } from 'vitest';

import { seededRandom } from '../../domain/random.ts';
import { BandState, bandStateOf } from './band-state.ts';
import { bollingerOf } from './bollinger.ts';
import { closeOf, indicatorContract } from './indicator.contract.ts';

indicatorContract('the state of the bands', {
  make: () => new BandState(),
  input: closeOf,
  batch: ({ close }) => bandStateOf(close),
  periods: [1],
});

/** A walk whose steps grow and shrink, so that the bands open and close again and again. */
function breathingMarket(bars: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  let price = 100;
  return Float64Array.from({ length: bars }, (_, i) => {
    const size = 0.001 + 0.004 * Math.max(0, Math.sin(i / 25)) ** 4;
    price *= 1 + size * (2 * random.next() - 1) + size * Math.sin(i / 60);
    return price;
  });
}

/** The rule once more, slowly and over whole columns, with every peak and trough searched afresh. */
function statesBySearch(closes: Float64Array): readonly number[] {
  const { width, position } = bollingerOf(closes, 15, 1.5);
  const pivots: { readonly at: number; readonly isPeak: boolean; readonly width: number }[] = [];
  let state = 0;
  return Array.from(closes, (_, i) => {
    const at = i - 10;
    const around = Array.from(width.subarray(Math.max(0, at - 20), i + 1));
    if (at >= 34 && !around.some(Number.isNaN)) {
      const middle = width[at]!;
      const [before, after] = [around.slice(0, 20), around.slice(21)];
      if (before.every((w) => w < middle) && after.every((w) => w <= middle))
        pivots.push({ at, isPeak: true, width: middle });
      if (before.every((w) => w > middle) && after.every((w) => w >= middle))
        pivots.push({ at, isPeak: false, width: middle });
    }
    const meanOf = (isPeak: boolean): number => {
      const kept = pivots.filter((pivot) => pivot.isPeak === isPeak).slice(-50);
      return kept.reduce((sum, pivot) => sum + pivot.width, 0) / kept.length;
    };
    const [buzz, squeeze] = [meanOf(true) * 0.7, meanOf(false) / 0.7];
    if (Number.isNaN(buzz) || Number.isNaN(squeeze)) return Number.NaN;
    const [now, previous] = [width[i]!, width[i - 1]!];
    const hasFallenThrice = [0, 1, 2].every((k) => width[i - k]! < width[i - k - 1]!);
    if (previous <= buzz && now > buzz) state = position[i]! > 0.5 ? 2 : -2;
    else if (previous >= squeeze && now < squeeze) state = -1;
    else if (Math.abs(state) === 2) {
      if (hasFallenThrice) state = 0;
      else if (position[i]! < 0.2) state = -2;
      else if (position[i]! > 0.8) state = 2;
    }
    return state;
  });
}

test.each([1, 2, 3])('agrees with a search over the whole market, seed %i', (seed) => {
  const closes = breathingMarket(3_000, seed);
  const states = [...bandStateOf(closes)];
  expect(states).toEqual(statesBySearch(closes));
  expect(new Set(states)).toEqual(new Set([Number.NaN, -2, -1, 0, 2]));
});

describe('a market whose bands have opened and closed before', () => {
  const past = breathingMarket(1_500, 7);
  const last = past.at(-1)!;
  const stateAfter = (...moves: readonly number[]): number => {
    let price = last;
    const closes = Array.from({ length: 25 }, (_, i) => last * (1 + (i % 2 ? 1e-4 : -1e-4)));
    for (const move of moves) closes.push((price *= 1 + move));
    return bandStateOf(Float64Array.of(...past, ...closes)).at(-1)!;
  };

  test('is squeezed while nothing moves', () => {
    expect(stateAfter(0)).toBe(-1);
  });

  test.each([
    ['up', 0.05, 2],
    ['down', -0.05, -2],
  ])('flies open %s', (_, move, state) => {
    expect(stateAfter(move)).toBe(state);
  });

  test('turns over when price falls into the opposite fifth', () => {
    expect(stateAfter(0.05, -0.12)).toBe(-2);
  });
});
