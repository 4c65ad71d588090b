/**
 * When a resting order trades, at which price and how much of it. It ignores who else is in the book,
 * what our orders do to it, and the path inside a bar.
 */
import type { Clock } from '../domain/clock.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { namedRandom } from '../domain/random.ts';
import {
  add,
  basisPoints,
  larger,
  type Money,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  type Price,
  type Quantity,
  smaller,
  subtract,
} from '../domain/units.ts';
import type { Account } from './account.ts';
import { wouldTake } from './admission.ts';
import { type Costs, takenAt } from './costs.ts';
import { Offer } from './liquidity.ts';
import type { Models } from './models.ts';
import type { OrderRegister } from './order-register.ts';
import type { Reports } from './reports.ts';
import {
  isAtOnce,
  isReached,
  isTouched,
  isTradedThrough,
  type RestingOrder,
} from './resting-order.ts';

export const NOTHING_TO_REDUCE = 'there is nothing left to reduce';

/** One instrument as it trades here. */
export interface Market {
  readonly instrument: Instrument;
  readonly costs: Costs;
  /** The price traded last. */
  last: Price | undefined;
}

export interface MatchingParts {
  readonly clock: Clock;
  readonly seed: number;
  readonly models: Models;
  readonly register: OrderRegister;
  readonly account: Account;
  readonly reports: Reports;
}

export class Matching {
  readonly #parts: MatchingParts;

  constructor(parts: MatchingParts) {
    this.#parts = parts;
  }

  /** One traded price: a tick, or the open or close of a bar. */
  print(market: Market, at: Price): void {
    const resting = this.#parts.register.inInstrument(market.instrument.id);
    if (resting.size === 0) return;
    const offer = this.#offer(market);
    for (const order of resting) {
      if (this.#hasArrived(order, market)) this.#meet(order, market, at, offer);
    }
  }

  /**
   * The rest of a bar, of which only the extremes are known: every stop it touched fills before any
   * target does, because the bar cannot say which came first and the worse guess is the honest one.
   */
  range(market: Market, low: Price, high: Price): void {
    const orders = this.#parts.register.inInstrument(market.instrument.id);
    if (orders.size === 0) return;
    const offer = this.#offer(market);
    const touched = new Set<RestingOrder>();
    for (const resting of orders) {
      const { stopPrice } = resting.order;
      if (stopPrice === undefined || resting.triggered || !this.#hasArrived(resting, market))
        continue;
      if (!isTouched(resting.order, low, high)) continue;
      touched.add(resting);
      this.#trigger(resting, market, traded(stopPrice, low, high), offer);
    }
    for (const resting of orders) {
      // The better extreme may have come before the one that touched it.
      if (touched.has(resting) || isAtOnce(resting.order) || !isLimited(resting)) continue;
      if (this.#hasArrived(resting, market)) this.#make(resting, market, low, high, offer);
    }
  }

  #meet(resting: RestingOrder, market: Market, at: Price, offer: Offer): void {
    const { order, triggered } = resting;
    if (order.stopPrice !== undefined && !triggered) {
      if (isTouched(order, at, at)) this.#trigger(resting, market, at, offer);
    } else if (isLimited(resting)) this.#make(resting, market, at, at, offer);
    else this.#take(resting, market, at, offer);
    if (isAtOnce(order) && resting.status === 'OPEN') {
      const because = `no more was to be had at once, and it was ${order.timeInForce}`;
      this.#parts.register.end(resting, 'EXPIRED', because);
    }
  }

  #trigger(resting: RestingOrder, market: Market, at: Price, offer: Offer): void {
    resting.triggered = true;
    const { order } = resting;
    if (order.type === 'STOP' || isReached(order, at, at)) this.#take(resting, market, at, offer);
  }

  /** Trades with whoever is there: half the spread and a slip worse, never beyond its limit. */
  #take(resting: RestingOrder, market: Market, at: Price, offer: Offer): void {
    const { id, side, limitPrice } = resting.order;
    const slip = namedRandom(this.#parts.seed, id).next();
    const taken = takenAt(side, at, market.costs, slip, market.instrument);
    const price = limitPrice === undefined ? taken : noWorse(side, taken, limitPrice);
    this.#execute(resting, market, price, offer, NO_MONEY);
  }

  /** Trades at its limit, or better at a gap, once those ahead of it were served. */
  #make(resting: RestingOrder, market: Market, low: Price, high: Price, offer: Offer): void {
    const { order } = resting;
    if (order.limitPrice === undefined || !isReached(order, low, high)) return;
    const ahead = isTradedThrough(order, low, high) ? NO_MONEY : resting.queueAhead;
    if (ahead > NO_MONEY) {
      resting.queueAhead = larger(NO_MONEY, subtract(ahead, offer.left(order.side)));
    }
    this.#execute(resting, market, traded(order.limitPrice, low, high), offer, ahead);
  }

  #execute(resting: RestingOrder, market: Market, at: Price, offer: Offer, ahead: Money): void {
    const { order, left } = resting;
    const { instrument, costs } = market;
    const wanted = this.#allowed(resting);
    // Only what was restored beside a position that is gone comes so far.
    if (wanted === NO_QUANTITY) {
      return this.#parts.register.end(resting, 'CANCELED', NOTHING_TO_REDUCE);
    }
    const size = offer.available(order.side, at, wanted, instrument.lot, ahead);
    if (size === NO_QUANTITY || (order.timeInForce === 'FOK' && size < left)) return;
    const value = notional(at, size);
    offer.take(order.side, value);
    this.#fill(resting, instrument, at, size, basisPoints(value, costs.feeBps, 'up'));
  }

  #fill(
    resting: RestingOrder,
    { lot }: Instrument,
    price: Price,
    quantity: Quantity,
    fee: Money,
  ): void {
    const { clock, account, reports, register } = this.#parts;
    const { id: clientId, instrumentId, side } = resting.order;
    const fillId = resting.nextFillId(lot);
    const atMs = clock.now();
    // One object for the report and the record: there are many of them.
    const fill = {
      kind: 'FILL' as const,
      fillId,
      clientId,
      instrumentId,
      side,
      quantity,
      price,
      fee,
      atMs,
    };
    resting.filled = add(resting.filled, quantity);
    account.book(fill);
    reports.add(fill);
    if (resting.left === NO_QUANTITY) register.complete(resting);
    this.#cancelGroup(resting);
    this.#cancelIdle(instrumentId);
  }

  #cancelGroup({ order }: RestingOrder): void {
    const { register } = this.#parts;
    for (const other of register.inGroup(order.ocoGroupId)) {
      if (other.order.id !== order.id) register.end(other, 'CANCELED', `${order.id} filled first`);
    }
  }

  /** What may only reduce and has nothing left to reduce would open a position if it stayed. */
  #cancelIdle(instrumentId: InstrumentId): void {
    const { register } = this.#parts;
    for (const resting of register.inInstrument(instrumentId)) {
      if (this.#allowed(resting) > NO_QUANTITY) continue;
      register.end(resting, 'CANCELED', NOTHING_TO_REDUCE);
    }
  }

  /** All that is left of it, or of the position it may only reduce. */
  #allowed({ order, left }: RestingOrder): Quantity {
    if (!order.reduceOnly) return left;
    return smaller(left, this.#parts.account.reducible(order.instrumentId, order.side));
  }

  /** An order that was still on its way stands before the price that is there when it arrives. */
  #hasArrived(resting: RestingOrder, { instrument, costs, last }: Market): boolean {
    if (resting.arrived) return true;
    const { clock, register } = this.#parts;
    if (clock.now() < resting.arrivesAtMs) return false;
    resting.arrived = true;
    const takes = wouldTake(resting.order, last, costs, instrument);
    if (takes !== undefined) register.end(resting, 'REJECTED', takes);
    return takes === undefined;
  }

  #offer({ instrument: { id, assetClass } }: Market): Offer {
    const { clock, seed, models } = this.#parts;
    return new Offer(models.depth[assetClass], seed, id, clock.now());
  }
}

/** Trades at its limit: a limit from the start, a stop-limit once it was touched. */
const isLimited = ({ order, triggered }: RestingOrder): boolean =>
  order.type === 'LIMIT' || (order.type === 'STOP_LIMIT' && triggered);

/** A price nobody traded at fills nothing: a level outside the range counts as its nearer end. */
const traded = (level: Price, low: Price, high: Price): Price => larger(low, smaller(level, high));

const noWorse = (side: Order['side'], at: Price, limit: Price): Price =>
  side === 'BUY' ? smaller(at, limit) : larger(at, limit);
