/**
 * The three amounts of trading, kept apart by the type checker: a `Price` is quote currency per unit
 * of base, a `Quantity` is base, a `Money` is an amount of one currency (the account it belongs to
 * says which). All are exact decimals; see `decimal.ts` for the representation.
 */
import {
  bounded,
  decimalFromNumber,
  decimalToNumber,
  divideDecimals,
  divideRounded,
  formatDecimal,
  multiplyDecimals,
  parseDecimal,
  type Rounding,
  roundToStep,
} from './decimal.ts';

declare const unit: unique symbol;

export type Price = bigint & { readonly [unit]: 'price' };
export type Quantity = bigint & { readonly [unit]: 'quantity' };
export type Money = bigint & { readonly [unit]: 'money' };
export type Amount = Price | Quantity | Money;

/** Decimal text as it travels in events, JSON and SQL. */
export type DecimalText = string;

export const price = (text: DecimalText): Price => parseDecimal(text) as Price;
export const quantity = (text: DecimalText): Quantity => parseDecimal(text) as Quantity;
export const money = (text: DecimalText): Money => parseDecimal(text) as Money;
export const text = (amount: Amount): DecimalText => formatDecimal(amount);

export const NO_MONEY = 0n as Money;
export const NO_QUANTITY = 0n as Quantity;

export const add = <T extends Amount>(a: T, b: NoInfer<T>): T =>
  bounded((a as bigint) + (b as bigint)) as T;
export const subtract = <T extends Amount>(a: T, b: NoInfer<T>): T =>
  bounded((a as bigint) - (b as bigint)) as T;
export const negate = <T extends Amount>(a: T): T => -(a as bigint) as T;
export const absolute = <T extends Amount>(a: T): T => (a < 0n ? negate(a) : a);
export const smaller = <T extends Amount>(a: T, b: NoInfer<T>): T => (a < b ? a : b);
export const larger = <T extends Amount>(a: T, b: NoInfer<T>): T => (a > b ? a : b);

/** Price × quantity. Exact when tick and lot together use at most twelve places. */
export const notional = (p: Price, q: Quantity, rounding: Rounding = 'half-even'): Money =>
  multiplyDecimals(p, q, rounding) as Money;

/** The quantity that a sum of money buys at a price; not yet rounded to a lot. */
export const quantityFor = (amount: Money, p: Price, rounding: Rounding = 'down'): Quantity =>
  divideDecimals(amount, p, rounding) as Quantity;

export const averagePrice = (cost: Money, q: Quantity, rounding: Rounding = 'half-even'): Price =>
  divideDecimals(cost, q, rounding) as Price;

/** `amount × bps / 10 000`. */
export const basisPoints = <T extends Amount>(amount: T, bps: number, rounding: Rounding): T =>
  bounded(divideRounded(amount * BigInt(bps), 10_000n, rounding)) as T;

/** `amount × numerator / denominator`, for sharing a cost by quantity. */
export const proportion = <T extends Amount>(
  amount: T,
  numerator: Quantity,
  denominator: Quantity,
  rounding: Rounding,
): T => bounded(divideRounded(amount * numerator, denominator, rounding)) as T;

/** How many basis points of `whole` is `part`; rounded away from zero, so a limit errs on the safe side. */
export function ratioBps(part: Money, whole: Money): number {
  if (whole <= 0n) return Number.POSITIVE_INFINITY;
  return Number(divideRounded(part * 10_000n, whole, 'up'));
}

export const toTick = (p: Price, tick: Price, rounding: Rounding): Price =>
  roundToStep(p, tick, rounding) as Price;
export const toLot = (q: Quantity, lot: Quantity, rounding: Rounding): Quantity =>
  roundToStep(q, lot, rounding) as Quantity;

export const priceFromNumber = (
  value: number,
  tick: Price,
  rounding: Rounding = 'half-even',
): Price => decimalFromNumber(value, tick, rounding) as Price;

/** For screens and statistics only. */
export const toNumber = (amount: Amount): number => decimalToNumber(amount);
