// Source: GARCH(1,1), Bollerslev (1986), scaled so that the long-run variance is 1.
const SHOCK_WEIGHT = 0.08;
const MEMORY_WEIGHT = 0.9;
const BASE = 1 - SHOCK_WEIGHT - MEMORY_WEIGHT;

/** Volatility that clusters: a large shock makes the next bars livelier, and it fades over days. */
export class ClusteredVolatility {
  #variance = 1;

  /** This bar's volatility as a multiple of the ordinary, between 0.5 and 2.5. */
  get multiple(): number {
    return Math.min(2.5, Math.max(0.5, Math.sqrt(this.#variance)));
  }

  /** Takes the bar's shock as a standard normal value. */
  absorb(shock: number): void {
    this.#variance = BASE + (SHOCK_WEIGHT * shock * shock + MEMORY_WEIGHT) * this.#variance;
  }
}
