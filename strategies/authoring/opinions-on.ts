import type { Candle, Timeframe } from '../../domain/candle.ts';
import type { Opinion, Signal } from '../../domain/signal.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import type { Strategy } from '../strategy.ts';

/** One opinion for each bar, from a fresh run that hears of the bars as they close. */
export function opinionsOn(
  strategy: Strategy,
  candles: Iterable<Candle>,
  timeframe: Timeframe,
): readonly Opinion[] {
  const run = strategy.start(timeframe);
  const series = new GrowableSeries();
  return Array.from(candles, (candle) => {
    series.append(candle);
    return run.onBar(series);
  });
}

export const signalsAmong = (opinions: readonly Opinion[]): readonly Signal[] =>
  opinions.filter((opinion) => opinion.kind === 'SIGNAL');
