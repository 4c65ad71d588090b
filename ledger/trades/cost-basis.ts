/**
 * What was disposed of, what it had cost and what it brought: first in first out, or at the average
 * cost. Each strategy keeps its own lots, as it keeps its own positions. A fee raises the cost of what
 * is acquired and lowers the proceeds of what is disposed of; of a fill that does both, by quantity.
 *
 * A short is acquired by selling: its proceeds are of its opening, its cost is of its closing.
 */
import { utcDay } from '../../domain/clock.ts';
import type { ClientOrderId, FillId, InstrumentId, StrategyId } from '../../domain/ids.ts';
import type { Fill } from '../../domain/order.ts';
import { positionKey } from '../../domain/portfolio.ts';
import type { Direction } from '../../domain/signal.ts';
import {
  absolute,
  add,
  type Money,
  negate,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  proportion,
  type Quantity,
  smaller,
  subtract,
} from '../../domain/units.ts';
import { addTo, type CostMethod, type Lot, payInBase, type Taken, takeFrom } from './lots.ts';

export interface Disposal {
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly side: Direction;
  readonly quantity: Quantity;
  readonly proceeds: Money;
  readonly costBasis: Money;
  /** Within the cost and the proceeds, of both ends. */
  readonly fees: Money;
  /** Proceeds less cost. */
  readonly gain: Money;
  readonly method: CostMethod;
  /** Calendar days in UTC from the one to the other. */
  readonly termDays: number;
  readonly openedBy: { readonly orderId: ClientOrderId; readonly fillId: FillId };
  readonly closedBy: { readonly orderId: ClientOrderId; readonly fillId: FillId };
}

export class CostBasis {
  readonly #method: CostMethod;
  readonly #holdings = new Map<string, readonly Lot[]>();

  constructor(method: CostMethod) {
    this.#method = method;
  }

  /** Everything that is held, oldest first in each holding. */
  openLots(): readonly Lot[] {
    return [...this.#holdings.values()].flat();
  }

  /** Books a fill; returns what it disposed of, one for each lot that it took from. */
  book(fill: Fill): readonly Disposal[] {
    const key = positionKey(fill.instrumentId, fill.strategyId);
    const before = this.#holdings.get(key) ?? [];
    const { disposals, lots } = bookOn(before, fill, this.#method);
    const [only] = lots;
    // Used up to the last unit by a fee in base: what is left of its cost is lost, or won, with it.
    if (only?.quantity === NO_QUANTITY) {
      this.#holdings.delete(key);
      return only.cost === NO_MONEY
        ? disposals
        : [...disposals, remainder(only, fill, this.#method)];
    }
    if (only === undefined) this.#holdings.delete(key);
    else this.#holdings.set(key, lots);
    return disposals;
  }
}

interface Booked {
  readonly disposals: readonly Disposal[];
  readonly lots: readonly Lot[];
}

function bookOn(before: readonly Lot[], fill: Fill, method: CostMethod): Booked {
  const bought = fill.side === 'BUY';
  const held = before.reduce<Quantity>((total, lot) => add(total, lot.quantity), NO_QUANTITY);
  const opposes = held !== NO_QUANTITY && held > 0n !== bought;
  const closing = opposes ? smaller(absolute(held), fill.quantity) : NO_QUANTITY;
  const opening = subtract(fill.quantity, closing);
  const fee = feeOf(fill);
  const closingFee = proportion(fee, closing, fill.quantity, 'half-even');
  const { taken, left } = takeFrom(before, closing);
  const disposals = disposalsOf(taken, fill, closing, closingFee, method);
  const opened = lotOf(fill, opening, subtract(fee, closingFee));
  const lots = opening === NO_QUANTITY ? left : addTo(left, opened, method);
  return {
    disposals,
    lots: fill.feeInBase === undefined ? lots : payInBase(lots, fill.feeInBase, fee, opened),
  };
}

/** A fee in base counts what it was worth at the fill's price, as the position does. */
const feeOf = (fill: Fill): Money =>
  fill.feeInBase === undefined ? fill.fee : notional(fill.price, fill.feeInBase);

function lotOf(fill: Fill, quantity: Quantity, fees: Money): Lot {
  const worth = notional(fill.price, quantity);
  const bought = fill.side === 'BUY';
  return {
    instrumentId: fill.instrumentId,
    strategyId: fill.strategyId,
    quantity: bought ? quantity : negate(quantity),
    cost: add(bought ? worth : negate(worth), fees),
    fees,
    openedAtMs: fill.atMs,
    orderId: fill.orderId,
    fillId: fill.id,
  };
}

/** Worth and fee of the closing part are shared among the lots; the last gets what rounding left. */
function disposalsOf(
  taken: readonly Taken[],
  fill: Fill,
  closing: Quantity,
  closingFee: Money,
  method: CostMethod,
): readonly Disposal[] {
  let worthLeft = notional(fill.price, closing);
  let feeLeft = closingFee;
  let quantityLeft = closing;
  return taken.map((part) => {
    const worth = proportion(worthLeft, part.quantity, quantityLeft, 'half-even');
    const fee = proportion(feeLeft, part.quantity, quantityLeft, 'half-even');
    worthLeft = subtract(worthLeft, worth);
    feeLeft = subtract(feeLeft, fee);
    quantityLeft = subtract(quantityLeft, part.quantity);
    return disposal(part, fill, worth, fee, method);
  });
}

function disposal(
  { lot, quantity, cost, fees }: Taken,
  fill: Fill,
  worth: Money,
  fee: Money,
  method: CostMethod,
): Disposal {
  const long = lot.quantity > 0n;
  const proceeds = long ? subtract(worth, fee) : negate(cost);
  const costBasis = long ? cost : add(worth, fee);
  return {
    openedAtMs: lot.openedAtMs,
    closedAtMs: fill.atMs,
    instrumentId: fill.instrumentId,
    strategyId: fill.strategyId,
    side: long ? 'LONG' : 'SHORT',
    quantity,
    proceeds,
    costBasis,
    fees: add(fees, fee),
    gain: subtract(proceeds, costBasis),
    method,
    termDays: utcDay(fill.atMs) - utcDay(lot.openedAtMs),
    openedBy: { orderId: lot.orderId, fillId: lot.fillId },
    closedBy: { orderId: fill.orderId, fillId: fill.id },
  };
}

/** Of no quantity, so that every amount is accounted for. */
const remainder = (lot: Lot, fill: Fill, method: CostMethod): Disposal => ({
  ...disposal(
    { lot, quantity: NO_QUANTITY, cost: lot.cost, fees: lot.fees },
    fill,
    NO_MONEY,
    NO_MONEY,
    method,
  ),
  side: fill.side === 'BUY' ? 'LONG' : 'SHORT',
  proceeds: NO_MONEY,
  costBasis: lot.cost,
  gain: negate(lot.cost),
});
