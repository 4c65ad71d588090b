// Source: the fractal of Bill Williams, Trading Chaos (1995), with `side` bars on each side.
import { checkedPeriod, fillWindow } from './period.ts';

/**
 * A turning point, reported only when it is certain: `push` answers with the value of `side` bars
 * ago when that bar stands out from the `side` bars before and after it, else NaN. It is therefore
 * known `side` bars late and never repaints. Of equal extremes the first is the pivot.
 *
 * The search goes outwards and ends at the first better value. Two values that are the best within the
 * same distance lie further apart than it, so a long series costs about ln(side) looks a value.
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
    const at = this.#count + this.#side;
    const middle = this.#window[at % span]!;
    for (let away = 1; away <= this.#side; away++) {
      // A NaN is neither better nor worse than anything, and ends the search as well.
      if (!(this.#window[(at - away) % span]! < middle)) return Number.NaN;
      if (!(this.#window[(at + away) % span]! <= middle)) return Number.NaN;
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

export function confirmedPivotOf(
  values: Float64Array,
  extreme: 'HIGH' | 'LOW',
  side: number,
): Float64Array {
  checkedPeriod('pivot', side);
  const sign = extreme === 'HIGH' ? 1 : -1;
  const pivots = new Float64Array(values.length).fill(Number.NaN);
  for (let middle = side; middle + side < values.length; middle++) {
    if (standsOut(values, middle, side, sign)) pivots[middle + side] = values[middle]!;
  }
  return pivots;
}

function standsOut(values: Float64Array, middle: number, side: number, sign: 1 | -1): boolean {
  const value = sign * values[middle]!;
  for (let away = 1; away <= side; away++) {
    if (!(sign * values[middle - away]! < value)) return false;
    if (!(sign * values[middle + away]! <= value)) return false;
  }
  return true;
}
