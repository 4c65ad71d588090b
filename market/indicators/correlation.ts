// Source: Karl Pearson, Regression, Heredity and Panmixia (1896), the product-moment coefficient, of a window.
import { checkedPeriod, fillWindow } from './period.ts';

export interface Pair {
  readonly first: number;
  readonly second: number;
}

/**
 * How two series have moved together, −1 to 1, over the last `period` pairs; NaN until there are as
 * many, and while either stands still. Give it returns: prices that merely both drift look related.
 */
export class Correlation {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #at = 0;

  constructor(period: number) {
    this.#first = new Float64Array(checkedPeriod('correlation', period)).fill(Number.NaN);
    this.#second = this.#first.slice();
  }

  push({ first, second }: Pair): number {
    this.#first[this.#at] = first;
    this.#second[this.#at] = second;
    this.#at = (this.#at + 1) % this.#first.length;
    return correlationOfAll(this.#first, this.#second);
  }

  save() {
    return { first: this.#first.slice(), second: this.#second.slice(), at: this.#at };
  }

  load({ first, second, at }: ReturnType<Correlation['save']>): void {
    fillWindow(this.#first, first);
    fillWindow(this.#second, second);
    this.#at = at;
  }
}

export function correlationOf(
  first: Float64Array,
  second: Float64Array,
  period: number,
): Float64Array {
  const correlation = new Correlation(period);
  return first.map((value, i) => correlation.push({ first: value, second: second[i]! }));
}

/**
 * In two passes, anew for every window: the deviations from the mean, then their products. The order of
 * the pairs is of no account.
 */
function correlationOfAll(first: Float64Array, second: Float64Array): number {
  const firstMean = meanOf(first);
  const secondMean = meanOf(second);
  let together = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (let i = 0; i < first.length; i++) {
    const a = first[i]! - first[0]! - firstMean;
    const b = second[i]! - second[0]! - secondMean;
    together += a * b;
    firstSquares += a * a;
    secondSquares += b * b;
  }
  const correlation = together / (Math.sqrt(firstSquares) * Math.sqrt(secondSquares));
  // Rounding may take a perfect one a digit beyond.
  return Math.max(-1, Math.min(1, correlation));
}

/** Less the first value, so that a series that stands still has deviations of exactly nothing. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value - values[0]!;
  return sum / values.length;
}
