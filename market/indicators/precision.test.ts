/** Digits that are left after a million values, beside sums made anew for every window. */
import { describe, expect, test } from 'vitest';

import { Bollinger, bollingerOf } from './bollinger.ts';
import { Sma, smaOf } from './sma.ts';
import { Wma, wmaOf } from './wma.ts';

const LENGTH = 1_000_000;
/** So far out, a price of 60,000 with a deviation of a half has lost eleven digits of its square. */
const DIGITS = 1e-12;
const DEVIATIONS = 2;

/** Around 60,000, a tenth at a time, never far: the same for every run. */
function calmMarket(): Float64Array {
  let state = 20_260_101;
  let offset = 0;
  return new Float64Array(LENGTH).map(() => {
    state = (state * 48_271) % 2_147_483_647;
    offset = 0.9 * offset + Math.round((state / 2_147_483_647 - 0.5) * 8) / 10;
    return 60_000 + offset;
  });
}

/** Mean and deviation in two passes, about the window's first value, of which nothing is lost. */
function twoPass(values: Float64Array, end: number, period: number) {
  const origin = values[end - period + 1]!;
  let sum = 0;
  for (let i = end - period + 1; i <= end; i++) sum += values[i]! - origin;
  const mean = sum / period;
  let squares = 0;
  for (let i = end - period + 1; i <= end; i++) squares += (values[i]! - origin - mean) ** 2;
  return { mean: origin + mean, deviation: Math.sqrt(squares / period) };
}

const relative = (value: number, right: number): number => Math.abs(value / right - 1);

describe('after a million values', () => {
  const market = calmMarket();

  test.each([20, 200])('Bollinger of %i is right to twelve digits', (period) => {
    const { middle, upper, width } = bollingerOf(market, period, DEVIATIONS);
    let worst = 0;
    for (let end = period - 1; end < LENGTH; end += 7) {
      const { mean, deviation } = twoPass(market, end, period);
      const right = (2 * DEVIATIONS * deviation) / mean;
      worst = Math.max(
        worst,
        relative(middle[end]!, mean),
        relative(upper[end]!, mean + DEVIATIONS * deviation),
        relative(width[end]!, right),
      );
    }
    expect(worst).toBeLessThan(DIGITS);
  });

  test.each([20, 200])('SMA of %i is right to twelve digits', (period) => {
    const means = smaOf(market, period);
    let worst = 0;
    for (let end = period - 1; end < LENGTH; end += 7) {
      worst = Math.max(worst, relative(means[end]!, twoPass(market, end, period).mean));
    }
    expect(worst).toBeLessThan(DIGITS);
  });

  test('one value after another has the same digits as a whole column', () => {
    const bollinger = new Bollinger(20, DEVIATIONS);
    const sma = new Sma(20);
    for (let i = 0; i < LENGTH - 1; i++) {
      bollinger.push(market[i]!);
      sma.push(market[i]!);
    }
    const last = market[LENGTH - 1]!;
    expect(bollinger.push(last).width).toBe(bollingerOf(market, 20, DEVIATIONS).width.at(-1));
    expect(sma.push(last)).toBe(smaOf(market, 20).at(-1));
  });
});

/** Wherever in its block the leap lies, and so wherever it is the origin of what follows. */
describe.each([0, 1, 7, 18, 19])('after one huge value at %i', (at) => {
  const before = calmMarket().slice(0, 100);
  const leap = before.slice();
  leap[20 + at] = 1e15;
  const clean = 20 + at + 20;

  test('Bollinger is right as soon as it has left the window', () => {
    const { width } = bollingerOf(leap, 20, DEVIATIONS);
    for (let end = clean; end < leap.length; end++) {
      const { mean, deviation } = twoPass(leap, end, 20);
      expect(relative(width[end]!, (2 * DEVIATIONS * deviation) / mean)).toBeLessThan(DIGITS);
    }
  });

  test('SMA and WMA are what they would have been without it', () => {
    expect(smaOf(leap, 20).slice(clean)).toEqual(smaOf(before, 20).slice(clean));
    expect(wmaOf(leap, 20).slice(clean)).toEqual(wmaOf(before, 20).slice(clean));
    expect(new Wma(20).push(1e15)).toBeNaN();
  });
});
