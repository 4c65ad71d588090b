import type { ClientOrderId, FillId, InstrumentId, OcoGroupId, StrategyId } from './ids.ts';
import type { Management } from './management.ts';
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
  /** Where the last of the position is taken off. */
  readonly target?: Price;
  /** Only on an ENTRY. */
  readonly management?: Management;
  /** The entry whose planned ladder this order is a step of. Only on an ENTRY. */
  readonly addTo?: ClientOrderId;
  /** Refused by the venue rather than filled at once; only on a LIMIT. */
  readonly postOnly?: boolean;
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
  | 'REFUSE_CANCEL_PART'
  | 'CANCEL'
  | 'EXPIRE'
  | 'SUSPECT'
  | 'FIND_PART'
  | 'RESURFACE'
  | 'RESURFACE_PART';

type Row = Partial<Record<OrderEvent, OrderState>>;

/**
 * The one table of an order's life. A pair that is absent is illegal. A cancel that is asked for while
 * nobody knows where the order is leaves it unknown: it is asked for again once the order is found.
 *
 * News may come late and out of order, so an acknowledgement, a fill or a cancel that arrives after
 * something graver is legal and moves nothing backwards: `RANKS` only ever grow along every row, but for
 * three. A refused cancel and a suspect that is found go back to what the venue says; and an order that
 * was over for us and is found resting at the venue after all is alive again, because there it is.
 *
 * A replacement is a new order that rests before the old one is cancelled, so there is no state for it.
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
    ASK_CANCEL: 'SUBMITTING',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
  },
  SUBMIT_UNKNOWN: {
    ACCEPT: 'OPEN',
    REJECT: 'REJECTED',
    FILL_PART: 'PARTIALLY_FILLED',
    FILL_REST: 'FILLED',
    ASK_CANCEL: 'SUBMIT_UNKNOWN',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
  },
  OPEN: {
    ACCEPT: 'OPEN',
    FILL_PART: 'PARTIALLY_FILLED',
    FILL_REST: 'FILLED',
    ASK_CANCEL: 'PENDING_CANCEL',
    REJECT: 'REJECTED',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
    SUSPECT: 'SUSPECT',
  },
  PARTIALLY_FILLED: {
    ACCEPT: 'PARTIALLY_FILLED',
    FILL_PART: 'PARTIALLY_FILLED',
    FILL_REST: 'FILLED',
    ASK_CANCEL: 'PENDING_CANCEL',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
    SUSPECT: 'SUSPECT',
  },
  PENDING_CANCEL: {
    ACCEPT: 'PENDING_CANCEL',
    FILL_PART: 'PENDING_CANCEL',
    FILL_REST: 'FILLED',
    REJECT: 'REJECTED',
    REFUSE_CANCEL: 'OPEN',
    REFUSE_CANCEL_PART: 'PARTIALLY_FILLED',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
    SUSPECT: 'SUSPECT',
  },
  SUSPECT: {
    ACCEPT: 'OPEN',
    REJECT: 'REJECTED',
    FIND_PART: 'PARTIALLY_FILLED',
    FILL_PART: 'SUSPECT',
    FILL_REST: 'FILLED',
    ASK_CANCEL: 'SUSPECT',
    CANCEL: 'CANCELED',
    EXPIRE: 'EXPIRED',
  },
  FILLED: { ACCEPT: 'FILLED', FILL_PART: 'FILLED', FILL_REST: 'FILLED' },
  CANCELED: {
    ACCEPT: 'CANCELED',
    FILL_PART: 'CANCELED',
    FILL_REST: 'FILLED',
    RESURFACE: 'OPEN',
    RESURFACE_PART: 'PARTIALLY_FILLED',
  },
  REJECTED: {
    FILL_PART: 'REJECTED',
    FILL_REST: 'FILLED',
    RESURFACE: 'OPEN',
    RESURFACE_PART: 'PARTIALLY_FILLED',
  },
  EXPIRED: {
    ACCEPT: 'EXPIRED',
    FILL_PART: 'EXPIRED',
    FILL_REST: 'FILLED',
    RESURFACE: 'OPEN',
    RESURFACE_PART: 'PARTIALLY_FILLED',
  },
};

/** How far along its life an order is; what has less to say than what is known already is ignored. */
export const RANKS: Readonly<Record<OrderState, number>> = {
  INTENT: 0,
  SUBMITTING: 1,
  SUBMIT_UNKNOWN: 2,
  OPEN: 3,
  PARTIALLY_FILLED: 4,
  PENDING_CANCEL: 5,
  SUSPECT: 6,
  DENIED: 7,
  REJECTED: 7,
  CANCELED: 7,
  EXPIRED: 7,
  FILLED: 8,
};

/** The events that go back, each on the venue's own evidence. */
export const GOES_BACK: ReadonlySet<OrderEvent> = new Set<OrderEvent>([
  'REFUSE_CANCEL',
  'REFUSE_CANCEL_PART',
  'FIND_PART',
  'RESURFACE',
  'RESURFACE_PART',
]);

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
