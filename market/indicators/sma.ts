// Source: the arithmetic mean of the last `period` values.
import { checkedPeriod, fillWindow } from './period.ts';

/** Simple moving average; NaN until it has seen `period` values. In the unit of what is pushed. */
export class Sma {
  readonly #window: Float64Array;
  #count = 0;

  constructor(period: number) {
    this.#window = new Float64Array(checkedPeriod('SMA', period));
  }

  push(value: number): number {
    const period = this.#window.length;
    this.#window[this.#count % period] = value;
    this.#count++;
    if (this.#count < period) return Number.NaN;
    // Summed afresh each time: a running sum drifts, and never recovers from one huge value.
    let sum = 0;
    for (const kept of this.#window) sum += kept;
    return sum / period;
  }

  save() {
    return { window: this.#window.slice(), count: this.#count };
  }

  load({ window, count }: ReturnType<Sma['save']>): void {
    fillWindow(this.#window, window);
    this.#count = count;
  }
}
