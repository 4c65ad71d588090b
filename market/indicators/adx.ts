// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), directional movement.
import type { Bar, Columns, ColumnsOf } from './indicator.ts';
import { checkedPeriod } from './period.ts';
import { WilderMean } from './wilder-mean.ts';

export interface AdxReading {
  /** Directional indicators, each a share of the true range in per cent; NaN until `period + 1` bars. */
  readonly plusDi: number;
  readonly minusDi: number;
  /** How far apart the two are, in per cent of both; 0 where nothing moved. */
  readonly dx: number;
  /** Wilder's mean of the last; NaN until `2 × period` bars. */
  readonly adx: number;
}

type DirectionalBar = Pick<Bar, 'high' | 'low' | 'close'>;

const UNKNOWN: AdxReading = Object.freeze({
  plusDi: Number.NaN,
  minusDi: Number.NaN,
  dx: Number.NaN,
  adx: Number.NaN,
});

/**
 * Average directional index with the indicators it is made of, 0 to 100. The first bar has nothing to
 * move from and counts for nothing. Wilder's running sums and the means used here have the same ratios.
 */
export class Adx {
  readonly #plus: WilderMean;
  readonly #minus: WilderMean;
  readonly #range: WilderMean;
  readonly #mean: WilderMean;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;

  constructor(period: number) {
    checkedPeriod('ADX', period);
    this.#plus = new WilderMean(period);
    this.#minus = new WilderMean(period);
    this.#range = new WilderMean(period);
    this.#mean = new WilderMean(period);
  }

  push({ high, low, close }: DirectionalBar): AdxReading {
    const up = high - this.#high;
    const down = this.#low - low;
    const trueRange = Math.max(high, this.#close) - Math.min(low, this.#close);
    this.#high = high;
    this.#low = low;
    this.#close = close;
    if (Number.isNaN(up + down + trueRange)) return this.#beginAfresh();
    const plus = this.#plus.push(up > down && up > 0 ? up : 0);
    const minus = this.#minus.push(down > up && down > 0 ? down : 0);
    const range = this.#range.push(trueRange);
    if (Number.isNaN(range)) return UNKNOWN;
    const moved = plus + minus;
    const dx = moved === 0 ? 0 : (100 * Math.abs(plus - minus)) / moved;
    return {
      plusDi: shareOf(plus, range),
      minusDi: shareOf(minus, range),
      dx,
      adx: this.#mean.push(dx),
    };
  }

  /** A hole in the data is no movement; the means begin again behind it. */
  #beginAfresh(): AdxReading {
    for (const mean of [this.#plus, this.#minus, this.#range, this.#mean]) mean.push(Number.NaN);
    return UNKNOWN;
  }

  save() {
    return {
      plus: this.#plus.save(),
      minus: this.#minus.save(),
      range: this.#range.save(),
      mean: this.#mean.save(),
      high: this.#high,
      low: this.#low,
      close: this.#close,
    };
  }

  load(saved: ReturnType<Adx['save']>): void {
    this.#plus.load(saved.plus);
    this.#minus.load(saved.minus);
    this.#range.load(saved.range);
    this.#mean.load(saved.mean);
    this.#high = saved.high;
    this.#low = saved.low;
    this.#close = saved.close;
  }
}

const shareOf = (movement: number, range: number): number =>
  range === 0 ? 0 : (100 * movement) / range;

export function adxOf(
  { high, low, close }: Pick<Columns, 'high' | 'low' | 'close'>,
  period: number,
): ColumnsOf<AdxReading> {
  const adx = new Adx(period);
  const { length } = close;
  const columns = {
    plusDi: new Float64Array(length),
    minusDi: new Float64Array(length),
    dx: new Float64Array(length),
    adx: new Float64Array(length),
  };
  for (let i = 0; i < length; i++) {
    const reading = adx.push({ high: high[i]!, low: low[i]!, close: close[i]! });
    columns.plusDi[i] = reading.plusDi;
    columns.minusDi[i] = reading.minusDi;
    columns.dx[i] = reading.dx;
    columns.adx[i] = reading.adx;
  }
  return columns;
}
