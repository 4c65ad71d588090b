/**
 * Exact decimals: a fixed-point number is a `bigint` counting units of 10⁻¹².
 *
 * Twelve places hold every tick times every lot we trade without rounding, so a notional is exact.
 * Rounding happens only where a caller names it. A value past the bound is a programming error and
 * throws: saturating or wrapping money would be worse than stopping.
 */

export const DECIMAL_PLACES = 12;
export const ONE: bigint = 10n ** 12n;

/** Twenty-six integer digits: the widest value that fits NUMERIC(38, 12). */
const BOUND: bigint = 10n ** 38n;
const LOWER_BOUND: bigint = -BOUND;

/** `down` and `up` are toward and away from zero; `floor` and `ceil` toward −∞ and +∞. */
export type Rounding = 'down' | 'up' | 'floor' | 'ceil' | 'half-even';

export class DecimalError extends Error {
  override readonly name = 'DecimalError';
}

const DECIMAL_TEXT = /^(-?)(\d{1,26})(?:\.(\d+))?$/;

/**
 * Reads plain decimal text such as `-12.5`. Exponents, spaces, signs other than a leading minus and
 * more than twelve significant places are refused, because silently dropping a digit loses money.
 */
export function parseDecimal(text: string): bigint {
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) {
    throw new DecimalError(`"${text}" is not a plain decimal number such as 12.5`);
  }
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > DECIMAL_PLACES) {
    throw new DecimalError(`"${text}" has more than ${DECIMAL_PLACES} decimal places`);
  }
  const magnitude = BigInt(match[2] + fraction.padEnd(DECIMAL_PLACES, '0'));
  return match[1] === '-' ? -magnitude : magnitude;
}

/** The shortest text that `parseDecimal` reads back to the same value. */
export function formatDecimal(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const whole = magnitude / ONE;
  const fraction = magnitude % ONE;
  const sign = value < 0n ? '-' : '';
  if (fraction === 0n) return `${sign}${whole}`;
  const digits = fraction.toString().padStart(DECIMAL_PLACES, '0').replace(/0+$/, '');
  return `${sign}${whole}.${digits}`;
}

/** Integer division of `numerator / denominator` with the rounding named. */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new DecimalError('division by zero');
  const quotient = numerator / denominator;
  // A bigint division already rounds toward zero.
  if (rounding === 'down') return quotient;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const awayFromZero = numerator < 0n === denominator < 0n ? 1n : -1n;
  switch (rounding) {
    case 'up':
      return quotient + awayFromZero;
    case 'floor':
      return awayFromZero === 1n ? quotient : quotient - 1n;
    case 'ceil':
      return awayFromZero === 1n ? quotient + 1n : quotient;
    case 'half-even': {
      const twice = 2n * (remainder < 0n ? -remainder : remainder);
      const whole = denominator < 0n ? -denominator : denominator;
      if (twice < whole) return quotient;
      if (twice > whole) return quotient + awayFromZero;
      return quotient % 2n === 0n ? quotient : quotient + awayFromZero;
    }
  }
}

export function multiplyDecimals(a: bigint, b: bigint, rounding: Rounding): bigint {
  return bounded(divideRounded(a * b, ONE, rounding));
}

export function divideDecimals(a: bigint, b: bigint, rounding: Rounding): bigint {
  return bounded(divideRounded(a * ONE, b, rounding));
}

/** Rounds to a multiple of `step` (a tick or a lot). */
export function roundToStep(value: bigint, step: bigint, rounding: Rounding): bigint {
  if (step <= 0n) throw new DecimalError('a step must be positive');
  return bounded(divideRounded(value, step, rounding) * step);
}

/**
 * A double as the exact decimal its shortest text shows, rounded to `step`. This is the only door by
 * which an indicator's or a feed's double becomes a price or a quantity.
 */
export function decimalFromNumber(value: number, step: bigint, rounding: Rounding): bigint {
  if (!Number.isFinite(value)) throw new DecimalError(`${value} is not a finite number`);
  if (step <= 0n) throw new DecimalError('a step must be positive');
  const [mantissa = '0', exponentText] = String(Math.abs(value)).split('e');
  const exponent = Number(exponentText ?? '0');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  const shift = exponent - fraction.length + DECIMAL_PLACES;
  const sign = value < 0 ? -1n : 1n;
  if (shift >= 0) return roundToStep(sign * digits * 10n ** BigInt(shift), step, rounding);
  // Below our last place: round once, straight to the step, so that no double rounding creeps in.
  const divisor = 10n ** BigInt(-shift);
  return bounded(divideRounded(sign * digits, divisor * step, rounding) * step);
}

/** For charts and statistics only; a double never becomes an order without `decimalFromNumber`. */
export function decimalToNumber(value: bigint): number {
  return Number(formatDecimal(value));
}

/** How many decimal places a step such as 0.01 uses. */
export function placesOf(step: bigint): number {
  const text = formatDecimal(step);
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

export function bounded(value: bigint): bigint {
  if (value >= BOUND || value <= LOWER_BOUND) throw new DecimalError('decimal overflow');
  return value;
}
