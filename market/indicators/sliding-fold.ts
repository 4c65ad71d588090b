// Source: M. van Herk, A fast algorithm for local minimum and maximum filters (1992): a window as two blocks.
import { fillWindow } from './period.ts';

/** Joins two neighbouring stretches; it may be told of them in any grouping, never in another order. */
type Join = (earlier: number, later: number) => number;

const plus: Join = (earlier, later) => earlier + later;

/**
 * What joining the last `period` values gives; NaN until it has seen as many. Time is cut into blocks
 * of `period` values, so that every window is the end of one block and the beginning of the next: nothing
 * is ever taken away again. A sum that subtracts what leaves drifts, and never recovers from one huge
 * value. One push in `period` takes as many steps, all others one.
 */
export class SlidingFold {
  readonly #join: Join;
  /** Below `#at` the block's values so far, from there on the block before, joined from each value to its end. */
  readonly #window: Float64Array;
  #at = 0;
  /** The block's values so far, joined. */
  #block = Number.NaN;

  static sum(period: number): SlidingFold {
    return new SlidingFold(period, plus);
  }

  static max(period: number): SlidingFold {
    return new SlidingFold(period, Math.max);
  }

  static min(period: number): SlidingFold {
    return new SlidingFold(period, Math.min);
  }

  private constructor(period: number, join: Join) {
    this.#window = new Float64Array(period).fill(Number.NaN);
    this.#join = join;
  }

  push(value: number): number {
    this.#block = this.#at === 0 ? value : this.#join(this.#block, value);
    this.#window[this.#at++] = value;
    if (this.#at < this.#window.length) return this.#join(this.#window[this.#at]!, this.#block);
    this.#endBlock();
    return this.#window[0]!;
  }

  #endBlock(): void {
    this.#at = 0;
    for (let i = this.#window.length - 2; i >= 0; i--) {
      this.#window[i] = this.#join(this.#window[i]!, this.#window[i + 1]!);
    }
  }

  save() {
    return { window: this.#window.slice(), at: this.#at, block: this.#block };
  }

  load({ window, at, block }: ReturnType<SlidingFold['save']>): void {
    fillWindow(this.#window, window);
    this.#at = at;
    this.#block = block;
  }
}
