import type { Candle } from '../../../domain/candle.ts';
import type { MarketEvent } from '../feed.ts';

type Print = Extract<MarketEvent, { kind: 'TICK' }>;

interface Seen {
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

/**
 * Knows which prints of the bar under way were told, and so which are owed before the bar itself: after a
 * hole in the stream, or when a slow reader was spared some, the bar shows extremes that nobody heard of.
 * When exactly they were traded is not known; they are placed in order between the last print and the close.
 */
export class BarPrints {
  readonly #spanMs: number;
  #openTimeMs: number | undefined;
  #seen: Seen | undefined;

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  /** A print is told; `openTimeMs` is the open of the bar it lies in. */
  told(price: number, openTimeMs: number): void {
    const { low = price, high = price } = openTimeMs === this.#openTimeMs ? (this.#seen ?? {}) : {};
    this.#openTimeMs = openTimeMs;
    this.#seen = { low: Math.min(low, price), high: Math.max(high, price), last: price };
  }

  /** What the bar is made of and was not told, oldest first, none before `afterMs`. */
  owed(candle: Candle, afterMs: number): readonly Print[] {
    const prices = this.#openTimeMs === candle.openTimeMs ? this.#rest(candle) : path(candle);
    const step = this.#spanMs / (prices.length + 1);
    return prices.map((price, index) => ({
      kind: 'TICK',
      atMs: Math.max(afterMs, candle.openTimeMs + Math.floor(index * step)),
      price,
    }));
  }

  #rest(candle: Candle): readonly number[] {
    const seen = this.#seen;
    if (seen === undefined) return path(candle);
    const unheard = extremes(candle).filter((price) => price < seen.low || price > seen.high);
    const last = unheard.at(-1) ?? seen.last;
    return last === candle.close ? unheard : [...unheard, candle.close];
  }
}

/** The extreme nearer to the open is taken to have come first. */
const extremes = ({ open, high, low }: Candle): readonly number[] =>
  high - open < open - low ? [high, low] : [low, high];

/** Open, extremes, close, without the same price twice in a row. */
const path = (candle: Candle): readonly number[] =>
  [candle.open, ...extremes(candle), candle.close].filter(
    (price, index, prices) => index === 0 || price !== prices[index - 1],
  );
