import { DAY_MS, MINUTE_MS } from '../../domain/clock.ts';
import { TIMEFRAME_MS, type Timeframe, TIMEFRAMES } from '../../domain/candle.ts';
import type { CandleSeries } from './series.ts';

/**
 * The timeframe of a series, told by the step that occurs most often between neighbours: nights,
 * weekends and quiet minutes make longer steps, but fewer of them. Throws a sentence when the series
 * has no step or its commonest step is none of ours.
 */
export function timeframeOf(series: CandleSeries): Timeframe {
  const stepMs = commonestStepMs(series);
  const timeframe = TIMEFRAMES.find((candidate) => TIMEFRAME_MS[candidate] === stepMs);
  if (timeframe !== undefined) return timeframe;
  throw new Error(
    `the candles are mostly ${spanText(stepMs)} apart, which is no timeframe of ours; ` +
      `the known ones are ${TIMEFRAMES.join(', ')}`,
  );
}

/** `7 days`, `90 minutes`, `3.6 seconds`. */
export function spanText(ms: number): string {
  const [name, unitMs] = UNITS.find(([, size]) => ms % size === 0) ?? SECONDS;
  const count = ms / unitMs;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

const SECONDS = ['second', 1_000] as const;
const UNITS = [['day', DAY_MS], ['minute', MINUTE_MS], SECONDS] as const;

/** The step between neighbours that occurs most often; the shorter wins a tie. */
export function commonestStepMs(series: CandleSeries): number {
  if (series.length < 2) {
    throw new Error(
      `a series of ${series.length} has no step; two candles or more show a timeframe`,
    );
  }
  const counts = new Map<number, number>();
  for (let i = 1; i < series.length; i++) {
    const stepMs = series.openTimeMs[i]! - series.openTimeMs[i - 1]!;
    counts.set(stepMs, (counts.get(stepMs) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || a - b);
  return commonest![0];
}
