// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), average true range.
import type { Bar, Columns } from './indicator.ts';
import { Smoothing } from './smoothing.ts';
import { StartingMean } from './starting-mean.ts';

/**
 * Average true range, in price; NaN until it has seen `period` bars. The first bar has no close
 * before it, so its true range is its own height.
 */
export class Atr {
  readonly #mean: Smoothing;
  #previousClose = Number.NaN;

  constructor(period: number) {
    this.#mean = new Smoothing('ATR', period, 1 / period);
  }

  push({ high, low, close }: Pick<Bar, 'high' | 'low' | 'close'>): number {
    const range = trueRange(high, low, this.#previousClose);
    this.#previousClose = close;
    return this.#mean.push(range);
  }

  save() {
    return { mean: this.#mean.save(), previousClose: this.#previousClose };
  }

  load({ mean, previousClose }: ReturnType<Atr['save']>): void {
    this.#mean.load(mean);
    this.#previousClose = previousClose;
  }
}

export function atrOf(
  { high, low, close }: Pick<Columns, 'high' | 'low' | 'close'>,
  period: number,
): Float64Array {
  const means = new Float64Array(close.length);
  const start = new StartingMean('ATR', period);
  const weight = 1 / period;
  let previousClose = Number.NaN;
  let mean = Number.NaN;
  for (let i = 0; i < close.length; i++) {
    const range = trueRange(high[i]!, low[i]!, previousClose);
    previousClose = close[i]!;
    mean = Number.isNaN(mean) ? start.push(range) : mean + weight * (range - mean);
    means[i] = mean;
  }
  return means;
}

/** From the close before, when there is one, to wherever the bar went. */
function trueRange(high: number, low: number, previousClose: number): number {
  if (Number.isNaN(previousClose)) return high - low;
  return Math.max(high, previousClose) - Math.min(low, previousClose);
}
