import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import {
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
import { LIMITS } from './limits.ts';

/** What is asked of the kernel: this exact order, now. */
export interface Command {
  readonly order: Order;
  readonly instrument: Instrument;
  readonly nowMs: number;
}

/**
 * The price an entry is expected to fill at: its limit, its trigger, or the mark. A trigger that the
 * market has passed already fills at the mark.
 */
export const expectedPrice = (order: Order, mark: Price): Price =>
  order.limitPrice ?? atTrigger(order, mark);

/** Where an order without a limit begins to trade. */
function atTrigger({ side, stopPrice }: Order, mark: Price): Price {
  if (stopPrice === undefined) return mark;
  return side === 'BUY' ? larger(mark, stopPrice) : smaller(mark, stopPrice);
}

/**
 * The worst price an entry may fill at: its limit, or the far bound of the collar around the mark or
 * the trigger, whichever is worse. The collar is the constant even where a tighter one is in force:
 * nearer bounds would make the order look smaller, and being more careful must never clear more.
 */
export function worstPrice(order: Order, mark: Price): Price {
  if (order.limitPrice !== undefined) return order.limitPrice;
  const from = atTrigger(order, mark);
  const slack = basisPoints(from, LIMITS.priceCollarBpsMax, 'up');
  return order.side === 'BUY' ? add(from, slack) : subtract(from, slack);
}

/** What an order may come to cost: reserved from the moment it is cleared until it cannot fill any more. */
export interface Hold {
  readonly notional: Money;
  readonly risk: Money;
}

/** A hold and the price it is reckoned at. */
export interface WorstCase extends Hold {
  readonly price: Price;
}

/**
 * The worst an entry itself may become, fees and gaps aside: its largest value (a sale is worth most at
 * the mark, a purchase at its worst price) and its loss from the worst fill to the stop. Without a stop
 * the whole value is at risk. Its planned adds are not in it.
 */
export const ownWorstCase = (order: Order, mark: Price): WorstCase =>
  filledAt(worstPrice(order, mark), order.quantity, order, mark);

function filledAt(worst: Price, size: Quantity, order: Order, mark: Price): WorstCase {
  const { side, protectiveStop: stop } = order;
  const value = notional(larger(worst, mark), size, 'up');
  if (stop === undefined) return { price: worst, notional: value, risk: value };
  const distance = side === 'BUY' ? subtract(worst, stop) : subtract(stop, worst);
  return { price: worst, notional: value, risk: notional(distance, size, 'up') };
}

/** An entry's own worst case with that of every add planned with it: a review of the one is of all. */
export function withAdds(own: WorstCase, order: Order, mark: Price): WorstCase {
  const adds = order.management?.adds;
  if (adds === undefined) return own;
  return adds.reduce((sum, { price, quantity }) => {
    const step = filledAt(price, quantity, order, mark);
    return {
      price: own.price,
      notional: add(sum.notional, step.notional),
      risk: add(sum.risk, step.risk),
    };
  }, own);
}

/** The worst that an entry may become together with its planned adds. */
export const worstCase = (order: Order, mark: Price): WorstCase =>
  withAdds(ownWorstCase(order, mark), order, mark);

/** What an entry may come to hold, its planned adds included. */
export function fullQuantity(order: Order): Quantity {
  const adds = order.management?.adds;
  if (adds === undefined) return order.quantity;
  return adds.reduce((sum, { quantity }) => add(sum, quantity), order.quantity);
}

const NOTHING: Hold = Object.freeze({ notional: NO_MONEY, risk: NO_MONEY });

/**
 * What must stay reserved while a cleared order may fill; an exit reserves nothing. The planned adds of
 * an entry are reserved apart from it, each until it is sent and has a hold of its own.
 */
export const holdOf = (order: Order, mark: Price | undefined): Hold =>
  order.reduceOnly || mark === undefined ? NOTHING : ownWorstCase(order, mark);
