import type { Candle } from '../domain/candle.ts';
import type { Direction } from '../domain/signal.ts';
import { Ema } from '../market/indicators/ema.ts';

const FAST_BARS = 20;
const SLOW_BARS = 50;
const RISE_BARS = 4;

export interface TrendReading {
  readonly direction: Direction;
  readonly fast: number;
  readonly slow: number;
  /** The fast average's value four bars earlier. */
  readonly fastBefore: number;
  readonly barTimeMs: number;
}

/** Bars before `Trend` can answer. */
export const TREND_WARMUP_BARS = SLOW_BARS + RISE_BARS;

/**
 * Up when EMA(20) lies above EMA(50) and above its own value four bars earlier, down when it lies
 * below both, otherwise no trend (undefined, as during warm-up).
 */
export class Trend {
  readonly #fast = new Ema(FAST_BARS);
  readonly #slow = new Ema(SLOW_BARS);
  /** The fast average of the last five bars, oldest first. */
  readonly #recent: number[] = [];
  #reading: TrendReading | undefined;

  get reading(): TrendReading | undefined {
    return this.#reading;
  }

  push({ close, openTimeMs }: Candle): void {
    const fast = this.#fast.push(close);
    const slow = this.#slow.push(close);
    this.#recent.push(fast);
    if (this.#recent.length > RISE_BARS + 1) this.#recent.shift();
    const fastBefore = this.#recent[0]!;
    const levels = { fast, slow, fastBefore, barTimeMs: openTimeMs };
    // Every comparison with a NaN is false, so warm-up reads as no trend.
    if (fast > slow && fast > fastBefore) this.#reading = { direction: 'LONG', ...levels };
    else if (fast < slow && fast < fastBefore) this.#reading = { direction: 'SHORT', ...levels };
    else this.#reading = undefined;
  }

  save() {
    return {
      fast: this.#fast.save(),
      slow: this.#slow.save(),
      recent: [...this.#recent],
      reading: this.#reading,
    };
  }

  load(saved: ReturnType<Trend['save']>): void {
    this.#fast.load(saved.fast);
    this.#slow.load(saved.slow);
    this.#recent.push(...saved.recent);
    this.#reading = saved.reading;
  }
}
