// Source: exponential smoothing (Brown 1956) with weight 2 / (period + 1), begun at the simple mean.
import { checkedPeriod } from './period.ts';
import { Sma } from './sma.ts';

/** Exponential moving average; NaN until it has seen `period` values. In the unit of what is pushed. */
export class Ema {
  readonly #weight: number;
  readonly #seed: Sma;
  #value = Number.NaN;

  constructor(period: number) {
    this.#weight = 2 / (checkedPeriod('EMA', period) + 1);
    this.#seed = new Sma(period);
  }

  push(value: number): number {
    this.#value = Number.isNaN(this.#value)
      ? this.#seed.push(value)
      : this.#value + this.#weight * (value - this.#value);
    return this.#value;
  }

  save() {
    return { seed: this.#seed.save(), value: this.#value };
  }

  load({ seed, value }: ReturnType<Ema['save']>): void {
    this.#seed.load(seed);
    this.#value = value;
  }
}
