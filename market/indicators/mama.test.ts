import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as talib from 'talib-web';
import { expect, test } from 'vitest';

import { describeWithData } from '../../tests/support/data.ts';
import { readCandles } from '../candles/csv-candles.ts';
import { barOf, indicatorContract } from './indicator.contract.ts';
import { Mama, mamaOf } from './mama.ts';

indicatorContract('MAMA', {
  make: () => new Mama(),
  input: barOf,
  batch: mamaOf,
  warmUp: () => 32,
  periods: [1],
});

const flat = (values: Float64Array) => mamaOf({ high: values, low: values });
const wave = (bars: number, cycle: number): Float64Array =>
  Float64Array.from({ length: bars }, (_, i) => 100 + 5 * Math.sin((2 * Math.PI * i) / cycle));

test('a market that stands still is followed exactly', () => {
  const { mama, fama } = flat(new Float64Array(60).fill(7));
  for (const column of [mama, fama])
    for (const value of column.slice(32)) expect(value).toBeCloseTo(7, 12);
});

test('the follower lags the average, which lags a steady climb', () => {
  const climb = Float64Array.from({ length: 300 }, (_, i) => 100 + i);
  const { mama, fama } = flat(climb);
  for (let i = 100; i < climb.length; i++) {
    expect(mama[i]).toBeLessThan(climb[i]!);
    expect(fama[i]).toBeLessThan(mama[i]!);
  }
});

/** What is left of MAMA when every filter is given one value and no lags: an average by the efficiency ratio. */
function collapsed(values: Float64Array): Float64Array {
  let [average, follower] = [values[0]!, values[0]!];
  return values.map((value, i) => {
    if (i < 20) return Number.NaN;
    let path = 0;
    for (let k = i - 19; k <= i; k++) path += Math.abs(values[k]! - values[k - 1]!);
    const ratio = path === 0 ? 0 : Math.abs(value - values[i - 20]!) / path;
    average += ratio * (value - average);
    follower += (ratio / 2) * (average - follower);
    return follower;
  });
}

test('its lags are real: on a cycle it is not the average by efficiency ratio that stands in for it', () => {
  const values = wave(400, 20);
  const { fama } = flat(values);
  const other = collapsed(values);
  // Over one whole cycle nothing was gained, so the stand-in stops following altogether.
  const swing = (column: Float64Array): number =>
    Math.max(...column.slice(300)) - Math.min(...column.slice(300));
  expect(swing(other)).toBeLessThan(0.01);
  expect(swing(fama)).toBeGreaterThan(0.5);
});

test('follows by a weight from 0.05 to 0.5 and reaches both', () => {
  const values = wave(600, 24);
  const { mama } = flat(values);
  const weights = Array.from(
    { length: 500 },
    (_, k) => (mama[k + 100]! - mama[k + 99]!) / (values[k + 100]! - mama[k + 99]!),
  ).filter(Number.isFinite);
  expect(Math.min(...weights)).toBeCloseTo(0.05, 6);
  expect(Math.max(...weights)).toBeCloseTo(0.5, 6);
});

describeWithData('MAMA on a real market', ['btcusd-coinbase-4h-2016-2024.csv'], (path) => {
  test('agrees with TA-Lib once both have forgotten where they began', async () => {
    const wasm = createRequire(import.meta.url)
      .resolve('talib-web')
      .replace(/[^/]+$/, 'talib.wasm');
    await talib.init(`data:application/wasm;base64,${readFileSync(wasm).toString('base64')}`);
    const { high, low, length } = readCandles(path!);
    const [highs, lows] = [high.slice(0, length), low.slice(0, length)];
    const theirs = talib.MAMA({ inReal: Array.from(highs, (value, i) => (value + lows[i]!) / 2) });
    const ours = mamaOf({ high: highs, low: lows });
    // Its first answer is of the 33rd bar, and its filters begin at nought where ours begin at the first price.
    const settled = 1_000;
    let farthest = 0;
    for (let i = settled; i < length; i++) {
      farthest = Math.max(
        farthest,
        Math.abs(ours.mama[i]! / theirs.MAMA[i - 32]! - 1),
        Math.abs(ours.fama[i]! / theirs.FAMA[i - 32]! - 1),
      );
    }
    expect(farthest).toBeLessThan(1e-9);
  });
});
