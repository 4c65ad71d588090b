import type { Candle } from '../../../domain/candle.ts';

/** How many of the newest bars are remembered, to see whether the provider changes them afterwards. */
const REMEMBERED_MAX = 8;

export type BarVerdict =
  | { readonly kind: 'NEW' }
  | { readonly kind: 'KNOWN' }
  /** It was delivered and reads differently now. */
  | { readonly kind: 'CHANGED'; readonly delivered: Candle }
  /** A later bar was delivered before it. */
  | { readonly kind: 'TOO_LATE' };

/** Which bars were delivered: each once, in order. */
export class BarSequence {
  readonly #spanMs: number;
  readonly #delivered: Candle[] = [];
  /** Nothing up to here is wanted. */
  readonly #firstOpenMs: number;
  #lastOpenMs: number;

  /** The first bar wanted opens at `firstOpenMs`, or later when there is none. */
  constructor(firstOpenMs: number, spanMs: number) {
    this.#firstOpenMs = firstOpenMs;
    this.#spanMs = spanMs;
    this.#lastOpenMs = firstOpenMs - spanMs;
  }

  /** Open of the bar that comes next when none is missing. */
  get nextOpenMs(): number {
    return this.#lastOpenMs + this.#spanMs;
  }

  /** From where to ask, so that what was delivered last is compared too. */
  get askFromMs(): number {
    return this.#delivered.at(-2)?.openTimeMs ?? this.#delivered[0]?.openTimeMs ?? this.nextOpenMs;
  }

  /** A bar that is `NEW` counts as delivered from here on. */
  take(candle: Candle): BarVerdict {
    const { openTimeMs } = candle;
    if (openTimeMs > this.#lastOpenMs) {
      this.#lastOpenMs = openTimeMs;
      this.#delivered.push(candle);
      if (this.#delivered.length > REMEMBERED_MAX) this.#delivered.shift();
      return { kind: 'NEW' };
    }
    const delivered = this.#delivered.find((known) => known.openTimeMs === openTimeMs);
    if (delivered !== undefined)
      return isSame(delivered, candle) ? { kind: 'KNOWN' } : { kind: 'CHANGED', delivered };
    const oldest = this.#delivered[0]?.openTimeMs ?? Infinity;
    const forgotten = openTimeMs < Math.max(this.#firstOpenMs, Math.min(oldest, this.nextOpenMs));
    return { kind: forgotten ? 'KNOWN' : 'TOO_LATE' };
  }
}

const isSame = (a: Candle, b: Candle): boolean =>
  a.open === b.open &&
  a.high === b.high &&
  a.low === b.low &&
  a.close === b.close &&
  a.volume === b.volume;
