// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), relative strength index.
import { Smoothing } from './smoothing.ts';
import { StartingMean } from './starting-mean.ts';

/**
 * Relative strength index, 0 to 100; NaN until it has seen `period` changes, that is `period + 1`
 * closes. A market that has not moved at all has no strength either way and reads 50.
 */
export class WilderRsi {
  readonly #gains: Smoothing;
  readonly #losses: Smoothing;
  #previous = Number.NaN;

  constructor(period: number) {
    this.#gains = new Smoothing('RSI', period, 1 / period);
    this.#losses = new Smoothing('RSI', period, 1 / period);
  }

  push(close: number): number {
    const change = close - this.#previous;
    this.#previous = close;
    return strength(this.#gains.push(Math.max(change, 0)), this.#losses.push(Math.max(-change, 0)));
  }

  save() {
    return {
      gains: this.#gains.save(),
      losses: this.#losses.save(),
      previous: this.#previous,
    };
  }

  load({ gains, losses, previous }: ReturnType<WilderRsi['save']>): void {
    this.#gains.load(gains);
    this.#losses.load(losses);
    this.#previous = previous;
  }
}

export function rsiOf(closes: Float64Array, period: number): Float64Array {
  const strengths = new Float64Array(closes.length);
  const gainsStart = new StartingMean('RSI', period);
  const lossesStart = new StartingMean('RSI', period);
  const weight = 1 / period;
  let previous = Number.NaN;
  let gains = Number.NaN;
  let losses = Number.NaN;
  for (let i = 0; i < closes.length; i++) {
    const close = closes[i]!;
    const change = close - previous;
    const gain = Math.max(change, 0);
    const loss = Math.max(-change, 0);
    previous = close;
    gains = Number.isNaN(gains) ? gainsStart.push(gain) : gains + weight * (gain - gains);
    losses = Number.isNaN(losses) ? lossesStart.push(loss) : losses + weight * (loss - losses);
    strengths[i] = strength(gains, losses);
  }
  return strengths;
}

const strength = (gains: number, losses: number): number =>
  gains === 0 && losses === 0 ? 50 : (100 * gains) / (gains + losses);
