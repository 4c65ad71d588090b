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
 * The worst an entry may become, fees and gaps aside: its largest value (a sale is worth most at the
 * mark, a purchase at its worst price) and its loss from the worst fill to the stop. Without a stop the
 * whole value is at risk.
 */
export function worstCase(order: Order, mark: Price): WorstCase {
  const worst = worstPrice(order, mark);
  const value = notional(larger(worst, mark), order.quantity, 'up');
  const stop = order.protectiveStop;
  if (stop === undefined) return { price: worst, notional: value, risk: value };
  const distance = order.side === 'BUY' ? subtract(worst, stop) : subtract(stop, worst);
  return { price: worst, notional: value, risk: notional(distance, order.quantity, 'up') };
}

const NOTHING: Hold = Object.freeze({ notional: NO_MONEY, risk: NO_MONEY });

/** What must stay reserved while a cleared order may fill; an exit reserves nothing. */
export const holdOf = (order: Order, mark: Price | undefined): Hold =>
  order.reduceOnly || mark === undefined ? NOTHING : worstCase(order, mark);
