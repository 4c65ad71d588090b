/**
 * One account at the exchange: cash and net positions as plain sums of its fills. It ignores margin and
 * funding, and lends without limit: how much may be bought is the kernel's question.
 */
import type { InstrumentId } from '../domain/ids.ts';
import type { Side } from '../domain/order.ts';
import {
  add,
  type Money,
  negate,
  NO_QUANTITY,
  notional,
  type Quantity,
  subtract,
} from '../domain/units.ts';
import type { VenueBalances, VenueFill } from '../execution/venue.ts';

export class Account {
  readonly #currency: string;
  #cash: Money;
  readonly #positions = new Map<InstrumentId, Quantity>();
  readonly #fills: VenueFill[] = [];

  constructor(currency: string, cash: Money) {
    this.#currency = currency;
    this.#cash = cash;
  }

  restore(cash: Money, positions: ReadonlyMap<InstrumentId, Quantity>): void {
    this.#cash = cash;
    this.#positions.clear();
    for (const [id, size] of positions) this.#positions.set(id, size);
  }

  book(fill: VenueFill): void {
    const { instrumentId, side, quantity, price, fee } = fill;
    this.#fills.push(fill);
    const value = notional(price, quantity);
    const paid = side === 'BUY' ? negate(value) : value;
    this.#cash = subtract(add(this.#cash, paid), fee);
    const change = side === 'BUY' ? quantity : negate(quantity);
    this.#positions.set(instrumentId, add(this.position(instrumentId), change));
  }

  fillsSince(sinceMs: number): readonly VenueFill[] {
    return this.#fills.slice(this.#fills.findLastIndex(({ atMs }) => atMs < sinceMs) + 1);
  }

  position(id: InstrumentId): Quantity {
    return this.#positions.get(id) ?? NO_QUANTITY;
  }

  /** How much an order of this side can take off the position. */
  reducible(id: InstrumentId, side: Side): Quantity {
    const held = this.position(id);
    const against = side === 'SELL' ? held : negate(held);
    return against > NO_QUANTITY ? against : NO_QUANTITY;
  }

  balances(): VenueBalances {
    const open = [...this.#positions].filter(([, size]) => size !== NO_QUANTITY);
    return { currency: this.#currency, cash: this.#cash, positions: new Map(open) };
  }
}
