import { type Candle, TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import { GrowableSeries } from './growable-series.ts';
import type { CandleSeries } from './series.ts';

const NONE: readonly Candle[] = [];

/**
 * Builds higher bars from closed lower ones and reports each only when it has closed, so nothing it
 * has said is ever taken back. Higher bars begin at multiples of `toMs` since the epoch (UTC).
 *
 * A higher bar is closed once a lower bar reaches its end, or once one lies beyond it (its last bars
 * may be missing: nights, weekends, quiet minutes). The very first is dropped when its beginning was
 * not seen, because its open and its extremes would be guesses.
 */
export class Resampler {
  readonly #fromMs: number;
  readonly #toMs: number;
  #begun = false;
  #forming: Candle | undefined;
  #formingSeenFromStart = true;
  #lastTimeMs = -Infinity;

  /** Both spans in milliseconds; the higher must be a whole multiple of the lower. */
  constructor(fromMs: number, toMs: number) {
    if (!(fromMs > 0) || !(toMs > fromMs) || toMs % fromMs !== 0) {
      throw new Error(
        `bars of ${fromMs} ms do not add up to bars of ${toMs} ms; a whole multiple does`,
      );
    }
    this.#fromMs = fromMs;
    this.#toMs = toMs;
  }

  /** The higher bars that this lower bar closed: none, one, or two after a hole in the data. */
  push(candle: Candle): readonly Candle[] {
    const { openTimeMs } = candle;
    if (openTimeMs <= this.#lastTimeMs) {
      throw new Error(`time ${openTimeMs} does not come after ${this.#lastTimeMs}`);
    }
    this.#lastTimeMs = openTimeMs;
    const startMs = Math.floor(openTimeMs / this.#toMs) * this.#toMs;
    const earlier = this.#forming?.openTimeMs === startMs ? NONE : this.#close();
    this.#add(candle, startMs);
    if (openTimeMs + this.#fromMs < startMs + this.#toMs) return earlier;
    const finished = this.#close();
    return earlier.length === 0 ? finished : [...earlier, ...finished];
  }

  save() {
    return {
      begun: this.#begun,
      forming: this.#forming,
      formingSeenFromStart: this.#formingSeenFromStart,
      lastTimeMs: this.#lastTimeMs,
    };
  }

  load(saved: ReturnType<Resampler['save']>): void {
    this.#begun = saved.begun;
    this.#forming = saved.forming;
    this.#formingSeenFromStart = saved.formingSeenFromStart;
    this.#lastTimeMs = saved.lastTimeMs;
  }

  #add(candle: Candle, startMs: number): void {
    const forming = this.#forming;
    if (forming === undefined) {
      this.#forming = { ...candle, openTimeMs: startMs };
      this.#formingSeenFromStart = this.#begun || candle.openTimeMs === startMs;
      this.#begun = true;
      return;
    }
    this.#forming = {
      openTimeMs: startMs,
      open: forming.open,
      high: Math.max(forming.high, candle.high),
      low: Math.min(forming.low, candle.low),
      close: candle.close,
      volume: forming.volume + candle.volume,
    };
  }

  #close(): readonly Candle[] {
    const closed = this.#forming;
    this.#forming = undefined;
    return closed === undefined || !this.#formingSeenFromStart ? NONE : [closed];
  }
}

/** The closed higher bars of a series; the one still forming at its end is left out. */
export function resample(series: CandleSeries, from: Timeframe, to: Timeframe): GrowableSeries {
  const resampler = new Resampler(TIMEFRAME_MS[from], TIMEFRAME_MS[to]);
  const higher = new GrowableSeries();
  for (let i = 0; i < series.length; i++) {
    for (const bar of resampler.push(series.candle(i))) higher.append(bar);
  }
  return higher;
}
