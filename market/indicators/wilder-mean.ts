// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978): weight 1 / period, begun at the simple mean.
import { smoothed, Smoothing } from './smoothing.ts';
import { StartingMean } from './starting-mean.ts';

/** Wilder's smoothing; NaN until it has seen `period` values. In the unit of what is pushed. */
export class WilderMean extends Smoothing {
  constructor(period: number) {
    super('Wilder mean', period, 1 / period);
  }
}

export function wilderMeanOf(values: Float64Array, period: number): Float64Array {
  return smoothed(values, new StartingMean('Wilder mean', period), 1 / period);
}
