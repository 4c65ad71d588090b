import { formatDecimal, parseDecimal, roundToStep } from '../../../domain/decimal.ts';
import type { DecimalText } from '../../../domain/units.ts';

const CENT = parseDecimal('0.01');
const FINE = parseDecimal('0.0001');
const ONE_UNIT = parseDecimal('1');

/** A computed amount as a sentence says it: to the cent, finer below one. The record keeps every digit. */
export function rounded(amount: DecimalText): DecimalText {
  const value = parseDecimal(amount);
  const large = value >= ONE_UNIT || value <= -ONE_UNIT;
  return formatDecimal(roundToStep(value, large ? CENT : FINE, 'half-even'));
}
