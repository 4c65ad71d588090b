import type { Candle } from '../../../domain/candle.ts';
import { BarPrints } from './bar-prints.ts';
import { BarSequence } from './bar-sequence.ts';
import { conflate, WAITING_PRICES_MAX } from './conflate.ts';
import type { MarketEvent } from '../feed.ts';
import type { Outbox } from './outbox.ts';

/** A price that claims to come from later than this is some other clock's mistake. */
const AHEAD_MAX_MS = 60_000;

export type PriceEvent = Exclude<MarketEvent, { kind: 'BAR' }>;

/** A bar that was delivered reads differently now; without `delivered` it came after later ones. */
export interface Correction {
  readonly delivered: Candle | undefined;
  readonly now: Candle;
}

interface DeliveryOptions {
  /** Open of the first bar that is wanted. */
  readonly firstOpenMs: number;
  /** Prices up to this instant were told before. */
  readonly afterMs: number;
  /** The newest that is known already, if any. */
  readonly lastPrice: number | undefined;
  readonly spanMs: number;
  readonly outbox: Outbox;
  readonly onCorrection: (correction: Correction) => void;
}

/**
 * Puts what is known of the market in the order in which it is told: prices in non-decreasing time, each
 * bar once and in order, and no price of the next bar before the bar that it follows. Prices that must
 * wait for a bar are held.
 */
export class Delivery {
  readonly #spanMs: number;
  readonly #outbox: Outbox;
  readonly #onCorrection: (correction: Correction) => void;
  readonly #bars: BarSequence;
  readonly #prints: BarPrints;
  #lastMs: number;
  #lastPrice: number | undefined;
  #held: readonly PriceEvent[] = [];
  #heldSinceMs: number | undefined;
  /** Bars that opened before this and did not come are waited for no longer. */
  #absentBeforeMs: number;
  #dropped = 0;

  constructor(options: DeliveryOptions) {
    const { firstOpenMs, afterMs, lastPrice, spanMs, outbox, onCorrection } = options;
    this.#spanMs = spanMs;
    this.#outbox = outbox;
    this.#onCorrection = onCorrection;
    this.#bars = new BarSequence(firstOpenMs, spanMs);
    this.#prints = new BarPrints(spanMs);
    this.#absentBeforeMs = firstOpenMs;
    this.#lastMs = afterMs + 1;
    this.#lastPrice = lastPrice;
  }

  /** Open of the bar that comes next when none is missing. */
  get nextOpenMs(): number {
    return this.#bars.nextOpenMs;
  }
  get askFromMs(): number {
    return this.#bars.askFromMs;
  }
  /** Since when prices are held back for a bar, or undefined when none are. */
  get heldSinceMs(): number | undefined {
    return this.#heldSinceMs;
  }
  /** The newest price that was told: a print, or the close of a bar. */
  get lastPrice(): number | undefined {
    return this.#lastPrice;
  }
  /** Prices that came too late, or from a time that is not yet. */
  get dropped(): number {
    return this.#dropped;
  }

  price(event: PriceEvent, nowMs: number): void {
    if (event.atMs > nowMs + AHEAD_MAX_MS) this.#dropped += 1;
    else if (event.atMs < this.#holdFromMs()) this.#tell(event);
    else this.#hold(event, nowMs);
  }

  /** Whether the bar was news. */
  bar(candle: Candle): boolean {
    const verdict = this.#bars.take(candle);
    if (verdict.kind === 'CHANGED')
      this.#onCorrection({ delivered: verdict.delivered, now: candle });
    if (verdict.kind === 'TOO_LATE') this.#onCorrection({ delivered: undefined, now: candle });
    if (verdict.kind !== 'NEW') return false;
    const closedAtMs = candle.openTimeMs + this.#spanMs;
    // Once later prices were told, those inside of the bar are no longer anybody's news.
    if (this.#lastMs < closedAtMs)
      for (const print of this.#prints.owed(candle, this.#lastMs)) this.#tell(print);
    this.#outbox.push({ kind: 'BAR', closedAtMs, candle });
    this.#lastPrice = candle.close;
    this.#lastMs = Math.max(this.#lastMs, closedAtMs);
    this.#release();
    return true;
  }

  /** The bar that prices are held for does not come: it may never have been. */
  giveUpWaiting(): void {
    const [first] = this.#held;
    if (first === undefined) return;
    this.#absentBeforeMs = this.#openOf(first.atMs);
    this.#release();
  }

  #holdFromMs(): number {
    return Math.max(this.#bars.nextOpenMs, this.#absentBeforeMs) + this.#spanMs;
  }

  #hold(event: PriceEvent, nowMs: number): void {
    this.#heldSinceMs ??= nowMs;
    const held = [...this.#held, event];
    this.#held =
      held.length > WAITING_PRICES_MAX ? (conflate(held) as readonly PriceEvent[]) : held;
  }

  #release(): void {
    const held = this.#held;
    const fromMs = this.#holdFromMs();
    this.#held = held.filter(({ atMs }) => atMs >= fromMs);
    if (this.#held.length === 0) this.#heldSinceMs = undefined;
    for (const event of held) if (event.atMs < fromMs) this.#tell(event);
  }

  #tell(event: PriceEvent): void {
    if (event.atMs < this.#lastMs) {
      this.#dropped += 1;
      return;
    }
    this.#lastMs = event.atMs;
    if (event.kind === 'TICK') {
      this.#lastPrice = event.price;
      this.#prints.told(event.price, this.#openOf(event.atMs));
    }
    this.#outbox.push(event);
  }

  /** Open of the bar that an instant lies in. */
  #openOf(atMs: number): number {
    const next = this.#bars.nextOpenMs;
    return next + Math.floor((atMs - next) / this.#spanMs) * this.#spanMs;
  }
}
