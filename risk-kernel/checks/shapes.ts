/** What a value must be before it is compared: a comparison with something else may be true by accident. */

export const isSide = (word: unknown): boolean => word === 'BUY' || word === 'SELL';
export const isDirection = (word: unknown): boolean => word === 'LONG' || word === 'SHORT';
export const isAssetClass = (word: unknown): boolean =>
  word === 'CRYPTO' || word === 'FX' || word === 'METAL' || word === 'EQUITY';

export const isAmount = (value: unknown): boolean => typeof value === 'bigint' && value >= 0n;
export const isPositive = (value: unknown): boolean => typeof value === 'bigint' && value > 0n;
export const isInstant = (value: unknown): boolean => Number.isSafeInteger(value);
export const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0;
export const isWord = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Text that may stand in an order's fingerprint without looking like two fields. */
export const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && !value.includes('|');

const walk = Array.prototype[Symbol.iterator];

/** Only a real list counts, and its gaps with it: other things that can be walked may look empty. */
export function everyOne<T>(list: readonly T[], holds: (item: T) => boolean): boolean {
  if (!Array.isArray(list) || list[Symbol.iterator] !== walk) return false;
  if (list.length === 0) return true;
  for (const item of list as readonly T[]) if (!holds(item)) return false;
  return true;
}
