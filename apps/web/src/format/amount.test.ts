import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, formatExact, formatSigned, isDecimalText, toneOf } from './amount.ts';

describe('amounts on the screen', () => {
  it('groups thousands and fills up to the places asked for', () => {
    expect(formatAmount('1234567.5', 2)).toBe('1,234,567.50');
    expect(formatAmount('0', 2)).toBe('0.00');
    expect(formatAmount('999', 0)).toBe('999');
  });

  it('rounds half to the even neighbour without a double in between', () => {
    expect(formatAmount('0.125', 2)).toBe('0.12');
    expect(formatAmount('0.135', 2)).toBe('0.14');
    expect(formatAmount('9007199254740993.005', 2)).toBe('9,007,199,254,740,993.00');
  });

  it('writes a real minus and never a negative zero', () => {
    expect(formatAmount('-1234.5', 1)).toBe('−1,234.5');
    expect(formatAmount('-0.001', 2)).toBe('0.00');
  });

  it('gives a result its sign', () => {
    expect(formatSigned('12.3', 2)).toBe('+12.30');
    expect(formatSigned('-12.3', 2)).toBe('−12.30');
    expect(formatSigned('0.001', 2)).toBe('0.00');
  });

  it('keeps every digit of a quantity', () => {
    expect(formatExact('1234.00012345')).toBe('1,234.00012345');
    expect(formatExact('0.50')).toBe('0.5');
  });

  it('knows which way a result points', () => {
    expect([toneOf('1'), toneOf('-0.01'), toneOf('0.00')]).toEqual(['up', 'down', 'flat']);
  });

  it('tells a number from a word', () => {
    expect(['12.5', '-3'].every(isDecimalText)).toBe(true);
    const words = ['ACTIVE', '', '1e5', 'NaN', '0.30000000000000004'];
    expect(words.some(isDecimalText)).toBe(false);
  });

  it('never loses a digit of what it groups', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 20n), fc.bigInt(1n, 999n), (whole, fraction) => {
        const text = `${whole}.${fraction.toString().padStart(3, '0')}`;
        expect(formatAmount(text, 3).replaceAll(',', '')).toBe(text);
      }),
    );
  });
});
