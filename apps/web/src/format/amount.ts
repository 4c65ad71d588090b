/** Decimal text for reading: grouped, with a fixed number of places, never by way of a double. */
import {
  DECIMAL_PLACES,
  formatDecimal,
  parseDecimal,
  roundToStep,
} from '../../../../domain/decimal.ts';

/** A real minus sign is as wide as a digit, so columns stay aligned. */
const MINUS = '−';

/** What the exact decimals of the domain can read: at most twelve places. */
const DECIMAL_TEXT = /^-?\d{1,26}(\.\d{1,12})?$/;

export const isDecimalText = (text: string): boolean => DECIMAL_TEXT.test(text);

function grouped(text: string, places: number): string {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const padded = fraction.padEnd(places, '0');
  const sign = text.startsWith('-') ? MINUS : '';
  return padded === '' ? sign + groups : `${sign}${groups}.${padded}`;
}

/** `1234.5` with two places is `1,234.50`; half a unit of the last place goes to the even neighbour. */
export function formatAmount(text: string, places: number): string {
  const step = 10n ** BigInt(DECIMAL_PLACES - places);
  return grouped(formatDecimal(roundToStep(parseDecimal(text), step, 'half-even')), places);
}

/** A result: always with its sign, except for zero. */
export function formatSigned(text: string, places: number): string {
  const amount = formatAmount(text, places);
  if (amount.startsWith(MINUS)) return amount;
  return /[1-9]/.test(amount) ? `+${amount}` : amount;
}

/** Every recorded digit, grouped: for quantities, where the lot decides the places. */
export const formatExact = (text: string): string => grouped(formatDecimal(parseDecimal(text)), 0);

export type Tone = 'up' | 'down' | 'flat';

/** Which way a result points; the sign is always written out beside the colour. */
export function toneOf(text: string): Tone {
  const value = parseDecimal(text);
  if (value === 0n) return 'flat';
  return value > 0n ? 'up' : 'down';
}
