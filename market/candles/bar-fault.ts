import { candleFault } from '../../domain/candle.ts';
import type { CandleColumns } from './series.ts';

/**
 * Why the bar at an index cannot be believed, or undefined when it can: the judgement of `candleFault`,
 * without making a candle of every sound bar, of which there are millions.
 */
export function barFault(columns: CandleColumns, index: number): string | undefined {
  const openTimeMs = columns.openTimeMs[index]!;
  const open = columns.open[index]!;
  const high = columns.high[index]!;
  const low = columns.low[index]!;
  const close = columns.close[index]!;
  const volume = columns.volume[index]!;
  // Everything lies between a low above zero and a finite high; NaN fails every comparison.
  const sound =
    low > 0 && low <= open && low <= close && high >= open && high >= close && high < Infinity;
  if (sound && volume >= 0 && volume < Infinity && Number.isSafeInteger(openTimeMs)) {
    return undefined;
  }
  return candleFault({ openTimeMs, open, high, low, close, volume });
}
