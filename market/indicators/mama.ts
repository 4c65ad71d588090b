// Source: John F. Ehlers, MESA Adaptive Moving Averages, Technical Analysis of Stocks & Commodities (2001).
import type { Bar, Columns, ColumnsOf } from './indicator.ts';
import { fillWindow } from './period.ts';

export interface MamaReading {
  /** The adaptive average, in price. */
  readonly mama: number;
  /** Its follower at half the weight, in price: the slower of the two. */
  readonly fama: number;
}

/** How quickly MAMA may follow at most and at least. */
const WEIGHT_MAX = 0.5;
const WEIGHT_MIN = 0.05;
/** The cycles it can measure, in bars. */
const CYCLE_MIN = 6;
const CYCLE_MAX = 50;
/** Its filters in a row reach back 22 bars; the measured cycle needs some more to settle. */
const WARMUP_BARS = 33;
/** A filter over what is itself read three bars late looks back nine bars. */
const TAPS = 10;
const DEGREES = 180 / Math.PI;

const UNKNOWN: MamaReading = Object.freeze({ mama: Number.NaN, fama: Number.NaN });

/**
 * MESA adaptive moving average and its follower, of the middle of each bar, with Ehlers' limits 0.5 and
 * 0.05. The phase of the market's cycle is measured with a Hilbert transform over lagged values; the
 * faster the phase turns, the slower the average. NaN for 32 bars. What the filters look back to before
 * the first bar is a market that stood still at its first price.
 */
export class Mama {
  readonly #price = new Lags();
  readonly #smooth = new Lags();
  readonly #detrended = new Lags();
  readonly #quadrature = new Lags();
  #bars = 0;
  #inPhase = 0;
  #outOfPhase = 0;
  #real = 0;
  #imaginary = 0;
  #cycle = 0;
  #phase = 0;
  #mama = Number.NaN;
  #fama = Number.NaN;

  push({ high, low }: Pick<Bar, 'high' | 'low'>): MamaReading {
    const price = (high + low) / 2;
    if (Number.isNaN(price)) return this.#stop();
    if (this.#bars === 0) this.#begin(price);
    this.#bars++;
    const weight = this.#weight(price);
    this.#mama = weight * price + (1 - weight) * this.#mama;
    this.#fama = 0.5 * weight * this.#mama + (1 - 0.5 * weight) * this.#fama;
    return this.#bars < WARMUP_BARS ? UNKNOWN : { mama: this.#mama, fama: this.#fama };
  }

  #stop(): MamaReading {
    this.#bars = 0;
    return UNKNOWN;
  }

  #begin(price: number): void {
    this.#price.fill(price);
    this.#smooth.fill(weightedMean(this.#price));
    this.#detrended.fill(0);
    this.#quadrature.fill(0);
    this.#inPhase = this.#outOfPhase = this.#real = this.#imaginary = 0;
    this.#cycle = this.#phase = 0;
    this.#mama = this.#fama = price;
  }

  /** Half of the way while the phase hardly turns, and the less the more degrees it turns in one bar. */
  #weight(price: number): number {
    const phaseBefore = this.#phase;
    this.#measure(price);
    const turned = Math.max(1, phaseBefore - this.#phase);
    return Math.max(WEIGHT_MIN, WEIGHT_MAX / turned);
  }

  /** Moves phase and cycle on by one bar; names as in the source, in words. */
  #measure(price: number): void {
    const gain = 0.075 * this.#cycle + 0.54;
    this.#price.push(price);
    this.#smooth.push(weightedMean(this.#price));
    this.#detrended.push(hilbert(this.#smooth) * gain);
    this.#quadrature.push(hilbert(this.#detrended) * gain);
    const inPhase = this.#detrended.at(3);
    const quadrature = this.#quadrature.at(0);
    this.#turnCycle(
      inPhase - hilbert(this.#quadrature) * gain,
      quadrature + hilbert(this.#detrended, 3) * gain,
    );
    if (inPhase !== 0) this.#phase = Math.atan(quadrature / inPhase) * DEGREES;
  }

  /** The cycle's length from how far its smoothed phasor turned since the bar before. */
  #turnCycle(inPhase: number, outOfPhase: number): void {
    const [inBefore, outBefore] = [this.#inPhase, this.#outOfPhase];
    this.#inPhase = smoothed(inPhase, inBefore);
    this.#outOfPhase = smoothed(outOfPhase, outBefore);
    this.#real = smoothed(this.#inPhase * inBefore + this.#outOfPhase * outBefore, this.#real);
    this.#imaginary = smoothed(
      this.#inPhase * outBefore - this.#outOfPhase * inBefore,
      this.#imaginary,
    );
    const before = this.#cycle;
    const isMeasured = this.#real !== 0 && this.#imaginary !== 0;
    const measured = isMeasured
      ? 360 / (Math.atan(this.#imaginary / this.#real) * DEGREES)
      : before;
    const steady = Math.max(Math.min(measured, 1.5 * before), 0.67 * before);
    this.#cycle = smoothed(Math.min(Math.max(steady, CYCLE_MIN), CYCLE_MAX), before);
  }

  save() {
    return {
      price: this.#price.save(),
      smooth: this.#smooth.save(),
      detrended: this.#detrended.save(),
      quadrature: this.#quadrature.save(),
      bars: this.#bars,
      inPhase: this.#inPhase,
      outOfPhase: this.#outOfPhase,
      real: this.#real,
      imaginary: this.#imaginary,
      cycle: this.#cycle,
      phase: this.#phase,
      mama: this.#mama,
      fama: this.#fama,
    };
  }

  load(saved: ReturnType<Mama['save']>): void {
    this.#price.load(saved.price);
    this.#smooth.load(saved.smooth);
    this.#detrended.load(saved.detrended);
    this.#quadrature.load(saved.quadrature);
    this.#bars = saved.bars;
    this.#inPhase = saved.inPhase;
    this.#outOfPhase = saved.outOfPhase;
    this.#real = saved.real;
    this.#imaginary = saved.imaginary;
    this.#cycle = saved.cycle;
    this.#phase = saved.phase;
    this.#mama = saved.mama;
    this.#fama = saved.fama;
  }
}

/** The last values of one filter, told by their age. */
class Lags {
  readonly #window = new Float64Array(TAPS);
  #newest = 0;

  push(value: number): void {
    this.#newest = (this.#newest + 1) % TAPS;
    this.#window[this.#newest] = value;
  }

  at(age: number): number {
    return this.#window[(this.#newest - age + TAPS) % TAPS]!;
  }

  fill(value: number): void {
    this.#window.fill(value);
  }

  save() {
    return { window: this.#window.slice(), newest: this.#newest };
  }

  load({ window, newest }: ReturnType<Lags['save']>): void {
    fillWindow(this.#window, window);
    this.#newest = newest;
  }
}

const smoothed = (value: number, before: number): number => 0.2 * value + 0.8 * before;

const weightedMean = (lags: Lags): number =>
  (4 * lags.at(0) + 3 * lags.at(1) + 2 * lags.at(2) + lags.at(3)) / 10;

/** Ehlers' four taps, the first of them `from` bars old: a cycle comes out a quarter of its length later. */
const hilbert = (lags: Lags, from = 0): number =>
  0.0962 * (lags.at(from) - lags.at(from + 6)) + 0.5769 * (lags.at(from + 2) - lags.at(from + 4));

export function mamaOf({ high, low }: Pick<Columns, 'high' | 'low'>): ColumnsOf<MamaReading> {
  const average = new Mama();
  const { length } = high;
  const columns = { mama: new Float64Array(length), fama: new Float64Array(length) };
  for (let i = 0; i < length; i++) {
    const { mama, fama } = average.push({ high: high[i]!, low: low[i]! });
    columns.mama[i] = mama;
    columns.fama[i] = fama;
  }
  return columns;
}
