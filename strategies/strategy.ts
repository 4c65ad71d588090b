import type { Timeframe } from '../domain/candle.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Opinion } from '../domain/signal.ts';
import type { CandleSeries } from '../market/series.ts';

/** A rule that can be run: the same object in a backtest and live. */
export interface Strategy {
  readonly id: StrategyId;
  readonly name: string;
  /** One sentence a trader understands. */
  readonly rule: string;
  /** Closed bars needed before the first opinion can be trusted. */
  readonly warmupBars: number;
  /** A fresh run with its own memory (zones, streaming indicators). */
  start(timeframe: Timeframe): StrategyRun;
}

export interface StrategyRun {
  /**
   * Called once for each closed bar, in order, with the series ending at that bar. Reads nothing
   * beyond the last bar, keeps no reference to the series, uses no clock and no chance.
   */
  onBar(series: CandleSeries): Opinion;
}
