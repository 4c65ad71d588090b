import type { FillId, VenueOrderId } from '../domain/ids.ts';
import { fillId, venueOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import {
  type Money,
  NO_MONEY,
  NO_QUANTITY,
  type Price,
  type Quantity,
  subtract,
} from '../domain/units.ts';
import type { VenueOrder, VenueOrderStatus } from '../execution/venue.ts';

/** An order at the exchange, from its acceptance on. */
export class RestingOrder {
  readonly order: Order;
  readonly venueOrderId: VenueOrderId;
  readonly createdAtMs: number;
  readonly arrivesAtMs: number;
  /** How many orders with this client's id there were, this one included. */
  readonly use: number;
  arrived = false;
  filled: Quantity = NO_QUANTITY;
  status: VenueOrderStatus = 'OPEN';
  because: string | null = null;
  endedAtMs = Number.POSITIVE_INFINITY;
  /** A stop that the market has touched. */
  triggered = false;
  /** What must trade at its price before it does. */
  queueAhead: Money = NO_MONEY;

  constructor(
    order: Order,
    use: number,
    createdAtMs: number,
    arrivesAtMs: number,
    known: VenueOrderId | null = null,
  ) {
    this.order = order;
    this.use = use;
    this.createdAtMs = createdAtMs;
    this.arrivesAtMs = arrivesAtMs;
    this.venueOrderId = known ?? venueOrderId(`sim-${this.#name}`);
  }

  get left(): Quantity {
    return subtract(this.order.quantity, this.filled);
  }

  /** Named by the first lot it fills, so that no two are the same even when the process is begun anew. */
  nextFillId(lot: Quantity): FillId {
    return fillId(`${this.#name}-${this.filled / lot + 1n}`);
  }

  endWith(status: VenueOrderStatus, because: string | null, atMs: number): void {
    this.status = status;
    this.because = because;
    this.endedAtMs = atMs;
  }

  told(): VenueOrder {
    const { id: clientId, instrumentId, side, type, quantity } = this.order;
    const { venueOrderId, filled, status, because, createdAtMs } = this;
    return {
      venueOrderId,
      clientId,
      instrumentId,
      side,
      type,
      quantity,
      filled,
      status,
      because,
      createdAtMs,
    };
  }

  /** A client may use its id again once the order is over. */
  get #name(): string {
    return this.use === 1 ? this.order.id : `${this.order.id}.${this.use}`;
  }
}

/** Has the market touched the trigger anywhere between these prices? */
export function isTouched({ side, stopPrice }: Order, low: Price, high: Price): boolean {
  if (stopPrice === undefined) return false;
  return side === 'SELL' ? low <= stopPrice : high >= stopPrice;
}

/** Has it traded at the limit, or beyond? */
export function isReached({ side, limitPrice }: Order, low: Price, high: Price): boolean {
  if (limitPrice === undefined) return false;
  return side === 'BUY' ? low <= limitPrice : high >= limitPrice;
}

/** Has it traded beyond the limit, so that nobody who stood in line there is left? */
export function isTradedThrough({ side, limitPrice }: Order, low: Price, high: Price): boolean {
  if (limitPrice === undefined) return false;
  return side === 'BUY' ? low < limitPrice : high > limitPrice;
}

export const isAtOnce = ({ timeInForce }: Order): boolean =>
  timeInForce === 'IOC' || timeInForce === 'FOK';
