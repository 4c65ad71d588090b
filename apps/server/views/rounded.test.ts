import { expect, test } from 'vitest';
import { rounded } from './rounded.ts';

test.each([
  ['960.3955761831', '960.4'],
  ['17.7733773072', '17.77'],
  ['0.960557762936', '0.9606'],
  ['-2.345', '-2.34'],
  ['-0.00004', '0'],
  ['1000', '1000'],
])('%s is said as %s', (amount, said) => {
  expect(rounded(amount)).toBe(said);
});
