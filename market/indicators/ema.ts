// Source: exponential smoothing (Brown 1956) with weight 2 / (period + 1), begun at the simple mean.
import { smoothed, Smoothing } from './smoothing.ts';
import { StartingMean } from './starting-mean.ts';

/** Exponential moving average; NaN until it has seen `period` values. In the unit of what is pushed. */
export class Ema extends Smoothing {
  constructor(period: number) {
    super('EMA', period, weightOf(period));
  }
}

export function emaOf(values: Float64Array, period: number): Float64Array {
  return smoothed(values, new StartingMean('EMA', period), weightOf(period));
}

const weightOf = (period: number): number => 2 / (period + 1);
