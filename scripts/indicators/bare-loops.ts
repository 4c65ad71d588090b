/**
 * The least that each indicator can be: one loop over columns, written for nothing but speed. They are the limit that
 * the others are measured against, and lose digits where that is faster.
 */

export function bareSma(values: Float64Array, period: number): Float64Array {
  const means = new Float64Array(values.length).fill(Number.NaN, 0, period - 1);
  let sum = 0;
  for (let i = 0; i < period; i++) sum += values[i]!;
  means[period - 1] = sum / period;
  for (let i = period; i < values.length; i++) {
    sum += values[i]! - values[i - period]!;
    means[i] = sum / period;
  }
  return means;
}

export function bareEma(values: Float64Array, period: number): Float64Array {
  const averages = new Float64Array(values.length).fill(Number.NaN, 0, period - 1);
  const weight = 2 / (period + 1);
  let average = 0;
  for (let i = 0; i < period; i++) average += values[i]! / period;
  averages[period - 1] = average;
  for (let i = period; i < values.length; i++) {
    average += weight * (values[i]! - average);
    averages[i] = average;
  }
  return averages;
}

export function bareRsi(values: Float64Array, period: number): Float64Array {
  const strengths = new Float64Array(values.length).fill(Number.NaN, 0, period);
  const weight = 1 / period;
  let gains = 0;
  let losses = 0;
  for (let i = 1; i <= period; i++) {
    gains += Math.max(values[i]! - values[i - 1]!, 0) / period;
    losses += Math.max(values[i - 1]! - values[i]!, 0) / period;
  }
  strengths[period] = (100 * gains) / (gains + losses);
  for (let i = period + 1; i < values.length; i++) {
    const change = values[i]! - values[i - 1]!;
    gains += weight * (Math.max(change, 0) - gains);
    losses += weight * (Math.max(-change, 0) - losses);
    strengths[i] = (100 * gains) / (gains + losses);
  }
  return strengths;
}

export function bareAtr(
  highs: Float64Array,
  lows: Float64Array,
  closes: Float64Array,
  period: number,
): Float64Array {
  const means = new Float64Array(closes.length).fill(Number.NaN, 0, period - 1);
  const weight = 1 / period;
  let mean = (highs[0]! - lows[0]!) / period;
  for (let i = 1; i < closes.length; i++) {
    const before = closes[i - 1]!;
    const range = Math.max(highs[i]!, before) - Math.min(lows[i]!, before);
    if (i < period) mean += range / period;
    else mean += weight * (range - mean);
    if (i >= period - 1) means[i] = mean;
  }
  return means;
}

export function bareThree(values: Float64Array, period: number, deviations: number) {
  const { length } = values;
  const middle = new Float64Array(length).fill(Number.NaN, 0, period - 1);
  const upper = middle.slice();
  const lower = middle.slice();
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    sum += value;
    squares += value * value;
    if (i < period - 1) continue;
    const mean = sum / period;
    const reach = deviations * Math.sqrt(Math.max(0, squares / period - mean * mean));
    middle[i] = mean;
    upper[i] = mean + reach;
    lower[i] = mean - reach;
    const leaving = values[i - period + 1]!;
    sum -= leaving;
    squares -= leaving * leaving;
  }
  return { middle, upper, lower };
}

export function bareBands(values: Float64Array, period: number, deviations: number) {
  const { length } = values;
  const middle = new Float64Array(length).fill(Number.NaN, 0, period - 1);
  const upper = middle.slice();
  const lower = middle.slice();
  const width = middle.slice();
  const position = middle.slice();
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    sum += value;
    squares += value * value;
    if (i < period - 1) continue;
    const mean = sum / period;
    const reach = deviations * Math.sqrt(Math.max(0, squares / period - mean * mean));
    middle[i] = mean;
    upper[i] = mean + reach;
    lower[i] = mean - reach;
    width[i] = (2 * reach) / mean;
    position[i] = 0.5 + (value - mean) / (2 * reach);
    const leaving = values[i - period + 1]!;
    sum -= leaving;
    squares -= leaving * leaving;
  }
  return { middle, upper, lower, width, position };
}
