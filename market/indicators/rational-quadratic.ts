// Source: kernel regression (Nadaraya 1964, Watson 1964) with the rational quadratic kernel, looking back only.
import { fillWindow } from './period.ts';

/** How far back a value keeps half of its say, roughly, and how slowly it loses the rest. */
const LOOK_BACK_BARS = 30;
const RELATIVE_WEIGHT = 0.5;
const TAPS = 7;

/** By age, the newest first; they add up to one. */
const WEIGHTS = shares(
  Array.from({ length: TAPS }, (_, age) =>
    Math.pow(1 + age ** 2 / (LOOK_BACK_BARS ** 2 * 2 * RELATIVE_WEIGHT), -RELATIVE_WEIGHT),
  ),
);

/**
 * Mean of the last seven values, the newest weighed most by a rational quadratic kernel of 30 bars and
 * weight 0.5: over so few values nearly the simple mean. NaN until it has seen seven. In the unit of
 * what is pushed.
 */
export class RationalQuadratic {
  readonly #window = new Float64Array(TAPS);
  #count = 0;

  push(value: number): number {
    this.#window[this.#count % TAPS] = value;
    this.#count++;
    if (this.#count < TAPS) return Number.NaN;
    let sum = 0;
    for (let age = 0; age < TAPS; age++)
      sum += WEIGHTS[age]! * this.#window[(this.#count - 1 - age) % TAPS]!;
    return sum;
  }

  save() {
    return { window: this.#window.slice(), count: this.#count };
  }

  load({ window, count }: ReturnType<RationalQuadratic['save']>): void {
    fillWindow(this.#window, window);
    this.#count = count;
  }
}

export function rationalQuadraticOf(values: Float64Array): Float64Array {
  const mean = new RationalQuadratic();
  return values.map((value) => mean.push(value));
}

function shares(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
