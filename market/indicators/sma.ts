// Source: the arithmetic mean of the last `period` values.
import { checkedPeriod } from './period.ts';
import { SlidingFold } from './sliding-fold.ts';

/** Simple moving average; NaN until it has seen `period` values. In the unit of what is pushed. */
export class Sma {
  readonly #period: number;
  readonly #sum: SlidingFold;

  constructor(period: number) {
    this.#period = checkedPeriod('SMA', period);
    this.#sum = SlidingFold.sum(period);
  }

  push(value: number): number {
    return this.#sum.push(value) / this.#period;
  }

  save() {
    return this.#sum.save();
  }

  load(saved: ReturnType<Sma['save']>): void {
    this.#sum.load(saved);
  }
}

/** What adds nothing even to −0. */
const NOTHING = -0;

/** The blocks of `SlidingFold`: what a block gives to later windows waits in the places of their means. */
export function smaOf(values: Float64Array, period: number): Float64Array {
  const back = checkedPeriod('SMA', period) - 1;
  const { length } = values;
  const means = new Float64Array(length).fill(Number.NaN, 0, back);
  for (let start = 0; start < length; start += period) {
    const last = start + back;
    const isWhole = last < length;
    const stop = isWhole ? last : length;
    let block = NOTHING;
    let rest = NOTHING;
    for (let i = start, j = last; i < stop; i++, j--) {
      block += values[i]!;
      means[i] = (means[i]! + block) / period;
      if (!isWhole) continue;
      rest += values[j]!;
      if (j + back < length) means[j + back] = rest;
    }
    if (isWhole) means[last] = (rest + values[start]!) / period;
  }
  return means;
}
