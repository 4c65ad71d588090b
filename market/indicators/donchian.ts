// Source: Richard Donchian's four-week rule (1960): the highest high and the lowest low of a window.
import type { Bar, Columns, ColumnsOf } from './indicator.ts';
import { checkedPeriod } from './period.ts';
import { SlidingFold } from './sliding-fold.ts';

export interface DonchianReading {
  readonly upper: number;
  readonly lower: number;
  readonly middle: number;
}

/**
 * The channel of the last `period` bars, the current one among them, in price; NaN until there are as
 * many. No close is ever outside of it: a breakout leaves the channel of the bar before.
 */
export class Donchian {
  readonly #highest: SlidingFold;
  readonly #lowest: SlidingFold;

  constructor(period: number) {
    checkedPeriod('Donchian', period);
    this.#highest = SlidingFold.max(period);
    this.#lowest = SlidingFold.min(period);
  }

  push({ high, low }: Pick<Bar, 'high' | 'low'>): DonchianReading {
    const upper = this.#highest.push(high);
    const lower = this.#lowest.push(low);
    return { upper, lower, middle: (upper + lower) / 2 };
  }

  save() {
    return { highest: this.#highest.save(), lowest: this.#lowest.save() };
  }

  load({ highest, lowest }: ReturnType<Donchian['save']>): void {
    this.#highest.load(highest);
    this.#lowest.load(lowest);
  }
}

export function donchianOf(
  columns: Pick<Columns, 'high' | 'low'>,
  period: number,
): ColumnsOf<DonchianReading> {
  const donchian = new Donchian(period);
  const { length } = columns.high;
  const upper = new Float64Array(length);
  const lower = new Float64Array(length);
  const middle = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const reading = donchian.push({ high: columns.high[i]!, low: columns.low[i]! });
    upper[i] = reading.upper;
    lower[i] = reading.lower;
    middle[i] = reading.middle;
  }
  return { upper, lower, middle };
}
