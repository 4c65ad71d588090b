import type { Candle } from '../domain/candle.ts';
import type { Direction } from '../domain/signal.ts';
import { Ema } from '../market/indicators/ema.ts';

export interface TrendReading {
  readonly direction: Direction;
  readonly fast: number;
  readonly slow: number;
  /** The fast average's value `riseBars` earlier. */
  readonly fastBefore: number;
  readonly barTimeMs: number;
}

export interface TrendPeriods {
  readonly fastBars: number;
  readonly slowBars: number;
  readonly riseBars: number;
}

/** Bars before `Trend` can answer. */
export const trendWarmupBars = ({ slowBars, riseBars }: TrendPeriods): number =>
  slowBars + riseBars;

/**
 * Up when the fast average lies above the slow one and above its own value `riseBars` earlier, down
 * when it lies below both, otherwise no trend (undefined, as during warm-up).
 */
export class Trend {
  readonly #riseBars: number;
  readonly #fast: Ema;
  readonly #slow: Ema;
  /** The fast average of the last `riseBars` + 1 bars, oldest first. */
  readonly #recent: number[] = [];
  #reading: TrendReading | undefined;

  constructor({ fastBars, slowBars, riseBars }: TrendPeriods) {
    this.#fast = new Ema(fastBars);
    this.#slow = new Ema(slowBars);
    this.#riseBars = riseBars;
  }

  get reading(): TrendReading | undefined {
    return this.#reading;
  }

  push({ close, openTimeMs }: Candle): void {
    const fast = this.#fast.push(close);
    const slow = this.#slow.push(close);
    this.#recent.push(fast);
    if (this.#recent.length > this.#riseBars + 1) this.#recent.shift();
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
