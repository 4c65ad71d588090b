/** What a value must be before it is compared: a comparison with something else may be true by accident. */

/** A closed list of words. The compiler asks for every word of the type, and `has` believes no look-alike. */
export const wordsOf = <Word extends string>(
  words: Readonly<Record<Word, true>>,
): ReadonlySet<unknown> => new Set<unknown>(Object.keys(words));

export const isAmount = (value: unknown): boolean => typeof value === 'bigint' && value >= 0n;
export const isPositive = (value: unknown): boolean => typeof value === 'bigint' && value > 0n;
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Text that may stand in an order's fingerprint without looking like two fields. */
export const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && !value.includes('|');
