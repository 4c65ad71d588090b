import type { CandleColumns, CandleSeries } from './series.ts';

/** A series over columns that are exactly as long as it. The columns are shared, not copied. */
export function seriesOf(columns: CandleColumns): CandleSeries {
  const { openTimeMs, open, high, low, close, volume } = columns;
  const { length } = openTimeMs;
  return {
    length,
    openTimeMs,
    open,
    high,
    low,
    close,
    volume,
    candle(index) {
      if (!Number.isInteger(index) || index < 0 || index >= length) {
        throw new Error(`there is no candle ${index} in a series of ${length}`);
      }
      return {
        openTimeMs: openTimeMs[index]!,
        open: open[index]!,
        high: high[index]!,
        low: low[index]!,
        close: close[index]!,
        volume: volume[index]!,
      };
    },
  };
}

/** Room for that many bars, all zeros. */
export const emptyColumns = (bars: number): CandleColumns => ({
  openTimeMs: new Float64Array(bars),
  open: new Float64Array(bars),
  high: new Float64Array(bars),
  low: new Float64Array(bars),
  close: new Float64Array(bars),
  volume: new Float64Array(bars),
});

/** The bars from one index up to another, shared with the series they are part of. */
export const slice = (columns: CandleColumns, from: number, to: number): CandleSeries =>
  seriesOf({
    openTimeMs: columns.openTimeMs.subarray(from, to),
    open: columns.open.subarray(from, to),
    high: columns.high.subarray(from, to),
    low: columns.low.subarray(from, to),
    close: columns.close.subarray(from, to),
    volume: columns.volume.subarray(from, to),
  });

/** The index of the first bar that opens at `timeMs` or later; the length when none does. */
export function firstFrom({ openTimeMs, length }: CandleSeries, timeMs: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (openTimeMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
