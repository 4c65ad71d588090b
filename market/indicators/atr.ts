// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), average true range.
import { WilderMean } from './wilder-mean.ts';

type Range = { readonly high: number; readonly low: number; readonly close: number };

/**
 * Average true range, in price; NaN until it has seen `period` bars. The first bar has no close
 * before it, so its true range is its own height.
 */
export class Atr {
  readonly #mean: WilderMean;
  #previousClose = Number.NaN;

  constructor(period: number) {
    this.#mean = new WilderMean(period);
  }

  push({ high, low, close }: Range): number {
    const previous = Number.isNaN(this.#previousClose) ? close : this.#previousClose;
    this.#previousClose = close;
    return this.#mean.push(Math.max(high, previous) - Math.min(low, previous));
  }

  save() {
    return { mean: this.#mean.save(), previousClose: this.#previousClose };
  }

  load({ mean, previousClose }: ReturnType<Atr['save']>): void {
    this.#mean.load(mean);
    this.#previousClose = previousClose;
  }
}
