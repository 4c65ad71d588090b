// Source: Gerald Appel's moving average convergence/divergence: EMA(12) − EMA(26), and its own EMA(9).
import { Ema } from './ema.ts';

export interface MacdReading {
  /** Fast less slow average, in price; NaN until the slow one has warmed up (26 closes). */
  readonly line: number;
  /** The line's own average, in price; NaN until it too has warmed up (34 closes). */
  readonly signal: number;
}

/** Moving average convergence/divergence of closes with Appel's periods. */
export class Macd {
  readonly #fast = new Ema(12);
  readonly #slow = new Ema(26);
  readonly #signal = new Ema(9);

  push(close: number): MacdReading {
    const line = this.#fast.push(close) - this.#slow.push(close);
    return { line, signal: Number.isNaN(line) ? Number.NaN : this.#signal.push(line) };
  }

  save() {
    return { fast: this.#fast.save(), slow: this.#slow.save(), signal: this.#signal.save() };
  }

  load({ fast, slow, signal }: ReturnType<Macd['save']>): void {
    this.#fast.load(fast);
    this.#slow.load(slow);
    this.#signal.load(signal);
  }
}
