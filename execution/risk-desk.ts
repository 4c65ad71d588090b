import type { Clock } from '../domain/clock.ts';
import { ONE } from '../domain/decimal.ts';
import { entrySide } from '../domain/entry-order.ts';
import { clientOrderId, type InstrumentId, strategyId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Direction } from '../domain/signal.ts';
import {
  basisPoints,
  larger,
  type Money,
  NO_MONEY,
  NO_QUANTITY,
  type Price,
  type Quantity,
  smaller,
  subtract,
} from '../domain/units.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import { worstPrice } from '../risk-kernel/command.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { Question } from '../risk-kernel/question.ts';
import type { Marks } from './marks.ts';
import { takeSnapshot } from './risk-snapshot.ts';

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
  readonly limits: LimitsInForce;
  readonly clock: Clock;
}

/**
 * Advice, not permission: the kernel judges the finished order again. It is measured on the kernel's own
 * picture and sums. Undefined while there is no price to size by.
 */
export function entryRoom(
  sources: RoomSources,
  id: InstrumentId,
  direction: Direction,
): EntryRoom | undefined {
  const instrument = sources.instruments.get(id);
  if (instrument === undefined) return undefined;
  const order = probe(id, direction);
  const nowMs = sources.clock.now();
  const picture = { ...sources, auditIntact: true, reconciled: true };
  const snapshot = takeSnapshot(picture, order, nowMs);
  if (snapshot.mark === null) return undefined;
  const question = new Question({ order, instrument, nowMs }, snapshot, sources.limits);
  const worst = worstPrice(order, question.mark);
  return {
    equity: snapshot.equity,
    riskBpsMax: question.limits.riskPerTradeBpsMax,
    notionalMax: larger(room(question), NO_MONEY),
    quantityMax: (BigInt(question.limits.orderLotsMax) *
      instrument.unitsPerStandardLot) as Quantity,
    worstPrice: worst,
    valuePrice: larger(worst, question.mark),
  };
}

/** What the narrowest of the value limits leaves. */
function room({ snapshot, limits, load, traffic }: Question): Money {
  const { equity } = snapshot;
  const beside = (bps: number, taken: Money): Money =>
    subtract(basisPoints(equity, bps, 'down'), taken);
  return [
    beside(limits.positionSizeBpsMax, load.inInstrument),
    beside(limits.assetClassExposureBpsMax, load.inAssetClass),
    beside(limits.grossExposureBpsMax, load.gross),
    beside(limits.turnoverPerHourBpsMax, traffic.turnover),
    subtract(equity, load.gross),
  ].reduce((least, left) => smaller(least, left), (BigInt(limits.orderNotionalMax) * ONE) as Money);
}

/** An entry without a size yet, to look at the account with. */
const probe = (instrumentId: InstrumentId, direction: Direction): Order => ({
  id: clientOrderId('PROBE'),
  instrumentId,
  strategyId: strategyId('probe'),
  role: 'ENTRY',
  side: entrySide(direction),
  type: 'MARKET',
  quantity: NO_QUANTITY,
  timeInForce: 'GTC',
  reduceOnly: false,
});
