/** What the exchange refuses at its door, as sentences. */
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { NO_QUANTITY, notional, type Price, text } from '../domain/units.ts';
import { type Costs, quoted } from './costs.ts';
import { isAtOnce } from './resting-order.ts';

/** A request that was signed longer ago is not looked at. */
export const ACCEPTANCE_WINDOW_MS = 5_000;
/** Nor is one from the future, by more than a clock may run ahead. */
const CLOCK_AHEAD_MS_MAX = 1_000;

export function tooOldOrNew(signedAtMs: number, nowMs: number): string | undefined {
  const ageMs = nowMs - signedAtMs;
  if (!(ageMs <= ACCEPTANCE_WINDOW_MS)) {
    return `the request was signed ${ageMs} ms ago on the venue’s clock; ${ACCEPTANCE_WINDOW_MS} ms is the most`;
  }
  if (ageMs < -CLOCK_AHEAD_MS_MAX) {
    return `the request was signed ${-ageMs} ms ahead of the venue’s clock; ${CLOCK_AHEAD_MS_MAX} ms is the most`;
  }
  return undefined;
}

/** What is wrong with the order itself; `last` is the price traded last, if there was one. */
export const unfit = (
  order: Order,
  instrument: Instrument,
  last: Price | undefined,
): string | undefined =>
  contradictory(order) ?? offStep(order, instrument) ?? tooSmall(order, instrument, last);

function contradictory(order: Order): string | undefined {
  const { type, timeInForce, limitPrice, stopPrice } = order;
  const limited = type === 'LIMIT' || type === 'STOP_LIMIT';
  const stopped = type === 'STOP' || type === 'STOP_LIMIT';
  if (limited !== (limitPrice !== undefined)) {
    return `a ${type} order ${limited ? 'needs a' : 'takes no'} limit price`;
  }
  if (stopped !== (stopPrice !== undefined)) {
    return `a ${type} order ${stopped ? 'needs a' : 'takes no'} stop price`;
  }
  if (stopped && isAtOnce(order)) return `a ${type} order waits, so it can not be ${timeInForce}`;
  if (order.postOnly !== true) return undefined;
  if (type !== 'LIMIT') return `a ${type} order can not be post-only`;
  return isAtOnce(order) ? `an order that is ${timeInForce} can not be post-only` : undefined;
}

function offStep(order: Order, { tick, lot }: Instrument): string | undefined {
  const { quantity } = order;
  if (quantity <= NO_QUANTITY) return `a quantity of ${text(quantity)} is not above zero`;
  if (quantity % lot !== 0n) {
    return `a quantity of ${text(quantity)} is not a multiple of the lot of ${text(lot)}`;
  }
  for (const price of [order.limitPrice, order.stopPrice]) {
    if (price === undefined) continue;
    if (price <= 0n) return `a price of ${text(price)} is not above zero`;
    if (price % tick !== 0n) {
      return `a price of ${text(price)} is not a multiple of the tick of ${text(tick)}`;
    }
  }
  return undefined;
}

/** What is left of a position may be worth less than the minimum and must still find a way out. */
function tooSmall(
  order: Order,
  { minNotional }: Instrument,
  last: Price | undefined,
): string | undefined {
  const at = order.limitPrice ?? order.stopPrice ?? last;
  if (order.reduceOnly || at === undefined) return undefined;
  const value = notional(at, order.quantity);
  return value < minNotional
    ? `an order worth ${text(value)} is below the minimum of ${text(minNotional)}`
    : undefined;
}

/** A post-only order that would trade at once is not what its sender wanted. */
export function wouldTake(
  { postOnly, side, limitPrice }: Order,
  last: Price | undefined,
  costs: Costs,
  instrument: Instrument,
): string | undefined {
  if (postOnly !== true || limitPrice === undefined || last === undefined) return undefined;
  const far = quoted(side, last, costs, instrument);
  const takes = side === 'BUY' ? limitPrice >= far : limitPrice <= far;
  return takes
    ? `a post-only order at ${text(limitPrice)} would trade at once with ${text(far)}`
    : undefined;
}
