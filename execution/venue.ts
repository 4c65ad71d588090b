/** The port to whoever matches orders. Only the execution engine's link holds one. */
import type { ClientOrderId, FillId, InstrumentId, VenueOrderId } from '../domain/ids.ts';
import type { OrderType, Side, TimeInForce } from '../domain/order.ts';
import type { Money, Price, Quantity } from '../domain/units.ts';
import type { ClearedOrder } from '../risk-kernel/review.ts';

export interface VenueCapabilities {
  readonly orderTypes: readonly OrderType[];
  readonly timesInForce: readonly TimeInForce[];
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
  /** Orders of one group: a fill of one cancels the rest at the venue. */
  readonly oco: boolean;
  /**
   * A request that arrives so long after it was signed is refused. What was sent longer ago than this,
   * on the venue's clock, can not land any more.
   */
  readonly acceptanceWindowMs: number;
  /** Requests of every kind that the venue answers in a minute. */
  readonly requestsPerMinute: number;
}

/**
 * REJECTED is definitive: the order does not exist and never will. UNKNOWN means nobody can say yet; it
 * is never treated as a refusal and never sent again. An error nobody has classified is UNKNOWN.
 */
export type SubmitOutcome =
  | { readonly kind: 'ACCEPTED'; readonly venueOrderId: VenueOrderId }
  | {
      readonly kind: 'REJECTED';
      readonly because: string;
      /** The order was not looked at: a new one may be tried after so long. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'UNKNOWN'; readonly because: string };

export type CancelOutcome =
  /** The venue will say so with a report. */
  | { readonly kind: 'ACCEPTED' }
  /** It knows no such open order: filled, gone, or forgotten for now. */
  | { readonly kind: 'NOT_FOUND' }
  /** It rests as before. */
  | { readonly kind: 'REFUSED'; readonly because: string }
  | { readonly kind: 'UNKNOWN'; readonly because: string };

export type VenueOrderStatus = 'OPEN' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'REJECTED';

/** An order as the venue tells it when asked. */
export interface VenueOrder {
  readonly venueOrderId: VenueOrderId;
  /** The client's id as it was sent; another client's need not be one of ours. */
  readonly clientId: string;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Quantity;
  readonly filled: Quantity;
  readonly status: VenueOrderStatus;
  readonly because: string | null;
  /** On the venue's clock. */
  readonly createdAtMs: number;
}

export interface VenueFill {
  /** Unique at the venue. */
  readonly fillId: FillId;
  readonly clientId: string;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Money;
  readonly feeInBase?: Quantity;
  /** On the venue's clock. */
  readonly atMs: number;
}

export interface VenueBalances {
  readonly currency: string;
  readonly cash: Money;
  /** Signed, long above zero; flat instruments may be absent. */
  readonly positions: ReadonlyMap<InstrumentId, Quantity>;
}

/** What the venue says of orders on its own account. */
export type VenueReport =
  | ({ readonly kind: 'FILL' } & VenueFill)
  | { readonly kind: 'ACCEPTED'; readonly clientId: string; readonly venueOrderId: VenueOrderId }
  | {
      readonly kind: 'CANCELED' | 'EXPIRED' | 'REJECTED';
      readonly clientId: string;
      readonly because: string;
    };

/** A report with its place in the venue's stream, which counts from 1 without gaps. */
export interface NumberedReport {
  readonly seq: number;
  readonly report: VenueReport;
}

export interface VenueNews {
  readonly reports: readonly NumberedReport[];
  /** The stream broke off since the last call: something may have been missed. */
  readonly interrupted: boolean;
}

/** Why a question was not answered. No answer says nothing about any order. */
export type VenueFault = 'RATE_LIMITED' | 'UNREACHABLE' | 'AUTH' | 'AMBIGUOUS';

export class VenueError extends Error {
  override readonly name = 'VenueError';
  readonly fault: VenueFault;
  /** How long the venue asks to be left alone; 0 when it does not. */
  readonly retryAfterMs: number;

  constructor(fault: VenueFault, because: string, retryAfterMs = 0) {
    super(because);
    this.fault = fault;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Venue {
  readonly name: string;
  readonly capabilities: VenueCapabilities;
  /**
   * Accepts only an order whose clearance was redeemed; anything else is a programming error and throws.
   * `signedAtMs` is our estimate of the venue's clock. Settles by itself: an adapter that may hang brings
   * its own deadline and answers UNKNOWN.
   */
  submit(order: ClearedOrder, signedAtMs: number): Promise<SubmitOutcome>;
  cancel(id: ClientOrderId): Promise<CancelOutcome>;

  /** The questions reject with a `VenueError` when there is no answer. */
  order(id: ClientOrderId): Promise<VenueOrder | undefined>;
  openOrders(): Promise<readonly VenueOrder[]>;
  /** Orders that ended at or after an instant of the venue's clock. */
  history(sinceMs: number): Promise<readonly VenueOrder[]>;
  fills(sinceMs: number): Promise<readonly VenueFill[]>;
  balances(): Promise<VenueBalances>;
  /** The venue's clock. */
  time(): Promise<number>;

  /** Takes what the stream brought since the last call. */
  takeNews(): VenueNews;
}
