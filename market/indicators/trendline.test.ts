import fc from 'fast-check';
import { expect, test } from 'vitest';

import { lineThrough, priceOn } from './trendline.ts';

test('a line runs on beyond its second point at the same pace', () => {
  const line = lineThrough({ bar: 10, price: 100 }, { bar: 30, price: 110 });
  expect(line.slope).toBe(0.5);
  expect(priceOn(line, 40)).toBe(115);
});

test('a line passes through both of its points', () => {
  const point = fc.record({
    bar: fc.nat(100_000),
    price: fc.double({ min: 0.01, max: 100_000, noNaN: true }),
  });
  fc.assert(
    fc.property(point, point, (from, to) => {
      fc.pre(from.bar < to.bar);
      const line = lineThrough(from, to);
      expect(priceOn(line, from.bar)).toBe(from.price);
      expect(Math.abs(priceOn(line, to.bar) - to.price)).toBeLessThan(1e-6);
      expect(Math.sign(line.slope)).toBe(Math.sign(to.price - from.price));
    }),
  );
});
