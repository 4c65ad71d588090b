// Source: Wilder (1978) begins his averages at the simple mean of their first `period` values.
import { checkedPeriod } from './period.ts';

/**
 * Where an average without end begins: NaN until `period` values have come with no NaN among them, then
 * their mean, once. What comes after that it takes as the first of another beginning.
 */
export class StartingMean {
  readonly #period: number;
  #count = 0;
  #sum = 0;

  constructor(indicator: string, period: number) {
    this.#period = checkedPeriod(indicator, period);
  }

  push(value: number): number {
    if (Number.isNaN(value)) return this.#answer(Number.NaN);
    this.#count++;
    this.#sum += value;
    return this.#count < this.#period ? Number.NaN : this.#answer(this.#sum / this.#period);
  }

  #answer(value: number): number {
    this.#count = 0;
    this.#sum = 0;
    return value;
  }

  save() {
    return { period: this.#period, count: this.#count, sum: this.#sum };
  }

  load({ period, count, sum }: ReturnType<StartingMean['save']>): void {
    if (period !== this.#period)
      throw new Error(`an average of ${this.#period} values cannot go on from one of ${period}`);
    this.#count = count;
    this.#sum = sum;
  }
}
