import type { InstrumentId, StrategyId } from './ids.ts';
import type { Fill } from './order.ts';
import {
  absolute,
  add,
  averagePrice,
  type Money,
  negate,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  type Price,
  proportion,
  type Quantity,
  smaller,
  subtract,
} from './units.ts';

/** What one strategy holds of one instrument; quantity is signed, long above zero. */
export interface Position {
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly quantity: Quantity;
  /** What the open quantity cost, signed like the quantity, without fees. */
  readonly cost: Money;
  /** Result of the closed part since the position was last flat, net of every fee paid meanwhile. */
  readonly realised: Money;
  readonly openedAtMs: number;
}

export const flatPosition = (
  instrumentId: InstrumentId,
  strategyId: StrategyId,
  atMs: number,
): Position => ({
  instrumentId,
  strategyId,
  quantity: NO_QUANTITY,
  cost: NO_MONEY,
  realised: NO_MONEY,
  openedAtMs: atMs,
});

/** What a fill does to cash: buying spends, selling receives, a fee in quote is paid at once. */
export function cashFlow(fill: Fill): Money {
  const value = notional(fill.price, fill.quantity);
  const gross = fill.side === 'BUY' ? negate(value) : value;
  return fill.feeInBase === undefined ? subtract(gross, fill.fee) : gross;
}

/**
 * Books one fill. A fill against the position closes pro rata first; what is left over opens the
 * other way (a flip). A fee paid in base leaves the position with less than was bought, which is a
 * realised loss of its worth at the fill's price.
 */
export function applyFill(position: Position, fill: Fill): Position {
  const bought = fill.side === 'BUY';
  const signed = bought ? fill.quantity : negate(fill.quantity);
  const opposes = position.quantity !== 0n && position.quantity > 0n !== bought;
  const closing = opposes ? smaller(absolute(position.quantity), fill.quantity) : NO_QUANTITY;
  const opening = subtract(fill.quantity, closing);
  const openingCost = notional(fill.price, opening);
  // What closes is worth what is left of the whole, so that rounding the two parts loses nothing.
  const worth = subtract(notional(fill.price, fill.quantity), openingCost);
  const closed = closeQuantity(position, closing, worth);
  const filled: Position = {
    ...closed,
    quantity: add(position.quantity, signed),
    cost: add(closed.cost, bought ? openingCost : negate(openingCost)),
    openedAtMs:
      position.quantity === 0n || (opening > 0n && opposes) ? fill.atMs : position.openedAtMs,
  };
  return writeOff(payFee(filled, fill));
}

/** Where nothing is left no cost may be: a fee in base can take the last of it at another price. */
function writeOff(position: Position): Position {
  if (position.quantity !== 0n) return position;
  const { cost, realised } = position;
  return { ...position, cost: NO_MONEY, realised: subtract(realised, cost) };
}

function closeQuantity(position: Position, closing: Quantity, worth: Money): Position {
  if (closing === 0n) return position;
  const released = proportion(position.cost, closing, absolute(position.quantity), 'half-even');
  const proceeds = position.quantity > 0n ? worth : negate(worth);
  return {
    ...position,
    cost: subtract(position.cost, released),
    realised: add(position.realised, subtract(proceeds, released)),
  };
}

function payFee(position: Position, fill: Fill): Position {
  if (fill.feeInBase === undefined) {
    return { ...position, realised: subtract(position.realised, fill.fee) };
  }
  const worth = notional(fill.price, fill.feeInBase);
  return {
    ...position,
    quantity: subtract(position.quantity, fill.feeInBase),
    cost: subtract(position.cost, worth),
    realised: subtract(position.realised, worth),
  };
}

export const entryPrice = (position: Position): Price =>
  averagePrice(absolute(position.cost), absolute(position.quantity));

/** What the position is worth at a price; negative for a short. */
export const marketValue = (position: Position, mark: Price): Money =>
  position.quantity >= 0n
    ? notional(mark, position.quantity)
    : negate(notional(mark, absolute(position.quantity)));

export const unrealised = (position: Position, mark: Price): Money =>
  subtract(marketValue(position, mark), position.cost);
