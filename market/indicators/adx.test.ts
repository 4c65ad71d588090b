import { ADX as OtherAdx } from 'trading-signals';
import { expect, test } from 'vitest';

import { describeWithData } from '../../tests/support/data.ts';
import { readCandles } from '../candles/csv-candles.ts';
import { Adx, adxOf } from './adx.ts';
import { barOf, indicatorContract } from './indicator.contract.ts';

indicatorContract('ADX', {
  make: (period) => new Adx(period),
  input: barOf,
  batch: adxOf,
  warmUp: (period) => ({
    plusDi: period,
    minusDi: period,
    dx: period,
    adx: 2 * period - 1,
  }),
});

const bar = (high: number, low: number, close: number) => ({ high, low, close });

test('of two bars is as worked by hand', () => {
  const adx = new Adx(2);
  expect(adx.push(bar(10, 8, 9)).dx).toBeNaN();
  // 2 up at a true range of 3; then half up and 2 down, so 2 down, at 5.5.
  expect(adx.push(bar(12, 9, 11)).dx).toBeNaN();
  const third = adx.push(bar(12.5, 7, 8));
  // Means of (2, 0) up, (0, 2) down and (3, 5.5) range.
  expect(third.plusDi).toBeCloseTo((100 * 1) / 4.25, 12);
  expect(third.minusDi).toBeCloseTo((100 * 1) / 4.25, 12);
  expect(third.dx).toBe(0);
  expect(third.adx).toBeNaN();
  // 1 down, true range 2: the means go half of the way, to 0.5 up, 1 down and 3.125 range.
  const fourth = adx.push(bar(8, 6, 7));
  expect(fourth.plusDi).toBeCloseTo((100 * 0.5) / 3.125, 12);
  expect(fourth.minusDi).toBeCloseTo((100 * 1) / 3.125, 12);
  expect(fourth.dx).toBeCloseTo(100 / 3, 12);
  expect(fourth.adx).toBeCloseTo(50 / 3, 12);
});

test('a move that goes both ways counts for the larger one, and equal ones for neither', () => {
  const moved = (high: number, low: number) => {
    const adx = new Adx(1);
    adx.push(bar(10, 8, 9));
    return adx.push(bar(high, low, 9));
  };
  expect(moved(13, 7).minusDi).toBe(0);
  expect(moved(13, 7).plusDi).toBeCloseTo((100 * 3) / 6, 12);
  expect(moved(11, 7)).toMatchObject({ plusDi: 0, minusDi: 0, dx: 0 });
});

test('a market that does not move has no direction', () => {
  const adx = new Adx(3);
  const readings = Array.from({ length: 10 }, () => adx.push(bar(5, 5, 5)));
  expect(readings.at(-1)).toEqual({ plusDi: 0, minusDi: 0, dx: 0, adx: 0 });
});

test('a market that only rises has all of the direction', () => {
  const adx = new Adx(5);
  const readings = Array.from({ length: 40 }, (_, i) => adx.push(bar(i + 2, i + 1, i + 1.5)));
  expect(readings.at(-1)).toMatchObject({ minusDi: 0, dx: 100, adx: 100 });
});

describeWithData('ADX on a real market', ['btcusd-coinbase-4h-2016-2024.csv'], (path) => {
  test('agrees with an independent library once both have forgotten where they began', () => {
    const series = readCandles(path!);
    const ours = new Adx(14);
    const theirs = new OtherAdx(14);
    let farthest = 0;
    for (let i = 0; i < series.length; i++) {
      const candle = series.candle(i);
      const { plusDi, minusDi, adx } = ours.push(candle);
      const other = Number(theirs.update(candle, false));
      const [otherPlus, otherMinus] = [100 * Number(theirs.pdi), 100 * Number(theirs.mdi)];
      if (i < 600) continue;
      farthest = Math.max(
        farthest,
        Math.abs(adx - other),
        Math.abs(plusDi - otherPlus),
        Math.abs(minusDi - otherMinus),
      );
    }
    expect(farthest).toBeLessThan(1e-9);
  });
});
