import { parsePlainNumber } from '../plain-number.ts';

export type EpochUnit = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

/** The smallest number of each unit; ten-digit seconds reach the year 2286, thirteen-digit milliseconds too. */
const SMALLEST: readonly (readonly [EpochUnit, number])[] = [
  ['nanoseconds', 1e17],
  ['microseconds', 1e14],
  ['milliseconds', 1e11],
];

/** The unit of a time since 1970, told by its size. */
export const epochUnit = (value: number): EpochUnit =>
  SMALLEST.find(([, smallest]) => Math.abs(value) >= smallest)?.[0] ?? 'seconds';

/** Digits behind whole milliseconds; they must all be zeros. */
const FINER_DIGITS: Readonly<Record<EpochUnit, number>> = {
  seconds: 0,
  milliseconds: 0,
  microseconds: 3,
  nanoseconds: 6,
};
const ZERO = 48;

/** Further away lies nothing but a wrong unit: milliseconds among seconds. */
export const LAST_MS = Date.UTC(2200, 0, 1);

/**
 * UTC milliseconds of a time in ASCII at `bytes[start, end)`, or NaN. Nanoseconds do not fit a double, so
 * what is finer than a millisecond is cut off as text, and has to be zero.
 */
export function parseEpoch(bytes: Uint8Array, start: number, end: number, unit: EpochUnit): number {
  if (unit === 'milliseconds') return parsePlainNumber(bytes, start, end);
  if (unit === 'seconds') return parsePlainNumber(bytes, start, end) * 1_000;
  const cut = end - FINER_DIGITS[unit];
  for (let i = Math.max(start, cut); i < end; i++) if (bytes[i] !== ZERO) return Number.NaN;
  return cut > start ? parsePlainNumber(bytes, start, cut) : Number.NaN;
}
