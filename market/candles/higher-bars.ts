import type { Candle } from '../../domain/candle.ts';
import { Resampler } from './resample.ts';

/** The closed bars of a higher timeframe, or the chart's own where that is high enough already. */
export class HigherBars {
  readonly #resampler: Resampler | undefined;

  /** Both spans in milliseconds; throws where `Resampler` would. */
  constructor(chartMs: number, higherMs: number) {
    this.#resampler = higherMs > chartMs ? new Resampler(chartMs, higherMs) : undefined;
  }

  push(bar: Candle): readonly Candle[] {
    return this.#resampler === undefined ? [bar] : this.#resampler.push(bar);
  }

  save() {
    return this.#resampler?.save() ?? null;
  }

  load(saved: ReturnType<HigherBars['save']>): void {
    if (saved !== null) this.#resampler?.load(saved);
  }
}
