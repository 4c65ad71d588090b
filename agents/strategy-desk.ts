import type { Candle, Timeframe } from '../domain/candle.ts';
import type { Evidence, Opinion } from '../domain/signal.ts';
import { Momentum } from '../forecasting/momentum.ts';
import { GrowableSeries } from '../market/growable-series.ts';
import type { Strategy, StrategyRun } from '../strategies/strategy.ts';

export interface BarReading {
  /** One per strategy, in the order they were given. */
  readonly opinions: readonly Opinion[];
  /** What the forecasters add; empty while they are warming up. */
  readonly evidence: readonly Evidence[];
}

/** Runs the strategies and forecasters over one instrument's closed bars. */
export class StrategyDesk {
  readonly #series = new GrowableSeries();
  readonly #momentum = new Momentum();
  readonly #runs: readonly StrategyRun[];

  constructor(strategies: readonly Strategy[], timeframe: Timeframe) {
    this.#runs = strategies.map((strategy) => strategy.start(timeframe));
  }

  get bars(): GrowableSeries {
    return this.#series;
  }

  /** Bars must come closed and in order; the first ones only warm up what is said later. */
  onBar(candle: Candle): BarReading {
    this.#series.append(candle);
    const momentum = this.#momentum.push(candle);
    return {
      opinions: this.#runs.map((run) => run.onBar(this.#series)),
      evidence: momentum.kind === 'SCORE' ? momentum.evidence : [],
    };
  }
}
