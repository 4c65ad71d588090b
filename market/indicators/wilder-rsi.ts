// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), relative strength index.
import { WilderMean } from './wilder-mean.ts';

/**
 * Relative strength index, 0 to 100; NaN until it has seen `period` changes, that is `period + 1`
 * closes. A market that has not moved at all has no strength either way and reads 50.
 */
export class WilderRsi {
  readonly #gains: WilderMean;
  readonly #losses: WilderMean;
  #previous = Number.NaN;

  constructor(period: number) {
    this.#gains = new WilderMean(period);
    this.#losses = new WilderMean(period);
  }

  push(close: number): number {
    const change = close - this.#previous;
    this.#previous = close;
    if (Number.isNaN(change)) return Number.NaN;
    const gain = this.#gains.push(Math.max(change, 0));
    const loss = this.#losses.push(Math.max(-change, 0));
    return gain === 0 && loss === 0 ? 50 : (100 * gain) / (gain + loss);
  }

  save() {
    return {
      gains: this.#gains.save(),
      losses: this.#losses.save(),
      previous: this.#previous,
    };
  }

  load({ gains, losses, previous }: ReturnType<WilderRsi['save']>): void {
    this.#gains.load(gains);
    this.#losses.load(losses);
    this.#previous = previous;
  }
}
