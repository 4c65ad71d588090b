// Source: Olivier Seban's Supertrend: bands around the middle of the bar that only move towards price.
import { Atr } from './atr.ts';
import type { Bar, Columns, ColumnsOf } from './indicator.ts';
import { checkedMultiple } from './period.ts';

export interface SupertrendReading {
  /** The band in force, in price: below a rising market, above a falling one. */
  readonly line: number;
  /** 1 rising, −1 falling. */
  readonly direction: number;
}

/**
 * A stop that trails by so many average true ranges. Where `middle` is (high + low) / 2 and `reach` is
 * multiple × ATR, the bands are
 *
 *     upper = min(middle + reach, upper before), and middle + reach after a close above the upper before
 *     lower = max(middle − reach, lower before), and middle − reach after a close below the lower before
 *
 * A close above the upper band makes the trend rising, one below the lower band falling. Until the first
 * of them, which no period tells, the trend is not known: NaN, where others guess one.
 */
export class Supertrend {
  readonly #multiple: number;
  readonly #atr: Atr;
  #upper = Number.NaN;
  #lower = Number.NaN;
  #previousClose = Number.NaN;
  #direction = Number.NaN;

  constructor(period = 10, multiple = 3) {
    this.#atr = new Atr(period);
    this.#multiple = checkedMultiple('Supertrend', multiple);
  }

  push(bar: Pick<Bar, 'high' | 'low' | 'close'>): SupertrendReading {
    const middle = (bar.high + bar.low) / 2;
    const reach = this.#multiple * this.#atr.push(bar);
    const previous = this.#previousClose;
    // Comparing with a band that is not there yet is false, and leaves the bar's own.
    this.#upper = previous <= this.#upper ? Math.min(middle + reach, this.#upper) : middle + reach;
    this.#lower = previous >= this.#lower ? Math.max(middle - reach, this.#lower) : middle - reach;
    this.#previousClose = bar.close;
    this.#direction = this.#turned(bar.close);
    return {
      line: this.#direction > 0 ? this.#lower : this.#direction < 0 ? this.#upper : Number.NaN,
      direction: this.#direction,
    };
  }

  #turned(close: number): number {
    if (Number.isNaN(close + this.#upper + this.#lower)) return Number.NaN;
    if (close > this.#upper) return 1;
    return close < this.#lower ? -1 : this.#direction;
  }

  save() {
    return {
      atr: this.#atr.save(),
      upper: this.#upper,
      lower: this.#lower,
      previousClose: this.#previousClose,
      direction: this.#direction,
    };
  }

  load(saved: ReturnType<Supertrend['save']>): void {
    this.#atr.load(saved.atr);
    this.#upper = saved.upper;
    this.#lower = saved.lower;
    this.#previousClose = saved.previousClose;
    this.#direction = saved.direction;
  }
}

export function supertrendOf(
  columns: Pick<Columns, 'high' | 'low' | 'close'>,
  period = 10,
  multiple = 3,
): ColumnsOf<SupertrendReading> {
  const supertrend = new Supertrend(period, multiple);
  const { length } = columns.close;
  const line = new Float64Array(length);
  const direction = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const [high, low, close] = [columns.high[i]!, columns.low[i]!, columns.close[i]!];
    const reading = supertrend.push({ high, low, close });
    line[i] = reading.line;
    direction[i] = reading.direction;
  }
  return { line, direction };
}
