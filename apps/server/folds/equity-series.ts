import type { DomainEvent } from '../../../domain/event.ts';
import type { InstrumentId } from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { bookFill, equity, openPortfolio, type Portfolio } from '../../../domain/portfolio.ts';
import { type Money, money, type Price, price } from '../../../domain/units.ts';
import { fillFromEvent } from '../../../ledger/projections/book.ts';
import { unpackLike } from '../../../ledger/snapshots/shape.ts';
import { pack, type Saved } from '../../../ledger/snapshots/state-text.ts';

export const EQUITY_POINTS_MAX = 1_000;

export interface EquityAt {
  readonly timeMs: number;
  readonly equity: Money;
}

/**
 * Equity at every bar's close. When there are too many points every other one goes, so that the line
 * keeps its whole length and loses detail evenly; the newest point is always there.
 */
export class EquitySeries {
  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  #marks = new Map<InstrumentId, Price>();
  #portfolio: Portfolio | undefined;
  #kept: EquityAt[] = [];
  /** Where the newest point is not one of the kept. */
  #newest: EquityAt | undefined;
  #bars = 0;
  #stride = 1;

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.#instruments = instruments;
  }

  get points(): readonly EquityAt[] {
    return this.#newest === undefined ? this.#kept : [...this.#kept, this.#newest];
  }

  apply(event: DomainEvent): void {
    switch (event.type) {
      case 'system.started':
        this.#portfolio ??= openPortfolio(event.body.currency, money(event.body.cash));
        return;
      case 'order.filled': {
        const instrument = this.#instruments.get(event.body.instrumentId);
        if (this.#portfolio === undefined || instrument === undefined) return;
        const booking = bookFill(this.#portfolio, fillFromEvent(event), instrument.quote);
        this.#portfolio = booking.portfolio;
        return;
      }
      case 'market.bar-closed': {
        this.#marks.set(event.body.instrumentId, price(event.body.bar.close));
        if (this.#portfolio === undefined) return;
        const worth = equity(this.#portfolio, (id) => this.#marks.get(id));
        return this.#add({ timeMs: event.atMs, equity: worth });
      }
      default:
        return;
    }
  }

  save(): Saved {
    return pack(this.#state());
  }

  load(saved: Saved): void {
    const state = unpackLike(saved, this.#state());
    this.#marks = state.marks;
    this.#portfolio = state.portfolio;
    this.#kept = state.kept;
    this.#newest = state.newest;
    this.#bars = state.bars;
    this.#stride = state.stride;
  }

  #state() {
    return {
      marks: this.#marks,
      portfolio: this.#portfolio,
      kept: this.#kept,
      newest: this.#newest,
      bars: this.#bars,
      stride: this.#stride,
    };
  }

  #add(point: EquityAt): void {
    if (this.#bars++ % this.#stride === 0) this.#keep(point);
    this.#newest = this.#kept.at(-1) === point ? undefined : point;
  }

  #keep(point: EquityAt): void {
    this.#kept.push(point);
    // One place stays free for the newest point.
    if (this.#kept.length < EQUITY_POINTS_MAX) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}
