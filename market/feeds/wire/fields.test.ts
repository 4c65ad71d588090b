import { expect, test } from 'vitest';

import { fieldsOf, instantOf, numeralOf } from './fields.ts';

const FIELDS = fieldsOf(
  { seconds: 1_774_742_400, ms: 1_774_742_400_500, half: 1.5, long: 'x'.repeat(500) },
  'bar',
);

test('an instant is one of this century, in the unit in which it was written', () => {
  expect(instantOf(FIELDS, 'seconds', 1_000)).toBe(1_774_742_400_000);
  expect(instantOf(FIELDS, 'ms')).toBe(1_774_742_400_500);
  expect(() => instantOf(FIELDS, 'ms', 1_000)).toThrow('bar.ms is 1774742400500 and should be');
  expect(() => instantOf(FIELDS, 'seconds')).toThrow('an instant of this century');
  expect(() => instantOf(FIELDS, 'half')).toThrow('an instant of this century');
});

test('what was found is shown, and never at length', () => {
  expect(() => numeralOf(FIELDS, 'long')).toThrow(
    /^bar\.long is "x{59}… and should be a plain number/,
  );
  expect(() => numeralOf(FIELDS, 'gone')).toThrow('bar.gone is missing and should be a text');
});
