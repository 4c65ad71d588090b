import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  absolute,
  add,
  averagePrice,
  basisPoints,
  larger,
  money,
  negate,
  notional,
  price,
  priceFromNumber,
  proportion,
  quantity,
  quantityFor,
  ratioBps,
  smaller,
  subtract,
  text,
  toLot,
  toNumber,
  toTick,
} from './units.ts';

test('sums and differences stay in bounds', () => {
  const most = money('99999999999999999999999999.999999999999');
  const least = negate(most);
  expect(text(add(money('0.1'), money('0.2')))).toBe('0.3');
  expect(text(subtract(money('1'), money('1.000000000001')))).toBe('-0.000000000001');
  expect(() => add(most, money('0.000000000001'))).toThrow('decimal overflow');
  expect(() => subtract(least, money('0.000000000001'))).toThrow('decimal overflow');
});

test('the smaller, the larger and the absolute are what they say', () => {
  const [one, two] = [money('1'), money('2')];
  expect([smaller(one, two), smaller(two, one)]).toEqual([one, one]);
  expect([larger(one, two), larger(two, one)]).toEqual([two, two]);
  expect([absolute(money('-3')), absolute(money('3'))]).toEqual([money('3'), money('3')]);
});

describe('price and quantity', () => {
  test('make a notional, exactly where tick and lot use twelve places together', () => {
    expect(text(notional(price('65000.12'), quantity('0.00000001')))).toBe('0.0006500012');
    expect(text(notional(price('0.0000001'), quantity('0.000003'), 'up'))).toBe('0.000000000001');
    expect(text(notional(price('0.0000001'), quantity('0.000003'), 'down'))).toBe('0');
  });

  test('never buy more than the money is worth', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 18n });
    fc.assert(
      fc.property(amounts, amounts, (cash, unitPrice) => {
        const amount = cash as ReturnType<typeof money>;
        const at = unitPrice as ReturnType<typeof price>;
        expect(notional(at, quantityFor(amount, at), 'down') <= amount).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('have an average that gives the cost back', () => {
    expect(text(averagePrice(money('300'), quantity('4')))).toBe('75');
    expect(() => averagePrice(money('300'), quantity('0'))).toThrow('division by zero');
  });

  test('are put on the grid in the direction named', () => {
    const tick = price('0.05');
    expect(text(toTick(price('1.12'), tick, 'floor'))).toBe('1.1');
    expect(text(toTick(price('1.12'), tick, 'ceil'))).toBe('1.15');
    expect(text(toLot(quantity('1.9'), quantity('1'), 'down'))).toBe('1');
    expect(text(priceFromNumber(1.13, tick))).toBe('1.15');
    expect(toNumber(price('1.15'))).toBe(1.15);
  });
});

describe('shares', () => {
  test('basis points of an amount round where the caller says', () => {
    expect(text(basisPoints(money('10000'), 200, 'down'))).toBe('200');
    expect(basisPoints(money('0.000000000001'), 1, 'up')).toBe(1n);
    expect(basisPoints(money('0.000000000001'), 9_999, 'down')).toBe(0n);
  });

  test('a proportion of the whole is the whole', () => {
    const whole = quantity('3');
    expect(text(proportion(money('10'), whole, whole, 'half-even'))).toBe('10');
    expect(text(proportion(money('10'), quantity('1'), whole, 'up'))).toBe('3.333333333334');
    expect(text(proportion(money('10'), quantity('1'), whole, 'down'))).toBe('3.333333333333');
  });

  test('a ratio is rounded away from zero, so that a limit errs on the safe side', () => {
    expect(ratioBps(money('5'), money('100'))).toBe(500);
    expect(ratioBps(money('5.000000000001'), money('100'))).toBe(501);
    expect(ratioBps(money('-5.000000000001'), money('100'))).toBe(-501);
  });

  test.each(['0', '-1'])('a ratio to a whole of %s is without limit', (whole) => {
    expect(ratioBps(money('1'), money(whole))).toBe(Number.POSITIVE_INFINITY);
    expect(ratioBps(money('0'), money(whole))).toBe(Number.POSITIVE_INFINITY);
  });
});
