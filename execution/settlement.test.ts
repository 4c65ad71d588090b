import { describe, expect, test } from 'vitest';

import type { EventDraft } from '../domain/event.ts';
import { fillId, type FillId, venueOrderId } from '../domain/ids.ts';
import { ORDER_STATES, type OrderState, TERMINAL_STATES } from '../domain/order.ts';
import type { OrderLifeDraft, OrderRecord } from '../domain/order-record.ts';
import { stateAfter } from '../domain/order-record.ts';
import { ETH, sampleOrder, START_MS } from '../domain/testing/samples.ts';
import { type DecimalText, NO_MONEY, NO_QUANTITY, price, quantity } from '../domain/units.ts';
import { fillDraft, isSame, reportDraft, settlement } from './settlement.ts';
import type { VenueFill, VenueOrder, VenueOrderStatus } from './venue.ts';

const ORDER = sampleOrder({ quantity: quantity('0.01') });
const VENUE = 'lying';

const recordOf = (state: OrderState, change: Partial<OrderRecord> = {}): OrderRecord => ({
  order: ORDER,
  state,
  filled: NO_QUANTITY,
  intentId: null,
  proposalId: null,
  correlationId: 'cycle-1',
  venueOrderId: null,
  hold: { notional: NO_MONEY, risk: NO_MONEY },
  submittedAtMs: START_MS,
  cancelWanted: false,
  ...change,
});

const foundAs = (status: VenueOrderStatus, change: Partial<VenueOrder> = {}): VenueOrder => ({
  venueOrderId: venueOrderId('v-1'),
  clientId: ORDER.id,
  instrumentId: ORDER.instrumentId,
  side: ORDER.side,
  type: ORDER.type,
  quantity: ORDER.quantity,
  filled: NO_QUANTITY,
  status,
  because: null,
  createdAtMs: START_MS,
  ...change,
});

const traded = (name: string, size: DecimalText, change: Partial<VenueFill> = {}): VenueFill => ({
  fillId: fillId(name),
  clientId: ORDER.id,
  instrumentId: ORDER.instrumentId,
  side: ORDER.side,
  quantity: quantity(size),
  price: price('50000'),
  fee: NO_MONEY,
  atMs: START_MS,
  ...change,
});

const settled = (
  record: OrderRecord,
  found: VenueOrder,
  fills: readonly VenueFill[] = [],
  known: readonly FillId[] = [],
): readonly EventDraft[] => settlement(record, found, fills, (id) => known.includes(id), VENUE);
const types = (drafts: readonly EventDraft[]): readonly string[] => drafts.map(({ type }) => type);

describe('an order that nobody knew of', () => {
  test.each<OrderState>(['SUBMITTING', 'SUBMIT_UNKNOWN', 'SUSPECT'])(
    'as %s is accepted once the venue has it resting',
    (state) => {
      expect(types(settled(recordOf(state), foundAs('OPEN')))).toEqual(['order.accepted']);
    },
  );

  test('is accepted, then filled, then ended, in this order', () => {
    const found = foundAs('CANCELED', { filled: quantity('0.004') });
    expect(types(settled(recordOf('SUBMIT_UNKNOWN'), found, [traded('f1', '0.004')]))).toEqual([
      'order.accepted',
      'order.filled',
      'order.canceled',
    ]);
  });

  test('and that the venue refused was never accepted', () => {
    expect(types(settled(recordOf('SUBMIT_UNKNOWN'), foundAs('REJECTED')))).toEqual([
      'order.rejected',
    ]);
  });
});

describe('executions', () => {
  test('are taken once, and only the order’s own', () => {
    const fills = [
      traded('f1', '0.002'),
      traded('f2', '0.003'),
      traded('f3', '0.005', { clientId: 'another' }),
      // Of an order that once had the same id.
      traded('f4', '0.005', { atMs: START_MS - 60_000 }),
    ];
    const record = recordOf('PARTIALLY_FILLED', { filled: quantity('0.002') });
    const found = foundAs('OPEN', { filled: quantity('0.005') });
    const [only, ...rest] = settled(record, found, fills, [fillId('f1')]);
    expect(only?.body).toMatchObject({ fillId: 'f2', quantity: '0.003' });
    expect(rest).toEqual([]);
  });

  test('that are missing keep an order that ended alive until they are here', () => {
    const found = foundAs('CANCELED', { filled: quantity('0.004') });
    expect(types(settled(recordOf('OPEN'), found))).toEqual([]);
    expect(types(settled(recordOf('OPEN'), found, [traded('f1', '0.003')]))).toEqual([
      'order.filled',
    ]);
    const late = recordOf('PARTIALLY_FILLED', { filled: quantity('0.003') });
    expect(types(settled(late, found, [traded('f2', '0.001')]))).toEqual([
      'order.filled',
      'order.canceled',
    ]);
  });

  test('end an order that is filled by themselves', () => {
    const found = foundAs('FILLED', { filled: quantity('0.01') });
    expect(types(settled(recordOf('OPEN'), found, [traded('f1', '0.01')]))).toEqual([
      'order.filled',
    ]);
  });

  test('of an order that is over are booked all the same', () => {
    const found = foundAs('CANCELED', { filled: quantity('0.001') });
    expect(types(settled(recordOf('CANCELED'), found, [traded('f1', '0.001')]))).toEqual([
      'order.filled',
    ]);
  });

  test('keep the fee and the currency it was paid in', () => {
    const inBase = traded('f1', '0.01', { feeInBase: quantity('0.00001') });
    expect(fillDraft(recordOf('OPEN'), inBase, VENUE).body).toMatchObject({
      feeInBase: '0.00001',
      fee: '0',
    });
    expect(fillDraft(recordOf('OPEN'), traded('f1', '0.01'), VENUE).body).not.toHaveProperty(
      'feeInBase',
    );
  });
});

describe('the end of an order', () => {
  test.each<[VenueOrderStatus, DecimalText, string]>([
    ['CANCELED', '0', 'order.canceled'],
    ['EXPIRED', '0', 'order.expired'],
    ['EXPIRED', '0.004', 'order.expired'],
    ['REJECTED', '0', 'order.rejected'],
    // What has traded was not refused.
    ['REJECTED', '0.004', 'order.canceled'],
  ])('told as %s with %s filled is %s', (status, filled, type) => {
    const state = filled === '0' ? 'OPEN' : 'PARTIALLY_FILLED';
    const record = recordOf(state, { filled: quantity(filled) });
    const found = foundAs(status, { filled: quantity(filled) });
    const [end, ...rest] = settled(record, found);
    expect(end?.type).toBe(type);
    expect(end?.actor).toEqual({ kind: 'VENUE', name: VENUE });
    expect(rest).toEqual([]);
  });

  test.each<[OrderState, readonly string[]]>([
    ['CANCELED', ['order.resurfaced']],
    ['REJECTED', ['order.resurfaced']],
    ['EXPIRED', ['order.resurfaced']],
    // Nothing is left of it that could rest: the list is old.
    ['FILLED', []],
  ])('here as %s, while it rests there', (state, expected) => {
    const filled = state === 'FILLED' ? ORDER.quantity : NO_QUANTITY;
    expect(types(settled(recordOf(state, { filled }), foundAs('OPEN')))).toEqual(expected);
  });
});

test.each<[readonly OrderState[], DecimalText]>([
  [['SUBMITTING', 'SUBMIT_UNKNOWN', 'OPEN', 'PENDING_CANCEL', 'SUSPECT'], '0'],
  [['PARTIALLY_FILLED', 'PENDING_CANCEL', 'SUSPECT'], '0.004'],
  [['CANCELED', 'REJECTED', 'EXPIRED'], '0'],
  [['CANCELED', 'REJECTED', 'EXPIRED'], '0.004'],
  [['FILLED'], '0.01'],
])(
  'whatever is told of an order that is %s with %s filled, the order table has it',
  (states, size) => {
    const filled = quantity(size);
    for (const state of states)
      for (const status of ['OPEN', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'] as const) {
        const record = recordOf(state, { filled });
        const [first] = settled(record, foundAs(status, { filled }));
        if (first === undefined) continue;
        const legal = stateAfter(record, first as OrderLifeDraft) !== undefined;
        expect(legal, `${first.type} while ${state}, told ${status}`).toBe(true);
      }
  },
);

test('nothing that was settled is settled again', () => {
  const ended = ORDER_STATES.filter((state) => TERMINAL_STATES.has(state) && state !== 'DENIED');
  for (const state of ended)
    for (const status of ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'] as const)
      expect(settled(recordOf(state), foundAs(status))).toEqual([]);
  expect(settled(recordOf('OPEN'), foundAs('OPEN'))).toEqual([]);
});

describe('a report of the stream', () => {
  test('is the event of the same name, by the venue', () => {
    const told = { kind: 'ACCEPTED', clientId: ORDER.id, venueOrderId: venueOrderId('v') } as const;
    expect(reportDraft(recordOf('OPEN'), told, VENUE)).toMatchObject({
      type: 'order.accepted',
      actor: { kind: 'VENUE', name: VENUE },
      correlationId: 'cycle-1',
      body: { orderId: ORDER.id, venueOrderId: 'v' },
    });
    const fill = { kind: 'FILL', ...traded('f1', '0.01') } as const;
    expect(reportDraft(recordOf('OPEN'), fill, VENUE).type).toBe('order.filled');
  });

  test('that refuses what has traded ends the rest', () => {
    const told = { kind: 'REJECTED', clientId: ORDER.id, because: 'no' } as const;
    expect(reportDraft(recordOf('OPEN'), told, VENUE).type).toBe('order.rejected');
    const record = recordOf('PARTIALLY_FILLED', { filled: quantity('0.004') });
    expect(reportDraft(record, told, VENUE).type).toBe('order.canceled');
  });
});

describe('an order of our id is ours', () => {
  const record = recordOf('SUBMIT_UNKNOWN');

  test.each<[string, boolean, Partial<VenueOrder>]>([
    ['it is what was sent', true, {}],
    ['it is of another instrument', false, { instrumentId: ETH.id }],
    ['it is of the other side', false, { side: 'SELL' }],
    ['it is of another quantity', false, { quantity: quantity('0.011') }],
    ['it is older than what was sent', false, { createdAtMs: START_MS - 60_000 }],
    ['it seems a little older, as clocks are', true, { createdAtMs: START_MS - 2_000 }],
    ['it is younger', true, { createdAtMs: START_MS + 60_000 }],
  ])('or not, when %s', (_, ours, change) => {
    expect(isSame(record, foundAs('OPEN', change), 0)).toBe(ours);
  });

  test('by the venue’s clock, not ours', () => {
    const found = foundAs('OPEN', { createdAtMs: START_MS - 60_000 });
    expect(isSame(record, found, -60_000)).toBe(true);
    expect(isSame(record, foundAs('OPEN'), 60_000)).toBe(false);
  });
});
