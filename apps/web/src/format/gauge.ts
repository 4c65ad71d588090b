/** How full a gauge is. Doubles are fine here: nothing is decided by the length of a bar. */
import { isDecimalText } from './amount.ts';

export interface Measured {
  readonly value: string;
  readonly limit: string;
  readonly headroom: string;
  /** Empty for a condition: its value and limit describe a state, even when they are numbers. */
  readonly unit: string;
}

const isMeasured = ({ value, limit, headroom, unit }: Measured): boolean =>
  unit !== '' && [value, limit, headroom].every(isDecimalText);

/** Whether the value must stay above its limit, which shows in the direction of its headroom. */
export function isMinimum({ value, limit, headroom }: Measured): boolean {
  const [measured, allowed, left] = [Number(value), Number(limit), Number(headroom)];
  return Math.abs(measured - allowed - left) < Math.abs(allowed - measured - left);
}

/**
 * The share of a limit in use: 0 is untouched, 1 is the limit, above 1 is broken. A minimum such as
 * reward to risk is in use by limit / value. Null for checks that compare states and not numbers.
 */
export function gaugeShare(check: Measured): number | null {
  if (!isMeasured(check)) return null;
  const [value, limit] = [Number(check.value), Number(check.limit)];
  const [part, whole] = isMinimum(check) ? [limit, value] : [value, limit];
  if (whole <= 0) return part <= whole ? 0 : 2;
  return Math.max(0, part / whole);
}

export type GaugeTone = 'calm' | 'near' | 'broken';

/** From three quarters on a limit deserves a look; past it something was denied. */
export function gaugeTone(share: number): GaugeTone {
  if (share > 1) return 'broken';
  return share >= 0.75 ? 'near' : 'calm';
}

/** Where a value lies between two ends, 0 to 1, clamped. */
export function placeBetween(value: number, low: number, high: number): number {
  if (high <= low) return 0.5;
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
