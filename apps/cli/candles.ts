import type { Timeframe } from '../../domain/candle.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { syntheticCandles } from '../../strategies/authoring/synthetic-candles.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { anyCandles } from './feeds.ts';

export interface CandlesFlags {
  readonly data?: string;
  readonly seed: number;
}

export interface Candles {
  readonly series: CandleSeries;
  readonly timeframe: Timeframe;
  readonly source: string;
}

const SYNTHETIC_BARS = 5_000;
const SYNTHETIC_TIMEFRAME: Timeframe = '5m';

/** The candles of a file or of the store, or a synthetic market on a timeframe that the strategy is made for. */
export async function candlesFor(
  { data, seed }: CandlesFlags,
  { timeframes }: Strategy,
): Promise<Candles> {
  if (data !== undefined) return anyCandles(data);
  const timeframe = timeframes.includes(SYNTHETIC_TIMEFRAME)
    ? SYNTHETIC_TIMEFRAME
    : (timeframes[0] ?? SYNTHETIC_TIMEFRAME);
  const candles = await syntheticCandles(SYNTHETIC_BARS, { seed, timeframe });
  return { series: GrowableSeries.of(candles), timeframe, source: `synthetic, seed ${seed}` };
}
