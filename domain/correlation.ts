/** Prices of one instrument at bar times, oldest first. */
export interface TimedCloses {
  readonly timesMs: readonly number[];
  readonly closes: readonly number[];
}

export const CORRELATION_RETURNS_MIN = 30;

/**
 * Pearson correlation of bar-to-bar returns over the bars both histories share; null when fewer than
 * thirty returns overlap, or when one of the two never moved.
 */
export function returnCorrelation(a: TimedCloses, b: TimedCloses): number | null {
  const closeOfB = new Map(b.timesMs.map((time, index) => [time, b.closes[index] ?? Number.NaN]));
  const pairs: [number, number][] = [];
  a.timesMs.forEach((time, index) => {
    const other = closeOfB.get(time);
    if (other !== undefined) pairs.push([a.closes[index] ?? Number.NaN, other]);
  });
  const returns = pairs.slice(1).map(([x, y], index): [number, number] => {
    const [beforeX, beforeY] = pairs[index] ?? [Number.NaN, Number.NaN];
    return [x / beforeX - 1, y / beforeY - 1];
  });
  if (returns.length < CORRELATION_RETURNS_MIN) return null;
  const meanX = mean(returns.map(([x]) => x));
  const meanY = mean(returns.map(([, y]) => y));
  const covariance = mean(returns.map(([x, y]) => (x - meanX) * (y - meanY)));
  const varianceX = mean(returns.map(([x]) => (x - meanX) ** 2));
  const varianceY = mean(returns.map(([, y]) => (y - meanY) ** 2));
  const correlation = covariance / Math.sqrt(varianceX * varianceY);
  return Number.isFinite(correlation) ? correlation : null;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
