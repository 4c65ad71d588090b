/** The auditor's own exact decimals: twelve places on a bigint. */

const PLACES = 12;
const UNIT = 10n ** 12n;

export function decimal(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (match === null) throw new Error(`the auditor cannot read "${text}" as a decimal`);
  const size = BigInt(match[2] + (match[3] ?? '').padEnd(PLACES, '0'));
  return match[1] === '-' ? -size : size;
}

/** Exact for ticks and lots of twelve places together; anything finer is cut off. */
export const times = (a: bigint, b: bigint): bigint => (a * b) / UNIT;

export const share = (amount: bigint, bps: bigint): bigint => (amount * bps) / 10_000n;

export const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export function words(amount: bigint): string {
  const whole = size(amount) / UNIT;
  const rest = (size(amount) % UNIT).toString().padStart(PLACES, '0').replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${whole}${rest === '' ? '' : `.${rest}`}`;
}
