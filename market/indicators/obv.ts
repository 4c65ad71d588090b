// Source: Joseph Granville, New Key to Stock Market Profits (1963), on-balance volume.
import type { Bar, Columns } from './indicator.ts';

/**
 * The volume of bars that rose less that of bars that fell, since the first. NaN for the first bar,
 * which has no close before it; where the count begins is chance, and only its changes say something.
 */
export class Obv {
  #previousClose = Number.NaN;
  #total = 0;

  push({ close, volume }: Pick<Bar, 'close' | 'volume'>): number {
    const flow = Math.sign(close - this.#previousClose) * volume;
    this.#previousClose = close;
    const total = this.#total + flow;
    this.#total = Number.isNaN(total) ? 0 : total;
    return total;
  }

  save() {
    return { previousClose: this.#previousClose, total: this.#total };
  }

  load({ previousClose, total }: ReturnType<Obv['save']>): void {
    this.#previousClose = previousClose;
    this.#total = total;
  }
}

export function obvOf({ close, volume }: Pick<Columns, 'close' | 'volume'>): Float64Array {
  const obv = new Obv();
  const totals = new Float64Array(close.length);
  for (let i = 0; i < close.length; i++) {
    totals[i] = obv.push({ close: close[i]!, volume: volume[i]! });
  }
  return totals;
}
