// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978): weight 1 / period, begun at the simple mean.
import { checkedPeriod } from './period.ts';
import { Sma } from './sma.ts';

/** Wilder's smoothing; NaN until it has seen `period` values. In the unit of what is pushed. */
export class WilderMean {
  readonly #period: number;
  readonly #seed: Sma;
  #value = Number.NaN;

  constructor(period: number) {
    this.#period = checkedPeriod('Wilder mean', period);
    this.#seed = new Sma(period);
  }

  push(value: number): number {
    this.#value = Number.isNaN(this.#value)
      ? this.#seed.push(value)
      : this.#value + (value - this.#value) / this.#period;
    return this.#value;
  }

  save() {
    return { seed: this.#seed.save(), value: this.#value };
  }

  load({ seed, value }: ReturnType<WilderMean['save']>): void {
    this.#seed.load(seed);
    this.#value = value;
  }
}
