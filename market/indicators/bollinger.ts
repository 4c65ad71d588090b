// Source: John Bollinger, Bollinger on Bollinger Bands (2001): population deviation, BandWidth and %b.
import type { ColumnsOf } from './indicator.ts';
import { checkedMultiple, checkedPeriod, fillWindow } from './period.ts';

export interface BollingerReading {
  /** The mean of the window, in price, and the bands around it. */
  readonly middle: number;
  readonly upper: number;
  readonly lower: number;
  /** Upper less lower band, as a share of the middle. */
  readonly width: number;
  /** Where the last value lies: 0 on the lower band, 1 on the upper; NaN when the bands have no width. */
  readonly position: number;
}

/**
 * Bands of so many standard deviations around the mean of the last `period` values; NaN until it has
 * seen as many. The window is summed in blocks as in `WindowSum`, and about an origin that is one of
 * its own values: squares of prices themselves would leave no digits for a small deviation.
 */
export class Bollinger {
  readonly #deviations: number;
  /** Below `#at` the block's values so far, from there on sums of the block before, each to its end. */
  readonly #window: Float64Array;
  /** From `#at` on the sums of squares of the block before. */
  readonly #squares: Float64Array;
  #at = 0;
  /** The last value of the block before, to which every window reaches back. */
  #origin = Number.NaN;
  #sum = 0;
  #squareSum = 0;

  constructor(period: number, deviations: number) {
    this.#window = new Float64Array(checkedPeriod('Bollinger', period)).fill(Number.NaN);
    this.#squares = this.#window.slice();
    this.#deviations = checkedMultiple('Bollinger', deviations);
  }

  push(value: number): BollingerReading {
    this.#window[this.#at++] = value;
    if (this.#at === this.#window.length) this.#endBlock(value);
    const distance = value - this.#origin;
    this.#sum += distance;
    this.#squareSum += distance * distance;
    const share = 1 / this.#window.length;
    const sum = this.#window[this.#at]! + this.#sum;
    const mean = sum * share;
    const variance = (this.#squares[this.#at]! + this.#squareSum - sum * mean) * share;
    const reach = this.#deviations * Math.sqrt(Math.max(0, variance));
    const middle = this.#origin + mean;
    return {
      middle,
      upper: middle + reach,
      lower: middle - reach,
      width: (2 * reach) / middle,
      position: 0.5 + (distance - mean) / (2 * reach),
    };
  }

  #endBlock(origin: number): void {
    let sum = 0;
    let squareSum = 0;
    for (let i = this.#window.length - 1; i >= 0; i--) {
      const distance = this.#window[i]! - origin;
      sum += distance;
      squareSum += distance * distance;
      this.#window[i] = sum;
      this.#squares[i] = squareSum;
    }
    this.#origin = origin;
    this.#at = 0;
    this.#sum = 0;
    this.#squareSum = 0;
  }

  save() {
    return {
      window: this.#window.slice(),
      squares: this.#squares.slice(),
      at: this.#at,
      origin: this.#origin,
      sum: this.#sum,
      squareSum: this.#squareSum,
    };
  }

  load(saved: ReturnType<Bollinger['save']>): void {
    fillWindow(this.#window, saved.window);
    fillWindow(this.#squares, saved.squares);
    this.#at = saved.at;
    this.#origin = saved.origin;
    this.#sum = saved.sum;
    this.#squareSum = saved.squareSum;
  }
}

/** The blocks of `Bollinger`: behind the end of each, its sums wait in the places of later answers. */
export function bollingerOf(
  values: Float64Array,
  period: number,
  deviations: number,
): ColumnsOf<BollingerReading> {
  const back = checkedPeriod('Bollinger', period) - 1;
  checkedMultiple('Bollinger', deviations);
  const share = 1 / period;
  const { length } = values;
  const column = (): Float64Array => new Float64Array(length).fill(Number.NaN, 0, back);
  const [middle, upper, lower, width, position] = [
    column(),
    column(),
    column(),
    column(),
    column(),
  ];
  for (let end = back; end < length; end += period) {
    const origin = values[end]!;
    let sum = 0;
    let squareSum = 0;
    for (let i = end; i >= end - back; i--) {
      const distance = values[i]! - origin;
      sum += distance;
      squareSum += distance * distance;
      if (i + back >= length) continue;
      middle[i + back] = sum;
      upper[i + back] = squareSum;
    }
    sum = 0;
    squareSum = 0;
    const stop = Math.min(end + period, length);
    // The end itself is the origin and adds nothing to its own block's sums.
    for (let i = end; i < stop; i++) {
      const distance = values[i]! - origin;
      sum += distance;
      squareSum += distance * distance;
      const whole = middle[i]! + sum;
      const mean = whole * share;
      const variance = (upper[i]! + squareSum - whole * mean) * share;
      const reach = deviations * Math.sqrt(Math.max(0, variance));
      middle[i] = origin + mean;
      upper[i] = middle[i]! + reach;
      lower[i] = middle[i]! - reach;
      width[i] = (2 * reach) / middle[i]!;
      position[i] = 0.5 + (distance - mean) / (2 * reach);
    }
  }
  return { middle, upper, lower, width, position };
}
