// Source: Gerald Appel's moving average convergence/divergence: EMA(12) − EMA(26), and its own EMA(9).
import { Ema, emaOf } from './ema.ts';
import type { ColumnsOf } from './indicator.ts';

export interface MacdReading {
  /** Fast less slow average, in price; NaN until the slow one has warmed up (26 closes). */
  readonly line: number;
  /** The line's own average, in price; NaN until it too has warmed up (34 closes). */
  readonly signal: number;
}

/** Moving average convergence/divergence of closes, with Appel's periods where none are given. */
export class Macd {
  readonly #fast: Ema;
  readonly #slow: Ema;
  readonly #signal: Ema;

  constructor(fast = 12, slow = 26, signal = 9) {
    checkOrder(fast, slow);
    this.#fast = new Ema(fast);
    this.#slow = new Ema(slow);
    this.#signal = new Ema(signal);
  }

  push(close: number): MacdReading {
    const line = this.#fast.push(close) - this.#slow.push(close);
    return { line, signal: this.#signal.push(line) };
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

export function macdOf(
  closes: Float64Array,
  fast = 12,
  slow = 26,
  signal = 9,
): ColumnsOf<MacdReading> {
  checkOrder(fast, slow);
  const line = emaOf(closes, fast);
  const slowAverages = emaOf(closes, slow);
  for (let i = 0; i < line.length; i++) line[i]! -= slowAverages[i]!;
  return { line, signal: emaOf(line, signal) };
}

function checkOrder(fast: number, slow: number): void {
  if (fast >= slow) throw new Error(`MACD: fast period ${fast} must be below slow period ${slow}`);
}
