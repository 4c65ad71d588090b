/**
 * The average true range as the plain mean of the last so many bars. Wilder's own smoothing remembers
 * every bar since it began, so it would say something else after a restart; the mean does not.
 */
import type { BarHistory } from '../../ledger/projections/readonly-book.ts';

/** In price; undefined while there are too few bars. A true range needs the close before its bar. */
export function averageTrueRange(bars: BarHistory, count: number): number | undefined {
  const { highs, lows, closes } = bars;
  const first = closes.length - count;
  if (count < 1 || first < 1) return undefined;
  let sum = 0;
  for (let at = first; at < closes.length; at++) {
    const [high, low, before] = [highs[at], lows[at], closes[at - 1]];
    if (high === undefined || low === undefined || before === undefined) return undefined;
    sum += Math.max(high, before) - Math.min(low, before);
  }
  return sum / count;
}
