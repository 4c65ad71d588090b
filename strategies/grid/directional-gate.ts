import type { Candle } from '../../domain/candle.ts';
import { HigherBars } from '../../market/candles/higher-bars.ts';
import { Adx } from '../../market/indicators/adx.ts';

const GATE_MS = 4 * 3_600_000;
const RISES_TO_STRONG = 2;
const FALLS_TO_NOTHING = 3;
const EXTREME_BARS = 50;
/** So far from the extreme of the last bars a trend counts as broken. */
const RETREAT_MAX = 0.1;

export interface GateSettings {
  readonly adxBars: number;
  readonly adxMin: number;
}

/** Spans of the index until what it began with no longer decides any state. */
const SETTLED_SPANS = 8;

/** Bars of a chart until the gate has settled, its first bar of four hours not seen whole included. */
export const gateWarmupBars = ({ adxBars }: GateSettings, chartMs: number): number =>
  (Math.max(SETTLED_SPANS * adxBars, EXTREME_BARS) + 1) * Math.max(1, GATE_MS / chartMs);

/**
 * The trend on closed bars of four hours, −2 to 2; NaN until it is known. A cross of Wilder's directional
 * indicators makes it 1 or −1 by the side on top; an average directional index of at least `adxMin` that
 * rises twice in a row makes it 2 or −2; one that falls three times in a row or under `adxMin`, or a close
 * 10 % away from the extreme of the last 50 bars, makes it 0.
 */
export class DirectionalGate {
  readonly #adxMin: number;
  readonly #higher: HigherBars;
  readonly #adx: Adx;
  readonly #highs = new Float64Array(EXTREME_BARS);
  readonly #lows = new Float64Array(EXTREME_BARS);
  #bars = 0;
  #index = Number.NaN;
  #side = 0;
  #rises = 0;
  #falls = 0;
  #state = Number.NaN;

  constructor(chartMs: number, { adxBars, adxMin }: GateSettings) {
    this.#adxMin = adxMin;
    this.#higher = new HigherBars(chartMs, GATE_MS);
    this.#adx = new Adx(adxBars);
  }

  push(bar: Candle): number {
    const closed = this.#higher.push(bar);
    for (let i = 0; i < closed.length; i++) this.#pushHigher(closed[i]!);
    return this.#state;
  }

  #pushHigher(bar: Candle): void {
    this.#highs[this.#bars % EXTREME_BARS] = bar.high;
    this.#lows[this.#bars % EXTREME_BARS] = bar.low;
    this.#bars++;
    const { plusDi, minusDi, adx } = this.#adx.push(bar);
    if (Number.isNaN(adx) || this.#bars < EXTREME_BARS) return;
    const side = Math.sign(plusDi - minusDi);
    const hasCrossed = side !== 0 && side !== this.#side;
    const hasFallenUnder = this.#index >= this.#adxMin && adx < this.#adxMin;
    this.#rises = adx > this.#index ? this.#rises + 1 : 0;
    this.#falls = adx < this.#index ? this.#falls + 1 : 0;
    this.#index = adx;
    if (side !== 0) this.#side = side;
    this.#state = this.#next(hasCrossed, hasFallenUnder, bar.close);
  }

  #next(hasCrossed: boolean, hasFallenUnder: boolean, close: number): number {
    const before = Number.isNaN(this.#state) ? 0 : this.#state;
    if (this.#isFarFromExtreme(close)) return 0;
    if (hasCrossed) return this.#side;
    if (hasFallenUnder || this.#falls >= FALLS_TO_NOTHING) return 0;
    const isStrong = this.#index >= this.#adxMin && this.#rises >= RISES_TO_STRONG;
    return isStrong ? 2 * this.#side : before;
  }

  /** Of the extreme on the side of the trend: a fall from the highest high, a rise from the lowest low. */
  #isFarFromExtreme(close: number): boolean {
    return this.#side >= 0
      ? close < (1 - RETREAT_MAX) * Math.max(...this.#highs)
      : close > (1 + RETREAT_MAX) * Math.min(...this.#lows);
  }

  save() {
    return {
      higher: this.#higher.save(),
      adx: this.#adx.save(),
      highs: this.#highs.slice(),
      lows: this.#lows.slice(),
      bars: this.#bars,
      index: this.#index,
      side: this.#side,
      rises: this.#rises,
      falls: this.#falls,
      state: this.#state,
    };
  }

  load(saved: ReturnType<DirectionalGate['save']>): void {
    this.#higher.load(saved.higher);
    this.#adx.load(saved.adx);
    this.#highs.set(saved.highs);
    this.#lows.set(saved.lows);
    this.#bars = saved.bars;
    this.#index = saved.index;
    this.#side = saved.side;
    this.#rises = saved.rises;
    this.#falls = saved.falls;
    this.#state = saved.state;
  }
}
