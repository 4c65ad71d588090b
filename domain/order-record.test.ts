import { describe, expect, test } from 'vitest';

import { fillId, intentId, ocoGroupId, proposalId, venueOrderId } from './ids.ts';
import { IllegalTransition } from './order.ts';
import type { Order } from './order.ts';
import {
  advanceRecord,
  isLive,
  type OrderLifeEvent,
  type OrderRecord,
  orderFromText,
  orderToText,
  remainingHold,
  startRecord,
  unfilled,
} from './order-record.ts';
import { sampleEvent, sampleOrder, START_MS } from './testing/samples.ts';
import { price, quantity, text } from './units.ts';

const order = sampleOrder({ quantity: quantity('3') });
const orderId = order.id;
const started = startRecord(
  sampleEvent('order.submitting', {
    order: orderToText(order),
    intentId: intentId('i1'),
    proposalId: proposalId('P1'),
    hold: { notional: '100', risk: '10' },
    orderHash: 'hash',
  }),
);
const filled = (size: string): OrderLifeEvent =>
  sampleEvent('order.filled', {
    fillId: fillId('f1'),
    orderId,
    instrumentId: order.instrumentId,
    strategyId: order.strategyId,
    side: order.side,
    quantity: size,
    price: '50000',
    fee: '0',
  });
const accepted = sampleEvent('order.accepted', { orderId, venueOrderId: venueOrderId('v1') });
const because = 'test';
const told = (type: 'order.rejected' | 'order.unknown' | 'order.canceled' | 'order.expired') =>
  sampleEvent(type, { orderId, because });
const asked = sampleEvent('order.cancel-requested', { orderId, because });
const after = (...events: readonly OrderLifeEvent[]): OrderRecord =>
  events.reduce(advanceRecord, started);

describe('an order as text', () => {
  const full: Order = {
    ...sampleOrder(),
    type: 'STOP_LIMIT',
    limitPrice: price('50000.01'),
    stopPrice: price('49999.99'),
    ocoGroupId: ocoGroupId('exits:P1'),
    trailBps: 150,
  };
  const { protectiveStop: _, target: __, ...bare } = sampleOrder();

  test.each([
    ['every field', full],
    ['only what is needed', bare],
  ])('with %s is read back the same, through JSON too', (_name, one) => {
    expect(orderFromText(orderToText(one))).toEqual(one);
    expect(orderFromText(JSON.parse(JSON.stringify(orderToText(one))))).toEqual(one);
    expect(Object.keys(orderToText(one)).sort()).toEqual(Object.keys(one).sort());
  });

  test('that is no decimal is refused', () => {
    expect(() => orderFromText({ ...orderToText(full), quantity: 'one' })).toThrow(
      '"one" is not a plain decimal number',
    );
  });
});

test('a record begins on its way to the venue, with its whole hold', () => {
  expect(started).toEqual({
    order,
    state: 'SUBMITTING',
    filled: 0n,
    intentId: 'i1',
    proposalId: 'P1',
    correlationId: 'cycle-1',
    venueOrderId: null,
    hold: { notional: price('100'), risk: price('10') },
    submittedAtMs: START_MS,
  });
});

describe('each event', () => {
  test.each<[string, readonly OrderLifeEvent[], string]>([
    ['accepted', [accepted], 'OPEN'],
    ['rejected', [told('order.rejected')], 'REJECTED'],
    ['unknown', [told('order.unknown')], 'SUBMIT_UNKNOWN'],
    ['unknown, then found', [told('order.unknown'), accepted], 'OPEN'],
    ['filled in part', [accepted, filled('1')], 'PARTIALLY_FILLED'],
    ['filled in two parts', [accepted, filled('1'), filled('2')], 'FILLED'],
    ['filled beyond its quantity', [accepted, filled('4')], 'FILLED'],
    ['asked to cancel', [accepted, asked], 'PENDING_CANCEL'],
    ['canceled', [accepted, asked, told('order.canceled')], 'CANCELED'],
    ['filled before the cancel came', [accepted, asked, filled('3')], 'FILLED'],
    ['expired', [accepted, told('order.expired')], 'EXPIRED'],
    [
      'canceled, then filled after all',
      [accepted, told('order.canceled'), filled('1')],
      'CANCELED',
    ],
  ])('%s', (_, events, state) => {
    expect(after(...events).state).toBe(state);
  });

  test('keeps the venue’s name for the order', () => {
    expect(after(accepted).venueOrderId).toBe('v1');
  });

  test('that the table does not have throws', () => {
    expect(() => after(told('order.rejected'), accepted)).toThrow(IllegalTransition);
    expect(() => after(asked)).toThrow('order E1P1: ASK_CANCEL is not legal in SUBMITTING');
  });
});

describe('what may still fill', () => {
  test('shrinks with each fill and never below nothing', () => {
    expect(text(unfilled(started))).toBe('3');
    expect(text(unfilled(after(accepted, filled('1'))))).toBe('2');
    expect(text(unfilled(after(accepted, filled('4'))))).toBe('0');
  });

  test('keeps its share of the hold, rounded up', () => {
    const hold = remainingHold(after(accepted, filled('1')));
    expect([text(hold.notional), text(hold.risk)]).toEqual(['66.666666666667', '6.666666666667']);
    expect(remainingHold(after(accepted, filled('3')))).toEqual({ notional: 0n, risk: 0n });
    expect(remainingHold(started)).toEqual(started.hold);
  });

  test('a late fill of a canceled order is booked and does not bring it back', () => {
    const record = after(accepted, told('order.canceled'), filled('1'));
    expect(text(record.filled)).toBe('1');
    expect(isLive(record)).toBe(false);
  });
});

test.each<[string, OrderRecord, boolean]>([
  ['on its way', started, true],
  ['unknown', after(told('order.unknown')), true],
  ['asked to cancel', after(accepted, asked), true],
  ['filled', after(accepted, filled('3')), false],
  ['rejected', after(told('order.rejected')), false],
])('an order %s is live: %s', (_, record, live) => {
  expect(isLive(record)).toBe(live);
});
