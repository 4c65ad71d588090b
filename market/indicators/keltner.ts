// Source: Chester Keltner, How to Make Money in Commodities (1960), in Linda Raschke's form: EMA and ATR.
import { Atr, atrOf } from './atr.ts';
import { Ema, emaOf } from './ema.ts';
import type { Bar, Columns, ColumnsOf } from './indicator.ts';
import { checkedMultiple } from './period.ts';

export interface KeltnerReading {
  readonly middle: number;
  readonly upper: number;
  readonly lower: number;
}

/** So many average true ranges around the exponential average of closes, in price; NaN in warm-up. */
export class Keltner {
  readonly #middle: Ema;
  readonly #range: Atr;
  readonly #multiple: number;

  constructor(period = 20, rangePeriod = 10, multiple = 2) {
    this.#middle = new Ema(period);
    this.#range = new Atr(rangePeriod);
    this.#multiple = checkedMultiple('Keltner', multiple);
  }

  push(bar: Pick<Bar, 'high' | 'low' | 'close'>): KeltnerReading {
    const middle = this.#middle.push(bar.close);
    const reach = this.#multiple * this.#range.push(bar);
    return { middle, upper: middle + reach, lower: middle - reach };
  }

  save() {
    return { middle: this.#middle.save(), range: this.#range.save() };
  }

  load({ middle, range }: ReturnType<Keltner['save']>): void {
    this.#middle.load(middle);
    this.#range.load(range);
  }
}

export function keltnerOf(
  columns: Pick<Columns, 'high' | 'low' | 'close'>,
  period = 20,
  rangePeriod = 10,
  multiple = 2,
): ColumnsOf<KeltnerReading> {
  checkedMultiple('Keltner', multiple);
  const middle = emaOf(columns.close, period);
  const range = atrOf(columns, rangePeriod);
  return {
    middle,
    upper: middle.map((price, i) => price + multiple * range[i]!),
    lower: middle.map((price, i) => price - multiple * range[i]!),
  };
}
