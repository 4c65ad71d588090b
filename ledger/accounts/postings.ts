/**
 * What an event moves between the accounts; pure. Costs and results are worked out here from the fill
 * alone, not taken from the portfolio, so that the two can be held against each other.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type { Fill } from '../../domain/order.ts';
import { isLive, type OrderRecord, remainingHold } from '../../domain/order-record.ts';
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
import { type About, move, type Transfer } from './account.ts';

/** What one strategy has in one instrument, both signed, long above zero. */
export interface Stake {
  readonly quantity: Quantity;
  readonly cost: Money;
}

export const NO_STAKE: Stake = { quantity: NO_QUANTITY, cost: NO_MONEY };

export interface FillPosting {
  readonly stake: Stake;
  readonly transfers: readonly Transfer[];
}

/** The cash that was there at the first start. */
export const postOpening = (currency: string, cash: Money, seq: number): readonly Transfer[] =>
  move({ currency, phase: null, subject: null, seq }, 'EXTERNAL', 'AVAILABLE', cash);

/** What is reserved for an order at this moment of its life. */
export const heldFor = (record: OrderRecord | undefined): Money =>
  record !== undefined && isLive(record) ? remainingHold(record).notional : NO_MONEY;

/**
 * The difference between what an order held and what it holds now. A fill posts its part and the end of
 * the order voids the rest; an order that comes back to life reserves again. An overfill or a fill after
 * the end finds nothing held, and moves nothing here.
 */
export const postHold = (
  about: Omit<About, 'phase'>,
  change: Money,
  released: 'POSTED' | 'VOIDED',
): readonly Transfer[] =>
  move({ ...about, phase: change > 0n ? 'PENDING' : released }, 'AVAILABLE', 'HELD', change);

/**
 * Books one fill. What opens is worth its cost; what closes gives its share of the cost back, and what
 * the market paid beyond that is the result. The result takes what rounding leaves between the parts and
 * the whole, so the cash that moves is always that of the whole fill.
 */
export function postFill(
  before: Stake,
  fill: Fill,
  { base, quote }: Instrument,
  seq: number,
): FillPosting {
  const signed = <T extends Money | Quantity>(amount: T): T =>
    fill.side === 'BUY' ? amount : (negate(amount) as T);
  const closing = closingPart(before, fill);
  const paid = signed(notional(fill.price, fill.quantity));
  const opened = signed(notional(fill.price, subtract(fill.quantity, closing)));
  const released =
    closing === 0n
      ? NO_MONEY
      : proportion(before.cost, closing, absolute(before.quantity), 'half-even');
  const result = subtract(subtract(opened, paid), released);
  const value: About = { currency: quote, phase: null, subject: fill.id, seq };
  const units: About = { ...value, currency: base };
  const filled: FillPosting = {
    stake: {
      quantity: add(before.quantity, signed(fill.quantity)),
      cost: add(subtract(before.cost, released), opened),
    },
    transfers: [
      ...move(units, 'EXTERNAL', 'IN_POSITION', inUnits(signed(fill.quantity))),
      ...move(value, 'IN_POSITION', 'AVAILABLE', released),
      ...move(value, 'REALISED', 'AVAILABLE', result),
      ...move(value, 'AVAILABLE', 'IN_POSITION', opened),
    ],
  };
  return writtenOff(withFee(filled, fill, value, units), value);
}

function closingPart({ quantity }: Stake, fill: Fill): Quantity {
  const opposes = quantity !== 0n && quantity > 0n !== (fill.side === 'BUY');
  return opposes ? smaller(absolute(quantity), fill.quantity) : NO_QUANTITY;
}

/**
 * A fee in base is paid out of the position: units leave it, and their worth at the fill's price. Where
 * the venue counts the fee as more or less than that, the difference is a result, not a fee.
 */
function withFee(
  { stake, transfers }: FillPosting,
  fill: Fill,
  value: About,
  units: About,
): FillPosting {
  const { fee, feeInBase } = fill;
  if (feeInBase === undefined)
    return { stake, transfers: [...transfers, ...move(value, 'AVAILABLE', 'FEES', fee)] };
  const worth = notional(fill.price, feeInBase);
  return {
    stake: { quantity: subtract(stake.quantity, feeInBase), cost: subtract(stake.cost, worth) },
    transfers: [
      ...transfers,
      ...move(units, 'IN_POSITION', 'FEES', inUnits(feeInBase)),
      ...move(value, 'IN_POSITION', 'FEES', worth),
      ...move(value, 'REALISED', 'FEES', subtract(fee, worth)),
    ],
  };
}

/** Where no units are left no cost may be: a fee in base can take the last of a position at a price that was not its cost. */
function writtenOff({ stake, transfers }: FillPosting, value: About): FillPosting {
  if (stake.quantity !== 0n) return { stake, transfers };
  const rest = move(value, 'IN_POSITION', 'REALISED', stake.cost);
  return { stake: NO_STAKE, transfers: [...transfers, ...rest] };
}

/** Units of a base are an amount of that currency. */
export const inUnits = (quantity: Quantity): Money => quantity as bigint as Money;
