import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { equity } from '../domain/portfolio.ts';
import type { Direction } from '../domain/signal.ts';
import {
  absolute,
  add,
  basisPoints,
  larger,
  type Money,
  NO_MONEY,
  notional,
  type Price,
  type Quantity,
  smaller,
  subtract,
} from '../domain/units.ts';
import { remainingHold } from '../domain/order-record.ts';
import type { ReadonlyBook } from '../ledger/projections/book.ts';
import { LIMITS } from '../risk-kernel/limits.ts';
import type { Marks } from './marks.ts';

/** The most that one new entry may be under the limits, for whoever sizes a proposal. */
export interface EntryRoom {
  readonly equity: Money;
  readonly riskBpsMax: number;
  readonly notionalMax: Money;
  readonly quantityMax: Quantity;
  /** Where the kernel will judge the loss at the stop from. */
  readonly worstPrice: Price;
  /** Where the kernel will judge the order's value: a sale is worth most at the mark. */
  readonly valuePrice: Price;
}

export interface RoomSources {
  readonly book: ReadonlyBook;
  readonly marks: Marks;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
}

/**
 * Advice, not permission: the kernel judges the finished order again. Undefined while there is no
 * price to size by.
 */
export function entryRoom(
  sources: RoomSources,
  id: InstrumentId,
  direction: Direction,
): EntryRoom | undefined {
  const { book, marks } = sources;
  const instrument = sources.instruments.get(id);
  const mark = marks.get(id) ?? book.mark(id);
  if (instrument === undefined || mark === undefined) return undefined;
  const markOf = (other: InstrumentId): Price | undefined =>
    marks.get(other)?.price ?? book.mark(other)?.price;
  const equityNow = equity(book.portfolio, markOf);
  const exposures = exposureByInstrument(book, markOf);
  const gross = [...exposures.values()].reduce((sum, value) => add(sum, value), NO_MONEY);
  const here = exposures.get(id) ?? NO_MONEY;
  const sizeMax = subtract(basisPoints(equityNow, LIMITS.positionSizeBpsMax, 'down'), here);
  const slack = basisPoints(mark.price, LIMITS.priceCollarBpsMax, 'up');
  return {
    equity: equityNow,
    riskBpsMax: LIMITS.riskPerTradeBpsMax,
    notionalMax: larger(smaller(sizeMax, subtract(equityNow, gross)), NO_MONEY),
    quantityMax: (BigInt(LIMITS.orderLotsMax) * instrument.unitsPerStandardLot) as Quantity,
    worstPrice: direction === 'LONG' ? add(mark.price, slack) : subtract(mark.price, slack),
    valuePrice: direction === 'LONG' ? add(mark.price, slack) : mark.price,
  };
}

function exposureByInstrument(
  book: ReadonlyBook,
  markOf: (id: InstrumentId) => Price | undefined,
): Map<InstrumentId, Money> {
  const exposures = new Map<InstrumentId, Money>();
  const count = (id: InstrumentId, value: Money): void =>
    void exposures.set(id, add(exposures.get(id) ?? NO_MONEY, value));
  for (const position of book.portfolio.positions.values()) {
    const mark = markOf(position.instrumentId);
    const held = absolute(position.quantity);
    count(
      position.instrumentId,
      mark === undefined ? absolute(position.cost) : notional(mark, held, 'up'),
    );
  }
  for (const record of book.liveOrders()) {
    if (record.order.role === 'ENTRY')
      count(record.order.instrumentId, remainingHold(record).notional);
  }
  return exposures;
}
