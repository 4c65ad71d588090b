// Source: the fractal of Bill Williams, Trading Chaos (1995), with `side` bars on each side.
import { checkedPeriod, fillWindow } from './period.ts';

/**
 * A turning point, reported only when it is certain: `push` answers with the value of `side` bars
 * ago when that bar stands out from the `side` bars before and after it, else NaN. It is therefore
 * known `side` bars late and never repaints. Of equal extremes the first is the pivot.
 */
export class ConfirmedPivot {
  readonly #sign: 1 | -1;
  readonly #side: number;
  readonly #window: Float64Array;
  #count = 0;

  constructor(extreme: 'HIGH' | 'LOW', side: number) {
    this.#sign = extreme === 'HIGH' ? 1 : -1;
    this.#side = checkedPeriod('pivot', side);
    this.#window = new Float64Array(2 * side + 1);
  }

  push(value: number): number {
    const span = this.#window.length;
    this.#window[this.#count % span] = this.#sign * value;
    this.#count++;
    if (this.#count < span) return Number.NaN;
    const middle = this.#window[(this.#count + this.#side) % span]!;
    for (let age = 0; age < span; age++) {
      const other = this.#window[(this.#count + age) % span]!;
      if (age < this.#side ? other >= middle : other > middle) return Number.NaN;
    }
    return this.#sign * middle;
  }

  save() {
    return { window: this.#window.slice(), count: this.#count };
  }

  load({ window, count }: ReturnType<ConfirmedPivot['save']>): void {
    fillWindow(this.#window, window);
    this.#count = count;
  }
}
