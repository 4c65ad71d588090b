import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId, fillId, venueOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { BTC, ETH, sampleOrder, START_MS } from '../domain/testing/samples.ts';
import {
  type DecimalText,
  money,
  NO_MONEY,
  NO_QUANTITY,
  price,
  quantity,
} from '../domain/units.ts';
import { compare, LIST_LAG_MS, mismatches } from './reconciliation.ts';
import { Journal } from './testing/book-of.ts';
import type { VenueBalances, VenueFill, VenueOrder } from './venue.ts';
import type { VenuePicture } from './venue-link.ts';

const NOW_MS = START_MS + LIST_LAG_MS;
const A = sampleOrder({ id: clientOrderId('A') });
const B = sampleOrder({ id: clientOrderId('B'), instrumentId: ETH.id });

const atVenue = (order: Order, change: Partial<VenueOrder> = {}): VenueOrder => ({
  venueOrderId: venueOrderId(`v-${order.id}`),
  clientId: order.id,
  instrumentId: order.instrumentId,
  side: order.side,
  type: order.type,
  quantity: order.quantity,
  filled: NO_QUANTITY,
  status: 'OPEN',
  because: null,
  createdAtMs: START_MS,
  ...change,
});

const fillOf = (order: Order, name: string): VenueFill => ({
  fillId: fillId(name),
  clientId: order.id,
  instrumentId: order.instrumentId,
  side: order.side,
  quantity: quantity('0.001'),
  price: price('50000'),
  fee: NO_MONEY,
  atMs: START_MS,
});

const balances = (cash: DecimalText, ...held: [typeof BTC, DecimalText][]): VenueBalances => ({
  currency: 'USD',
  cash: money(cash),
  positions: new Map(held.map(([{ id }, size]) => [id, quantity(size)])),
});

const picture = (change: Partial<VenuePicture> = {}): VenuePicture => ({
  open: [],
  ended: [],
  fills: [],
  balances: balances('10000'),
  ...change,
});

const NOTHING = { told: [], lateFills: [], doubtful: [], foreign: [], foreignGone: [] };
const ids = (records: readonly { readonly order: Order }[]): readonly string[] =>
  records.map(({ order }) => order.id);

describe('one of our orders', () => {
  const open = () => new Journal().send(A).accept(A).book;

  test('that rests on both sides is told of, and nothing follows from it alone', () => {
    const book = open();
    const found = atVenue(A);
    expect(compare(book, picture({ open: [found] }), NOW_MS, 0)).toEqual({
      ...NOTHING,
      told: [{ record: book.order(A.id), found }],
    });
  });

  test('that the history has is told of as it ended', () => {
    const found = atVenue(A, { status: 'CANCELED' });
    expect(compare(open(), picture({ ended: [found] }), NOW_MS, 0).told).toMatchObject([{ found }]);
  });

  test('that no list has is doubted, and nothing else', () => {
    const seen = compare(open(), picture(), NOW_MS, 0);
    expect(ids(seen.doubtful)).toEqual(['A']);
    expect(seen).toMatchObject({ told: [], foreign: [], lateFills: [] });
  });

  test('that is fresh may be missing from a list that lags', () => {
    expect(compare(open(), picture(), NOW_MS - 1, 0)).toEqual(NOTHING);
  });

  test.each<[string, (journal: Journal) => Journal]>([
    ['on its way', (journal) => journal.send(A)],
    [
      'unknown',
      (journal) => journal.send(A).add('order.unknown', { orderId: A.id, because: 'lost' }),
    ],
    [
      'a suspect',
      (journal) =>
        journal.send(A).accept(A).add('order.suspected', { orderId: A.id, because: 'gone' }),
    ],
  ])('that is %s is asked for elsewhere when no list has it', (_, past) => {
    expect(compare(past(new Journal()).book, picture(), NOW_MS, 0)).toEqual(NOTHING);
  });

  test('that is over here but rests there is doubted, not believed', () => {
    const { book } = new Journal()
      .send(A)
      .accept(A)
      .add('order.canceled', { orderId: A.id, because: 'done' });
    const seen = compare(book, picture({ open: [atVenue(A)] }), NOW_MS, 0);
    expect(ids(seen.doubtful)).toEqual(['A']);
    expect(seen.foreign).toEqual([]);
  });

  test('that is filled here but rests there is an old list', () => {
    const { book } = new Journal().send(A).accept(A).fill(A, '0.01', '50000');
    const seen = compare(book, picture({ open: [atVenue(A)] }), NOW_MS, 0);
    expect(seen).toEqual(NOTHING);
  });

  test('whose fill no list of orders explains was filled all the same', () => {
    const { book } = new Journal()
      .send(A)
      .accept(A)
      .add('order.canceled', { orderId: A.id, because: 'done' });
    const fill = fillOf(A, 'late');
    const seen = compare(book, picture({ fills: [fill, fillOf(B, 'other')] }), NOW_MS, 0);
    expect(seen.lateFills).toEqual([{ record: book.order(A.id), fill }]);
  });
});

describe('an order that is not ours', () => {
  test('is named once, while it rests, and named again when it is gone', () => {
    const journal = new Journal();
    const found = atVenue(B);
    const seen = compare(journal.book, picture({ open: [found] }), NOW_MS, 0);
    expect(seen).toEqual({ ...NOTHING, foreign: [found] });
    const { venueOrderId: id, instrumentId, side } = found;
    journal.add('order.external-found', { venueOrderId: id, instrumentId, side, quantity: '1' });
    expect(compare(journal.book, picture({ open: [found] }), NOW_MS, 0)).toEqual(NOTHING);
    expect(compare(journal.book, picture(), NOW_MS, 0)).toEqual({ ...NOTHING, foreignGone: [id] });
  });

  test('is no matter of ours once it has ended', () => {
    const ended = [atVenue(B, { status: 'FILLED' })];
    expect(compare(new Journal().book, picture({ ended }), NOW_MS, 0)).toEqual(NOTHING);
  });

  test('is what has our id but not our order behind it', () => {
    const { book } = new Journal().send(A).accept(A);
    const other = atVenue(A, { side: 'SELL' });
    const seen = compare(book, picture({ open: [other] }), NOW_MS, 0);
    expect(seen.foreign).toEqual([other]);
    expect(ids(seen.doubtful)).toEqual(['A']);
  });
});

test('a comparison changes nothing and is the same every time', () => {
  const pick = fc.subarray(['A', 'B', 'C', 'D'] as const);
  fc.assert(
    fc.property(pick, pick, pick, pick, (sent, accepted, open, ended) => {
      const journal = new Journal();
      const order = (name: string): Order => sampleOrder({ id: clientOrderId(name) });
      for (const name of sent) journal.send(order(name));
      for (const name of accepted) if (sent.includes(name)) journal.accept(order(name));
      const seen = picture({
        open: open.map((name) => atVenue(order(name))),
        ended: ended
          .filter((name) => !open.includes(name))
          .map((name) => atVenue(order(name), { status: 'CANCELED' })),
      });
      const before = JSON.stringify(journal.book.liveOrders(), bigints);
      const found = compare(journal.book, seen, NOW_MS, 0);
      expect(compare(journal.book, seen, NOW_MS, 0)).toEqual(found);
      expect(JSON.stringify(journal.book.liveOrders(), bigints)).toBe(before);
      // Each is accounted for in one place.
      const named = [...ids(found.told.map(({ record }) => record)), ...ids(found.doubtful)];
      expect(new Set(named).size).toBe(named.length);
      expect(found.foreign.map(({ clientId }) => clientId)).toEqual(
        open.filter((name) => !sent.includes(name)),
      );
    }),
  );
});

const bigints = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value;

describe('the sums', () => {
  const held = () => new Journal().send(A).accept(A).fill(A, '0.01', '50000').book;

  test('that agree say nothing', () => {
    expect(mismatches(new Journal().book, balances('10000'))).toEqual([]);
    expect(mismatches(held(), balances('9500', [BTC, '0.01']))).toEqual([]);
    // A flat instrument may be told or not.
    expect(mismatches(new Journal().book, balances('10000', [ETH, '0']))).toEqual([]);
  });

  test.each<[string, VenueBalances, RegExp]>([
    ['cash is missing', balances('9499.99999999', [BTC, '0.01']), /9499\.99999999 USD.*9500/],
    ['the position is smaller', balances('9500', [BTC, '0.009']), /0\.009 BTC\/USD.*0\.01/],
    ['the position is gone', balances('9500'), /holds 0 BTC\/USD.*0\.01/],
    ['the position is on the other side', balances('9500', [BTC, '-0.01']), /-0\.01 BTC\/USD/],
    ['something else is held', balances('9500', [BTC, '0.01'], [ETH, '1']), /1 ETH\/USD.*to 0/],
  ])('that do not agree because %s are told in words', (_, there, words) => {
    const found = mismatches(held(), there);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(words);
  });

  test('are of what all strategies hold together', () => {
    const C = sampleOrder({ id: clientOrderId('C'), strategyId: B.strategyId, side: 'SELL' });
    const { book } = new Journal()
      .send(A)
      .fill(A, '0.01', '50000')
      .send(C)
      .fill(C, '0.004', '50000');
    expect(mismatches(book, balances('9700', [BTC, '0.006']))).toEqual([]);
  });
});
