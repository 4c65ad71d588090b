// Source: R. G. Brown, Exponential Smoothing for Predicting Demand (1956), begun at the simple mean.
import { StartingMean } from './starting-mean.ts';

/**
 * Moves a share of the way to each value; NaN until it has seen `period` values, whose mean it begins
 * at. A NaN would stay in it for ever, and so it begins afresh after one.
 */
export class Smoothing {
  readonly #weight: number;
  readonly #start: StartingMean;
  #value = Number.NaN;

  constructor(indicator: string, period: number, weight: number) {
    this.#start = new StartingMean(indicator, period);
    this.#weight = weight;
  }

  push(value: number): number {
    this.#value = Number.isNaN(this.#value)
      ? this.#start.push(value)
      : this.#value + this.#weight * (value - this.#value);
    return this.#value;
  }

  save() {
    return { start: this.#start.save(), value: this.#value };
  }

  load({ start, value }: ReturnType<Smoothing['save']>): void {
    this.#start.load(start);
    this.#value = value;
  }
}

export function smoothed(values: Float64Array, start: StartingMean, weight: number): Float64Array {
  const averages = new Float64Array(values.length);
  let average = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    average = Number.isNaN(average) ? start.push(value) : average + weight * (value - average);
    averages[i] = average;
  }
  return averages;
}
