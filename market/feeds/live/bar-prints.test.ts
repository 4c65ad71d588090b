import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Candle } from '../../../domain/candle.ts';
import { BarPrints } from './bar-prints.ts';

const SPAN = 60_000;
const bar = (open: number, high: number, low: number, close: number): Candle => ({
  openTimeMs: 0,
  open,
  high,
  low,
  close,
  volume: 1,
});
const pricesOwed = (candle: Candle, ...told: readonly number[]): readonly number[] => {
  const prints = new BarPrints(SPAN);
  for (const price of told) prints.told(price, 0);
  return prints.owed(candle, 0).map(({ price }) => price);
};

test('a bar of which nothing was heard is owed whole, the extreme nearer to its open first', () => {
  expect(pricesOwed(bar(10, 11, 5, 7))).toEqual([10, 11, 5, 7]);
  expect(pricesOwed(bar(10, 20, 9, 12))).toEqual([10, 9, 20, 12]);
  expect(pricesOwed(bar(10, 10, 10, 10))).toEqual([10]);
});

test('a bar that was heard whole is owed nothing', () => {
  expect(pricesOwed(bar(10, 12, 9, 11), 10, 9, 12, 11)).toEqual([]);
});

test('extremes and the close that nobody heard are owed', () => {
  expect(pricesOwed(bar(10, 14, 9, 11), 10, 9, 11)).toEqual([14, 11]);
  expect(pricesOwed(bar(10, 12, 9, 11), 10, 9, 12)).toEqual([11]);
});

test('prints of an earlier bar pay for nothing', () => {
  const prints = new BarPrints(SPAN);
  prints.told(10, -SPAN);
  expect(prints.owed(bar(10, 11, 9, 10), 0)).toHaveLength(4);
});

test('what was told and what is owed make up the bar, inside its time and in order', () => {
  const price = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(fc.array(price, { minLength: 1, maxLength: 12 }), fc.nat(), (traded, mask) => {
      const candle = bar(traded[0]!, Math.max(...traded), Math.min(...traded), traded.at(-1)!);
      const told = traded.filter((_, index) => (mask >> index) % 2 === 1);
      const prints = new BarPrints(SPAN);
      for (const one of told) prints.told(one, 0);
      const owed = prints.owed(candle, 20_000);
      const all = [...told, ...owed.map((print) => print.price)];
      expect(Math.max(...all)).toBe(candle.high);
      expect(Math.min(...all)).toBe(candle.low);
      expect(all.at(-1)).toBe(candle.close);
      const times = owed.map(({ atMs }) => atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      for (const atMs of times) {
        expect(atMs).toBeGreaterThanOrEqual(20_000);
        expect(atMs).toBeLessThan(SPAN);
      }
    }),
  );
});
