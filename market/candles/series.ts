import type { Candle } from '../../domain/candle.ts';

/** The columns of bars, oldest first, in the order in which files keep them. */
export const COLUMN_NAMES = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const;

export type CandleColumns = Readonly<Record<(typeof COLUMN_NAMES)[number], Float64Array>>;

/** Closed bars in columns, oldest first. Readers get this interface; only the feed's owner appends. */
export interface CandleSeries extends CandleColumns {
  readonly length: number;
  /** The bar at an index from the start; throws when there is none. */
  candle(index: number): Candle;
}
