// Source: the recursion traders publish for Mark Jurik's moving average; his own was never disclosed.
import { checkedPeriod } from './period.ts';
import { Sma } from './sma.ts';

/** Phase 50 of −100 to 100: how far the line is pushed ahead of its smoothing, 0.5 to 2.5. */
const PHASE_RATIO = 50 / 100 + 1.5;
const POWER = 2;

/**
 * Jurik's moving average with phase 50 and power 2: two smoothings in a row, the second of which is
 * pushed ahead by the slope of the first. NaN until it has seen `period` values, and begun at their
 * simple mean. In the unit of what is pushed.
 */
export class Jma {
  readonly #slopeWeight: number;
  readonly #weight: number;
  readonly #seed: Sma;
  #smooth = Number.NaN;
  #slope = 0;
  #step = 0;
  #value = Number.NaN;

  constructor(period: number) {
    const span = 0.45 * (checkedPeriod('JMA', period) - 1);
    this.#slopeWeight = span / (span + 2);
    this.#weight = this.#slopeWeight ** POWER;
    this.#seed = new Sma(period);
  }

  push(value: number): number {
    const isBegun = !Number.isNaN(this.#value) && !Number.isNaN(value);
    return isBegun ? this.#follow(value) : this.#begin(value);
  }

  #begin(value: number): number {
    this.#value = this.#seed.push(value);
    this.#smooth = this.#value;
    this.#slope = 0;
    this.#step = 0;
    return this.#value;
  }

  #follow(value: number): number {
    const [slopeWeight, weight] = [this.#slopeWeight, this.#weight];
    this.#smooth = (1 - weight) * value + weight * this.#smooth;
    this.#slope = (value - this.#smooth) * (1 - slopeWeight) + slopeWeight * this.#slope;
    const ahead = this.#smooth + PHASE_RATIO * this.#slope - this.#value;
    this.#step = ahead * (1 - weight) ** 2 + weight ** 2 * this.#step;
    this.#value += this.#step;
    return this.#value;
  }

  save() {
    return {
      seed: this.#seed.save(),
      smooth: this.#smooth,
      slope: this.#slope,
      step: this.#step,
      value: this.#value,
    };
  }

  load({ seed, smooth, slope, step, value }: ReturnType<Jma['save']>): void {
    this.#seed.load(seed);
    this.#smooth = smooth;
    this.#slope = slope;
    this.#step = step;
    this.#value = value;
  }
}

export function jmaOf(values: Float64Array, period: number): Float64Array {
  const jma = new Jma(period);
  return values.map((value) => jma.push(value));
}
