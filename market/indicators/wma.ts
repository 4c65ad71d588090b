// Source: the linearly weighted mean: the last value counts `period` times, the one before once less.
import { checkedPeriod, fillWindow } from './period.ts';

/**
 * Weighted moving average; NaN until it has seen `period` values. In the unit of what is pushed. Summed
 * in blocks like `SlidingFold`, so that nothing is ever subtracted.
 */
export class Wma {
  /** Below `#at` the block's values so far, from there on weighted sums of the block before. */
  readonly #window: Float64Array;
  #at = 0;
  /** The block's values so far, each once, and weighted 1, 2, 3 … */
  #sum = 0;
  #weighted = 0;

  constructor(period: number) {
    this.#window = new Float64Array(checkedPeriod('WMA', period)).fill(Number.NaN);
  }

  push(value: number): number {
    const period = this.#window.length;
    this.#window[this.#at++] = value;
    this.#sum += value;
    this.#weighted += this.#at * value;
    const total = (period * (period + 1)) / 2;
    if (this.#at === period) return this.#endBlock() / total;
    const block = this.#weighted + (period - this.#at) * this.#sum;
    return (this.#window[this.#at]! + block) / total;
  }

  #endBlock(): number {
    const whole = this.#weighted;
    let sum = 0;
    let weighted = 0;
    for (let i = this.#window.length - 1; i >= 0; i--) {
      sum += this.#window[i]!;
      weighted += sum;
      this.#window[i] = weighted;
    }
    this.#at = 0;
    this.#sum = 0;
    this.#weighted = 0;
    return whole;
  }

  save() {
    return {
      window: this.#window.slice(),
      at: this.#at,
      sum: this.#sum,
      weighted: this.#weighted,
    };
  }

  load(saved: ReturnType<Wma['save']>): void {
    fillWindow(this.#window, saved.window);
    this.#at = saved.at;
    this.#sum = saved.sum;
    this.#weighted = saved.weighted;
  }
}

export function wmaOf(values: Float64Array, period: number): Float64Array {
  const wma = new Wma(period);
  const means = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) means[i] = wma.push(values[i]!);
  return means;
}
