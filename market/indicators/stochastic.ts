// Source: George C. Lane, Lane's Stochastics (1984): %K of 14 bars, slowed by 3, and %D, its mean of 3.
import { Donchian } from './donchian.ts';
import type { Bar, Columns, ColumnsOf } from './indicator.ts';
import { Sma } from './sma.ts';

export interface StochasticReading {
  /** Where the close lies between lowest low and highest high, 0 to 100, slowed. */
  readonly k: number;
  /** The mean of the last of them. */
  readonly d: number;
}

/**
 * Stochastic oscillator with Lane's periods where none are given; a slowing of 1 is the fast one. NaN
 * in warm-up, and wherever a window without any range leaves the close no place in it.
 */
export class Stochastic {
  readonly #range: Donchian;
  readonly #slow: Sma;
  readonly #mean: Sma;

  constructor(period = 14, slowing = 3, signal = 3) {
    this.#range = new Donchian(period);
    this.#slow = new Sma(slowing);
    this.#mean = new Sma(signal);
  }

  push(bar: Pick<Bar, 'high' | 'low' | 'close'>): StochasticReading {
    const { upper, lower } = this.#range.push(bar);
    const k = this.#slow.push((100 * (bar.close - lower)) / (upper - lower));
    return { k, d: this.#mean.push(k) };
  }

  save() {
    return { range: this.#range.save(), slow: this.#slow.save(), mean: this.#mean.save() };
  }

  load({ range, slow, mean }: ReturnType<Stochastic['save']>): void {
    this.#range.load(range);
    this.#slow.load(slow);
    this.#mean.load(mean);
  }
}

export function stochasticOf(
  columns: Pick<Columns, 'high' | 'low' | 'close'>,
  period = 14,
  slowing = 3,
  signal = 3,
): ColumnsOf<StochasticReading> {
  const stochastic = new Stochastic(period, slowing, signal);
  const { length } = columns.close;
  const k = new Float64Array(length);
  const d = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const [high, low, close] = [columns.high[i]!, columns.low[i]!, columns.close[i]!];
    const reading = stochastic.push({ high, low, close });
    k[i] = reading.k;
    d[i] = reading.d;
  }
  return { k, d };
}
