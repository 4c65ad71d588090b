import type { DraftOf, EventOf, HoldText, OrderText } from './event.ts';
import { managementFromText, managementToText } from './management.ts';
import {
  nextOrderState,
  type Order,
  type OrderEvent,
  type OrderState,
  TERMINAL_STATES,
  transition,
} from './order.ts';
import {
  add,
  type Money,
  money,
  NO_QUANTITY,
  type Price,
  price,
  proportion,
  type Quantity,
  quantity,
  subtract,
  text,
} from './units.ts';
import type { IntentId, ProposalId, VenueOrderId } from './ids.ts';

/** One order's life so far. */
export interface OrderRecord {
  readonly order: Order;
  readonly state: OrderState;
  readonly filled: Quantity;
  readonly intentId: IntentId | null;
  readonly proposalId: ProposalId | null;
  readonly correlationId: string;
  readonly venueOrderId: VenueOrderId | null;
  /** Worst-case exposure when it was cleared, for its whole quantity. */
  readonly hold: { readonly notional: Money; readonly risk: Money };
  readonly submittedAtMs: number;
  /** A cancel was asked for; whatever is found of the order later is to be cancelled again. */
  readonly cancelWanted: boolean;
}

type OrderLifeType =
  | 'order.accepted'
  | 'order.rejected'
  | 'order.unknown'
  | 'order.filled'
  | 'order.cancel-requested'
  | 'order.cancel-refused'
  | 'order.canceled'
  | 'order.expired'
  | 'order.suspected'
  | 'order.resurfaced';

export type OrderLifeEvent = EventOf<OrderLifeType>;
/** An event of an order's life before it is journaled. */
export type OrderLifeDraft = DraftOf<OrderLifeType>;

export const orderToText = (order: Order): OrderText => ({
  id: order.id,
  instrumentId: order.instrumentId,
  strategyId: order.strategyId,
  role: order.role,
  side: order.side,
  type: order.type,
  quantity: text(order.quantity),
  timeInForce: order.timeInForce,
  reduceOnly: order.reduceOnly,
  ...(order.limitPrice === undefined ? {} : { limitPrice: text(order.limitPrice) }),
  ...(order.stopPrice === undefined ? {} : { stopPrice: text(order.stopPrice) }),
  ...(order.ocoGroupId === undefined ? {} : { ocoGroupId: order.ocoGroupId }),
  ...(order.protectiveStop === undefined ? {} : { protectiveStop: text(order.protectiveStop) }),
  ...(order.target === undefined ? {} : { target: text(order.target) }),
  ...(order.management === undefined ? {} : { management: managementToText(order.management) }),
  ...(order.addTo === undefined ? {} : { addTo: order.addTo }),
  ...(order.postOnly === undefined ? {} : { postOnly: order.postOnly }),
});

export const orderFromText = (recorded: OrderText): Order => ({
  id: recorded.id,
  instrumentId: recorded.instrumentId,
  strategyId: recorded.strategyId,
  role: recorded.role,
  side: recorded.side,
  type: recorded.type,
  quantity: quantity(recorded.quantity),
  timeInForce: recorded.timeInForce,
  reduceOnly: recorded.reduceOnly,
  ...optionalPrice('limitPrice', recorded.limitPrice),
  ...optionalPrice('stopPrice', recorded.stopPrice),
  ...optionalPrice('protectiveStop', recorded.protectiveStop),
  ...optionalPrice('target', recorded.target),
  ...(recorded.ocoGroupId === undefined ? {} : { ocoGroupId: recorded.ocoGroupId }),
  ...(recorded.management === undefined
    ? {}
    : { management: managementFromText(recorded.management) }),
  ...(recorded.addTo === undefined ? {} : { addTo: recorded.addTo }),
  ...(recorded.postOnly === undefined ? {} : { postOnly: recorded.postOnly }),
});

type PriceField = 'limitPrice' | 'stopPrice' | 'protectiveStop' | 'target';

const optionalPrice = (
  name: PriceField,
  value: string | undefined,
): { [N in PriceField]?: Price } => (value === undefined ? {} : { [name]: price(value) });

export const holdFromText = (hold: HoldText): OrderRecord['hold'] => ({
  notional: money(hold.notional),
  risk: money(hold.risk),
});

export function startRecord(event: EventOf<'order.submitting'>): OrderRecord {
  const { body } = event;
  return {
    order: orderFromText(body.order),
    state: transition(body.order.id, 'INTENT', 'SUBMIT'),
    filled: NO_QUANTITY,
    intentId: body.intentId,
    proposalId: body.proposalId,
    correlationId: event.correlationId,
    venueOrderId: null,
    hold: holdFromText(body.hold),
    submittedAtMs: event.atMs,
    cancelWanted: false,
  };
}

/** The record after an event of its life. Throws when the order table has no such row. */
export function advanceRecord(record: OrderRecord, event: OrderLifeEvent): OrderRecord {
  const state = transition(record.order.id, record.state, stepOf(record, event));
  switch (event.type) {
    case 'order.accepted':
    case 'order.resurfaced':
      return { ...record, state, venueOrderId: event.body.venueOrderId };
    case 'order.filled':
      return { ...record, state, filled: add(record.filled, quantity(event.body.quantity)) };
    case 'order.cancel-requested':
      return { ...record, state, cancelWanted: true };
    case 'order.cancel-refused':
      return { ...record, state, cancelWanted: false };
    default:
      return { ...record, state };
  }
}

/** The state that an event would lead to, or undefined when the table has no such row. */
export const stateAfter = (record: OrderRecord, event: OrderLifeDraft): OrderState | undefined =>
  nextOrderState(record.state, stepOf(record, event));

function stepOf(record: OrderRecord, event: OrderLifeDraft): OrderEvent {
  const untouched = record.filled === NO_QUANTITY;
  switch (event.type) {
    case 'order.accepted':
      return record.state === 'SUSPECT' && !untouched ? 'FIND_PART' : 'ACCEPT';
    case 'order.rejected':
      return 'REJECT';
    case 'order.unknown':
      return 'LOSE_TRACK';
    case 'order.cancel-requested':
      return 'ASK_CANCEL';
    case 'order.cancel-refused':
      return untouched ? 'REFUSE_CANCEL' : 'REFUSE_CANCEL_PART';
    case 'order.canceled':
      return 'CANCEL';
    case 'order.suspected':
      return 'SUSPECT';
    case 'order.resurfaced':
      return untouched ? 'RESURFACE' : 'RESURFACE_PART';
    case 'order.expired':
      return 'EXPIRE';
    case 'order.filled': {
      const filled = add(record.filled, quantity(event.body.quantity));
      return filled >= record.order.quantity ? 'FILL_REST' : 'FILL_PART';
    }
  }
}

/** Nobody knows whether these are at the venue. */
export const UNRESOLVED_STATES: ReadonlySet<OrderState> = new Set<OrderState>([
  'SUBMITTING',
  'SUBMIT_UNKNOWN',
  'SUSPECT',
]);

export const isLive = (record: OrderRecord): boolean => !TERMINAL_STATES.has(record.state);

/** What may still fill. */
export const unfilled = (record: OrderRecord): Quantity =>
  record.filled >= record.order.quantity
    ? NO_QUANTITY
    : subtract(record.order.quantity, record.filled);

/** The part of the hold that the unfilled quantity still needs. */
export function remainingHold(record: OrderRecord): OrderRecord['hold'] {
  const rest = unfilled(record);
  return {
    notional: proportion(record.hold.notional, rest, record.order.quantity, 'up'),
    risk: proportion(record.hold.risk, rest, record.order.quantity, 'up'),
  };
}
