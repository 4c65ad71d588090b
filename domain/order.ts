import type { ClientOrderId, FillId, InstrumentId, OcoGroupId, StrategyId } from './ids.ts';
import type { Money, Price, Quantity } from './units.ts';

export type Side = 'BUY' | 'SELL';
export type OrderType = 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'DAY';
/** What the order is for: only an ENTRY adds exposure, every other role may only reduce it. */
export type OrderRole = 'ENTRY' | 'STOP' | 'TARGET' | 'EXIT';

/** Everything the venue will be told, decided before anybody reviews it; it never changes afterwards. */
export interface Order {
  readonly id: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly role: OrderRole;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Quantity;
  readonly limitPrice?: Price;
  /** The trigger of a STOP or STOP_LIMIT. */
  readonly stopPrice?: Price;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  /** Orders of one group: a fill of one cancels the rest at the venue. */
  readonly ocoGroupId?: OcoGroupId;
  /** Where the protective stop will rest. Mandatory on an ENTRY. */
  readonly protectiveStop?: Price;
  readonly target?: Price;
  readonly trailBps?: number;
}

export type OrderState =
  | 'INTENT'
  | 'DENIED'
  | 'SUBMITTING'
  | 'SUBMIT_UNKNOWN'
  | 'OPEN'
  | 'PARTIALLY_FILLED'
  | 'PENDING_CANCEL'
  | 'SUSPECT'
  | 'FILLED'
  | 'CANCELED'
  | 'REJECTED'
  | 'EXPIRED';

export type OrderEvent =
  | 'DENY'
  | 'SUBMIT'
  | 'ACCEPT'
  | 'REJECT'
  | 'LOSE_TRACK'
  | 'FILL_PART'
  | 'FILL_REST'
  | 'ASK_CANCEL'
  | 'REFUSE_CANCEL'
  | 'CANCEL'
  | 'EXPIRE'
  | 'SUSPECT';

type Row = Partial<Record<OrderEvent, OrderState>>;

/**
 * The one table of an order's life. A pair that is absent is illegal. A fill after a terminal state
 * is real money at the venue: it is booked and the state stays where it was.
 */
const TRANSITIONS: Readonly<Record<OrderState, Row>> = {
  INTENT: { DENY: 'DENIED', SUBMIT: 'SUBMITTING' },
  DENIED: {},
  SUBMITTING: {
    ACCEPT: 'OPEN',
    REJECT: 'REJECTED',
    LOSE_TRACK: 'SUBMIT_UNKNOWN',
    FILL_PART: 'PARTIALLY_FILLED',
    FILL_REST: 'FILLED',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
  },
  SUBMIT_UNKNOWN: {
    ACCEPT: 'OPEN',
    REJECT: 'REJECTED',
    FILL_PART: 'PARTIALLY_FILLED',
    FILL_REST: 'FILLED',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
  },
  OPEN: {
    FILL_PART: 'PARTIALLY_FILLED',
    FILL_REST: 'FILLED',
    ASK_CANCEL: 'PENDING_CANCEL',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
    SUSPECT: 'SUSPECT',
  },
  PARTIALLY_FILLED: {
    FILL_PART: 'PARTIALLY_FILLED',
    FILL_REST: 'FILLED',
    ASK_CANCEL: 'PENDING_CANCEL',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
    SUSPECT: 'SUSPECT',
  },
  PENDING_CANCEL: {
    FILL_PART: 'PENDING_CANCEL',
    FILL_REST: 'FILLED',
    REFUSE_CANCEL: 'OPEN',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
    SUSPECT: 'SUSPECT',
  },
  SUSPECT: {
    ACCEPT: 'OPEN',
    FILL_PART: 'SUSPECT',
    FILL_REST: 'FILLED',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
  },
  FILLED: { FILL_PART: 'FILLED', FILL_REST: 'FILLED' },
  CANCELED: { FILL_PART: 'CANCELED', FILL_REST: 'CANCELED' },
  REJECTED: { FILL_PART: 'REJECTED', FILL_REST: 'REJECTED' },
  EXPIRED: { FILL_PART: 'EXPIRED', FILL_REST: 'EXPIRED' },
};

export const ORDER_STATES = Object.keys(TRANSITIONS) as readonly OrderState[];

export const TERMINAL_STATES: ReadonlySet<OrderState> = new Set<OrderState>([
  'DENIED',
  'FILLED',
  'CANCELED',
  'REJECTED',
  'EXPIRED',
]);

/** The next state, or undefined when the table has no such row. */
export const nextOrderState = (state: OrderState, event: OrderEvent): OrderState | undefined =>
  TRANSITIONS[state][event];

export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
}

export function transition(id: ClientOrderId, state: OrderState, event: OrderEvent): OrderState {
  const next = nextOrderState(state, event);
  if (next === undefined)
    throw new IllegalTransition(`order ${id}: ${event} is not legal in ${state}`);
  return next;
}

/** An execution the venue reported. */
export interface Fill {
  readonly id: FillId;
  readonly orderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Money;
  /** A fee in base is paid out of the received quantity; `fee` is then its worth in quote. */
  readonly feeInBase?: Quantity;
  readonly atMs: number;
}

export const opposite = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY');
