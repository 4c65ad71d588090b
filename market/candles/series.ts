import type { Candle } from '../../domain/candle.ts';

/** Closed bars in columns, oldest first. Readers get this interface; only the feed's owner appends. */
export interface CandleSeries {
  readonly length: number;
  readonly openTimeMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** The bar at an index from the start; throws when there is none. */
  candle(index: number): Candle;
}
