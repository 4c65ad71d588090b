import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parsePlainNumber } from './plain-number.ts';

const parse = (text: string): number => {
  const bytes = Buffer.from(`,${text},`);
  return parsePlainNumber(bytes, 1, bytes.length - 1);
};

test.each([
  ['0', 0],
  ['12.5', 12.5],
  ['-3', -3],
  ['0.00000001', 1e-8],
  ['1e-7', 1e-7],
  ['5.2E+3', 5200],
  ['13752.18233851', 13752.18233851],
  ['11.40999984741211', 11.40999984741211],
  ['123456789012345678901234567890', 1.2345678901234568e29],
])('%s is the number %d', (text, value) => {
  expect(parse(text)).toBe(value);
});

test.each([
  '',
  '-',
  '.',
  '.5',
  '5.',
  '1.2.3',
  '1,5',
  '+1',
  ' 1',
  '1 ',
  '1e',
  '1e5x',
  'e5',
  '1e999',
  '0x10',
  'NaN',
  'Infinity',
  '１',
])('"%s" is not a plain number', (text) => {
  expect(parse(text)).toBeNaN();
});

test('decimal text reads as the same double that JavaScript reads', () => {
  const decimalText = fc
    .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 20n), fc.stringMatching(/^\d{0,25}$/))
    .map(([minus, whole, fraction]) => `${minus ? '-' : ''}${whole}${fraction && `.${fraction}`}`);
  fc.assert(
    fc.property(decimalText, (text) => {
      expect(parse(text)).toBe(Number(text));
    }),
    { numRuns: 2_000 },
  );
});

test('every finite double survives being printed and read', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parse(String(value))).toBe(value === 0 ? 0 : value);
    }),
    { numRuns: 2_000 },
  );
});
