import type { DomainEvent } from '../../../domain/event.ts';
import type { InstrumentId } from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { bookFill, equity, openPortfolio, type Portfolio } from '../../../domain/portfolio.ts';
import { type Money, money, type Price, price } from '../../../domain/units.ts';
import { fillFromEvent } from '../../../ledger/projections/book.ts';

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
  readonly #marks = new Map<InstrumentId, Price>();
  #portfolio: Portfolio | undefined;
  #kept: EquityAt[] = [];
  #newest: EquityAt | undefined;
  #bars = 0;
  #stride = 1;

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.#instruments = instruments;
  }

  get points(): readonly EquityAt[] {
    if (this.#newest === undefined || this.#newest === this.#kept.at(-1)) return this.#kept;
    return [...this.#kept, this.#newest];
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

  #add(point: EquityAt): void {
    this.#newest = point;
    if (this.#bars++ % this.#stride !== 0) return;
    this.#kept.push(point);
    // One place stays free for the newest point.
    if (this.#kept.length < EQUITY_POINTS_MAX) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}
