import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import {
  add,
  basisPoints,
  larger,
  type Money,
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

/** The price an entry is expected to fill at: its limit, its trigger, or the mark. */
export const expectedPrice = (order: Order, mark: Price): Price =>
  order.limitPrice ?? order.stopPrice ?? mark;

/**
 * The worst price an entry may fill at: its limit, or the far bound of the collar around the mark or
 * the trigger, whichever is worse.
 */
export function worstPrice(order: Order, mark: Price): Price {
  if (order.limitPrice !== undefined) return order.limitPrice;
  const trigger = order.stopPrice ?? mark;
  const from = order.side === 'BUY' ? larger(mark, trigger) : smaller(mark, trigger);
  const slack = basisPoints(from, LIMITS.priceCollarBpsMax, 'up');
  return order.side === 'BUY' ? add(from, slack) : subtract(from, slack);
}

/**
 * The largest value an entry may take on: a sale is worth most at the mark, a purchase at its worst.
 */
export function worstNotional(order: Order, mark: Price): Money {
  const worst = worstPrice(order, mark);
  return notional(worst > mark ? worst : mark, order.quantity, 'up');
}

/** What an entry would lose between its worst fill and its stop, fees and gaps aside. */
export function worstRisk(order: Order, stop: Price, mark: Price): Money {
  const worst = worstPrice(order, mark);
  const distance = order.side === 'BUY' ? subtract(worst, stop) : subtract(stop, worst);
  return notional(distance, order.quantity, 'up');
}
