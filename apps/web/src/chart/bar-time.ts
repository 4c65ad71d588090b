/** The chart's time axis is made of bars: everything drawn on it stands on the bar it happened in. */
import type { UTCTimestamp } from 'lightweight-charts';
import type { CandleView } from '../../../api/views.ts';

/** Open time of the last bar that began at or before an instant; null before the first bar. */
export function barTimeAt(timeMs: number, bars: readonly CandleView[]): UTCTimestamp | null {
  const seconds = timeMs / 1_000;
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle]?.time ?? Number.POSITIVE_INFINITY) <= seconds) low = middle + 1;
    else high = middle;
  }
  const bar = bars[low - 1];
  return bar === undefined ? null : (bar.time as UTCTimestamp);
}
