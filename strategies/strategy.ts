import type { Timeframe } from '../domain/candle.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Opinion } from '../domain/signal.ts';
import type { CandleSeries } from '../market/candles/series.ts';

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

/** How far back a run may look into the series; what is older may have been forgotten. */
export const LOOK_BACK_BARS_MAX = 1_024;

export interface StrategyRun {
  /**
   * Called once for each closed bar, in order, with the series ending at that bar. Reads nothing
   * beyond the last bar nor older than `LOOK_BACK_BARS_MAX` bars, keeps no index into the series and
   * no reference to it, uses no clock and no chance.
   */
  onBar(series: CandleSeries): Opinion;
  /** Its memory as plain data, doubles and typed arrays included; null when it has none. */
  save(): unknown;
  /** Only on a fresh run: goes on from what another run of the same strategy had saved. */
  load(saved: unknown): void;
}
