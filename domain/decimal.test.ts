import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  bounded,
  decimalFromNumber,
  decimalToNumber,
  DecimalError,
  divideDecimals,
  divideRounded,
  formatDecimal,
  multiplyDecimals,
  ONE,
  parseDecimal,
  placesOf,
  type Rounding,
  roundToStep,
} from './decimal.ts';

const LARGEST = 10n ** 38n - 1n;
const anyDecimal = fc.bigInt({ min: -LARGEST, max: LARGEST });
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

describe('text', () => {
  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['0.000000000001', 1n],
    ['-0.000000000001', -1n],
    ['12.5', 12_500_000_000_000n],
    ['-12.50', -12_500_000_000_000n],
    ['007', 7n * ONE],
    ['1.0000000000000', ONE],
    ['99999999999999999999999999.999999999999', LARGEST],
  ])('"%s" is read', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '1\n',
    '+1',
    '--1',
    '1.',
    '.5',
    '1e3',
    '1,000',
    '0x1',
    'NaN',
    'Infinity',
    '1.2.3',
    '١',
    '100000000000000000000000000',
  ])('"%s" is refused as no plain decimal', (text) => {
    expect(() => parseDecimal(text)).toThrow(DecimalError);
    expect(() => parseDecimal(text)).toThrow('is not a plain decimal number such as 12.5');
  });

  test('a thirteenth place is refused rather than dropped', () => {
    expect(() => parseDecimal('0.0000000000001')).toThrow(
      '"0.0000000000001" has more than 12 decimal places',
    );
  });

  test('every value is written so that it is read back the same', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(parseDecimal(formatDecimal(value))).toBe(value);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the text is the shortest: no zero at its end, no lone point', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(formatDecimal(value)).toMatch(/^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Each rounding as an inequality on the result, for a positive divisor; no division is done here. */
const LAWS: Readonly<Record<Rounding, (n: bigint, d: bigint, q: bigint) => boolean>> = {
  floor: (n, d, q) => q * d <= n && n < (q + 1n) * d,
  ceil: (n, d, q) => (q - 1n) * d < n && n <= q * d,
  down: (n, d, q) =>
    magnitude(q) * d <= magnitude(n) && magnitude(n) < (magnitude(q) + 1n) * d && q * n >= 0n,
  up: (n, d, q) =>
    magnitude(n) <= magnitude(q) * d && (magnitude(q) - 1n) * d < magnitude(n) && q * n >= 0n,
  'half-even': (n, d, q) => {
    const twice = 2n * magnitude(n - q * d);
    return twice < d || (twice === d && q % 2n === 0n);
  },
};
const ROUNDINGS = Object.keys(LAWS) as Rounding[];

describe('rounding', () => {
  test.each(ROUNDINGS)('%s keeps its law for every sign', (rounding) => {
    const small = fc.bigInt({ min: -60n, max: 60n });
    const wide = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
    const operand = fc.oneof(small, wide);
    fc.assert(
      fc.property(operand, operand, (n, d) => {
        fc.pre(d !== 0n);
        const sign = d < 0n ? -1n : 1n;
        const quotient = divideRounded(n, d, rounding);
        expect(LAWS[rounding](n * sign, d * sign, quotient)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['down', 2n, -2n],
    ['up', 3n, -3n],
    ['floor', 2n, -3n],
    ['ceil', 3n, -2n],
    ['half-even', 2n, -2n],
  ] as const)('%s takes 2.5 and −2.5 where it says', (rounding, above, below) => {
    expect(divideRounded(5n, 2n, rounding)).toBe(above);
    expect(divideRounded(-5n, 2n, rounding)).toBe(below);
    expect(divideRounded(5n, -2n, rounding)).toBe(below);
    expect(divideRounded(-5n, -2n, rounding)).toBe(above);
  });

  test('half-even goes to the even neighbour on both sides', () => {
    expect([1n, 3n, 5n, 7n].map((n) => divideRounded(n, 2n, 'half-even'))).toEqual([
      0n,
      2n,
      2n,
      4n,
    ]);
  });

  test('division by zero is an error, not a number', () => {
    expect(() => divideRounded(1n, 0n, 'down')).toThrow('division by zero');
    expect(() => divideDecimals(ONE, 0n, 'down')).toThrow('division by zero');
  });

  test('a product and a quotient are rounded once, where the caller says', () => {
    expect(multiplyDecimals(1n, ONE / 2n, 'up')).toBe(1n);
    expect(multiplyDecimals(1n, ONE / 2n, 'down')).toBe(0n);
    expect(formatDecimal(divideDecimals(ONE, 3n * ONE, 'down'))).toBe('0.333333333333');
    expect(formatDecimal(divideDecimals(2n * ONE, 3n * ONE, 'up'))).toBe('0.666666666667');
  });

  test('a step is rounded to one of its multiples, and must be positive', () => {
    expect(roundToStep(17n, 5n, 'down')).toBe(15n);
    expect(roundToStep(17n, 5n, 'up')).toBe(20n);
    expect(roundToStep(-17n, 5n, 'floor')).toBe(-20n);
    for (const step of [0n, -5n]) {
      expect(() => roundToStep(1n, step, 'down')).toThrow('a step must be positive');
    }
  });
});

describe('the bound', () => {
  test('is twenty-six integer digits on both sides', () => {
    expect(bounded(LARGEST)).toBe(LARGEST);
    expect(bounded(-LARGEST)).toBe(-LARGEST);
    expect(() => bounded(LARGEST + 1n)).toThrow('decimal overflow');
    expect(() => bounded(-LARGEST - 1n)).toThrow('decimal overflow');
  });

  test('holds for products, quotients and steps', () => {
    expect(() => multiplyDecimals(LARGEST, 2n * ONE, 'down')).toThrow('decimal overflow');
    expect(() => divideDecimals(LARGEST, ONE / 2n, 'down')).toThrow('decimal overflow');
    expect(() => roundToStep(LARGEST, 10n, 'up')).toThrow('decimal overflow');
    expect(() => decimalFromNumber(1e26, 1n, 'down')).toThrow('decimal overflow');
  });
});

describe('a double', () => {
  test.each([
    [0.1, '0.1'],
    [-0, '0'],
    [1e-7, '0.0000001'],
    [1.25e-10, '0.000000000125'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [-65_000.12, '-65000.12'],
    [0.1 + 0.2, '0.3'],
    [5e-324, '0'],
  ])('%d becomes the decimal its shortest text shows', (value, expected) => {
    expect(formatDecimal(decimalFromNumber(value, 1n, 'half-even'))).toBe(expected);
  });

  test('is rounded once, straight to the step', () => {
    // Through the twelfth place this would first become …5 and then round to the even neighbour.
    expect(decimalFromNumber(0.5000000000004, ONE, 'half-even')).toBe(ONE);
    expect(decimalFromNumber(1.5e-12, 1n, 'half-even')).toBe(2n);
    expect(decimalFromNumber(1e-300, 1n, 'up')).toBe(1n);
    expect(decimalFromNumber(-1e-300, 1n, 'floor')).toBe(-1n);
    expect(decimalFromNumber(-1e-300, 1n, 'ceil')).toBe(0n);
    expect(decimalFromNumber(1.239, 10n ** 10n, 'down')).toBe(1_230_000_000_000n);
  });

  test.each([NaN, Infinity, -Infinity])('%d is refused', (value) => {
    expect(() => decimalFromNumber(value, 1n, 'down')).toThrow(`${value} is not a finite number`);
  });

  test.each([1, 1e-13, 1e30])('%d needs a positive step', (value) => {
    expect(() => decimalFromNumber(value, 0n, 'down')).toThrow('a step must be positive');
    expect(() => decimalFromNumber(value, -1n, 'floor')).toThrow('a step must be positive');
  });

  test('of up to fifteen digits is exact', () => {
    const digits = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 12 }), (whole, places) => {
        const exact = BigInt(whole) * 10n ** BigInt(12 - places);
        const value = Number(`${whole}e-${places}`);
        expect(decimalFromNumber(value, 1n, 'half-even')).toBe(exact);
        expect(decimalToNumber(exact)).toBe(value + 0);
      }),
      { numRuns: 1_000 },
    );
  });
});

test.each([
  [ONE, 0],
  [100n * ONE, 0],
  [ONE / 100n, 2],
  [ONE / 4n, 2],
  [1n, 12],
])('a step of %s units uses %d places', (step, places) => {
  expect(placesOf(step)).toBe(places);
});
