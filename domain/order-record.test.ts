import { describe, expect, test } from 'vitest';

import { clientOrderId, fillId, intentId, ocoGroupId, proposalId, venueOrderId } from './ids.ts';
import { IllegalTransition, TERMINAL_STATES } from './order.ts';
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
  stateAfter,
  unfilled,
  UNRESOLVED_STATES,
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
type Told =
  | 'order.rejected'
  | 'order.unknown'
  | 'order.cancel-refused'
  | 'order.canceled'
  | 'order.expired'
  | 'order.suspected';
const told = (type: Told) => sampleEvent(type, { orderId, because });
const resurfaced = sampleEvent('order.resurfaced', {
  orderId,
  venueOrderId: venueOrderId('v2'),
  because,
});
const asked = sampleEvent('order.cancel-requested', { orderId, because });
const after = (...events: readonly OrderLifeEvent[]): OrderRecord =>
  events.reduce(advanceRecord, started);

describe('an order as text', () => {
  const full: Required<Order> = {
    ...sampleOrder(),
    protectiveStop: price('49000'),
    target: price('53000'),
    type: 'STOP_LIMIT',
    limitPrice: price('50000.01'),
    stopPrice: price('49999.99'),
    ocoGroupId: ocoGroupId('exits:P1'),
    management: {
      partialTargets: [{ price: price('51000.01'), quantity: quantity('0.004') }],
      trail: { distance: { atrTenths: 25, atrBars: 14 }, armed: { gainBps: 100 } },
      breakEven: true,
      closeAfterMs: 3_600_000,
      closeAtMs: START_MS,
      adds: [{ price: price('49600'), quantity: quantity('0.00000001') }],
    },
    addTo: clientOrderId('E1P0'),
    postOnly: true,
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
    cancelWanted: false,
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
    ['acknowledged twice', [accepted, accepted], 'OPEN'],
    ['acknowledged after its first fill', [filled('1'), accepted], 'PARTIALLY_FILLED'],
    ['acknowledged after its last', [filled('3'), accepted], 'FILLED'],
    ['asked to cancel before it was acknowledged', [asked, accepted], 'OPEN'],
    ['asked to cancel while unknown', [told('order.unknown'), asked], 'SUBMIT_UNKNOWN'],
    ['not canceled', [accepted, asked, told('order.cancel-refused')], 'OPEN'],
    [
      'not canceled, and filled in part',
      [accepted, filled('1'), asked, told('order.cancel-refused')],
      'PARTIALLY_FILLED',
    ],
    ['not found', [accepted, told('order.suspected')], 'SUSPECT'],
    ['found again', [accepted, told('order.suspected'), accepted], 'OPEN'],
    [
      'found again with a part of it filled',
      [accepted, told('order.suspected'), filled('1'), accepted],
      'PARTIALLY_FILLED',
    ],
    ['filled while not found', [accepted, told('order.suspected'), filled('3')], 'FILLED'],
    ['resting after all', [accepted, told('order.canceled'), resurfaced], 'OPEN'],
    [
      'resting after all with a part of it filled',
      [accepted, filled('1'), told('order.expired'), resurfaced],
      'PARTIALLY_FILLED',
    ],
    ['never at the venue, and resting there', [told('order.rejected'), resurfaced], 'OPEN'],
    ['canceled, then filled whole', [accepted, told('order.canceled'), filled('3')], 'FILLED'],
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
    expect(after(accepted, told('order.canceled'), resurfaced).venueOrderId).toBe('v2');
  });

  test('that the table does not have throws', () => {
    expect(() => after(told('order.rejected'), accepted)).toThrow(IllegalTransition);
    expect(() => after(told('order.suspected'))).toThrow(
      'order E1P1: SUSPECT is not legal in SUBMITTING',
    );
  });
});

describe('the wish to cancel', () => {
  test('stays while nobody knows where the order is, so that it is asked for again', () => {
    expect(started.cancelWanted).toBe(false);
    for (const events of [
      [asked],
      [asked, accepted],
      [told('order.unknown'), asked, accepted],
      [accepted, told('order.suspected'), asked, accepted],
      [accepted, asked, filled('1')],
    ])
      expect(after(...events).cancelWanted).toBe(true);
  });

  test('ends when the venue refuses it', () => {
    expect(after(accepted, asked, told('order.cancel-refused')).cancelWanted).toBe(false);
  });
});

describe('the state that an event would lead to', () => {
  test('is the one it leads to', () => {
    for (const event of [accepted, told('order.rejected'), filled('1'), filled('3'), asked])
      expect(stateAfter(started, event)).toBe(after(event).state);
  });

  test('is none where the table has none', () => {
    expect(stateAfter(after(told('order.rejected')), accepted)).toBeUndefined();
    expect(stateAfter(started, resurfaced)).toBeUndefined();
  });
});

test('nobody knows of an order on its way, lost, or not found whether it is at the venue', () => {
  expect([...UNRESOLVED_STATES].sort()).toEqual(['SUBMITTING', 'SUBMIT_UNKNOWN', 'SUSPECT']);
  for (const state of UNRESOLVED_STATES) expect(TERMINAL_STATES.has(state)).toBe(false);
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
