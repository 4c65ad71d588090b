/** What an entry's planned levels add to the checks of its size and its prices. */
import { divideRounded } from '../../domain/decimal.ts';
import type { Level } from '../../domain/management.ts';
import type { Order } from '../../domain/order.ts';
import {
  larger,
  type Money,
  notional,
  type Price,
  proportion,
  type Quantity,
  smaller,
  subtract,
} from '../../domain/units.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';

const NONE: readonly Level[] = [];

const partsOf = ({ management }: Order): readonly Level[] => management?.partialTargets ?? NONE;
const addsOf = ({ management }: Order): readonly Level[] => management?.adds ?? NONE;

/** A quantity that the order names and that is no multiple of the lot. */
export function firstOffLot(order: Order, lot: Quantity): Quantity | undefined {
  if (order.quantity % lot !== 0n) return order.quantity;
  if (order.management === undefined) return undefined;
  const isOff = ({ quantity }: Level): boolean => quantity % lot !== 0n;
  return (partsOf(order).find(isOff) ?? addsOf(order).find(isOff))?.quantity;
}

/** A planned price that is no multiple of the tick. */
export function firstLevelOffTick(order: Order, tick: Price): Price | undefined {
  if (order.management === undefined) return undefined;
  const isOff = ({ price }: Level): boolean => price % tick !== 0n;
  return (partsOf(order).find(isOff) ?? addsOf(order).find(isOff))?.price;
}

/**
 * What the smallest order is worth that has to reach the venue: a position taken off in parts is guarded
 * in parts too, and one too small for the venue would go without its stop.
 */
export function leastPart({ order, own, mark }: Question): Money {
  if (order.management === undefined) return own.notional;
  const parts = partsOf(order).map(({ quantity }) => quantity);
  const rest = parts.reduce((left, part) => subtract(left, part), order.quantity);
  const slices = [rest, ...parts].map((part) =>
    proportion(own.notional, part, order.quantity, 'down'),
  );
  const adds = addsOf(order).map(({ price, quantity }) =>
    notional(smaller(price, mark), quantity, 'down'),
  );
  return [...slices, ...adds].reduce((least, value) => smaller(least, value), own.notional);
}

/** The nearest add lies behind the price of the entry and behind the mark, or it would fill at once. */
export function checkAdds({ order, mark }: Question, entry: Price, findings: Findings): boolean {
  const nearest = addsOf(order)[0];
  if (nearest === undefined) return true;
  const long = order.side === 'BUY';
  const bound = long ? smaller(entry, mark) : larger(entry, mark);
  const isBehind = long ? nearest.price < bound : nearest.price > bound;
  return findings.holds('COMMAND_MALFORMED', isBehind, nearest.price, bound);
}

/** The nearest partial target; the others lie between it and the target. */
export const nearestTarget = (order: Order): Price | undefined =>
  partsOf(order)[0]?.price ?? order.target;

/** What is won for each one lost, in thousandths: the mean of every target, weighed by what it takes off. */
export function rewardRiskMilli(order: Order, entry: Price, stop: Price): number {
  const { side, target = entry, quantity } = order;
  const risk = distance(side, stop, entry);
  if (order.management === undefined)
    return Number(divideRounded(distance(side, entry, target) * 1_000n, risk, 'down'));
  let rest: bigint = quantity;
  let reward = 0n;
  for (const part of partsOf(order)) {
    reward += distance(side, entry, part.price) * part.quantity;
    rest -= part.quantity;
  }
  reward += distance(side, entry, target) * rest;
  return Number(divideRounded(reward * 1_000n, risk * quantity, 'down'));
}

/** How far from the worse price to the better one, for who holds this side. */
const distance = (side: Order['side'], worse: Price, better: Price): Price =>
  side === 'BUY' ? subtract(better, worse) : subtract(worse, better);
