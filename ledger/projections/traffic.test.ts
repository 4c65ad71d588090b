import { describe, expect, test } from 'vitest';

import { DAY_MS, MINUTE_MS } from '../../domain/clock.ts';
import type { Order } from '../../domain/order.ts';
import { type OrderRecord, orderToText, startRecord } from '../../domain/order-record.ts';
import { BTC, sampleEvent, sampleOrder } from '../../domain/testing/samples.ts';
import { money, quantity } from '../../domain/units.ts';
import { Traffic } from './traffic.ts';

const T = Date.UTC(2026, 0, 6);

const sent = (atMs: number, change: Partial<Order> = {}): OrderRecord =>
  startRecord(
    sampleEvent(
      'order.submitting',
      {
        order: orderToText(sampleOrder(change)),
        intentId: null,
        proposalId: null,
        hold: { notional: '505', risk: '15' },
        orderHash: '',
      },
      1,
      atMs,
    ),
  );

const exitAt = (atMs: number): OrderRecord => sent(atMs, { role: 'EXIT', reduceOnly: true });

const entryTimes = (traffic: Traffic, after: number): readonly number[] =>
  traffic.entriesAfter(after).map(({ atMs }) => atMs);

describe('an entry', () => {
  test('is remembered with what was reserved for it', () => {
    const traffic = new Traffic();
    traffic.sent(sent(T));
    expect(traffic.entriesAfter(T - 1)).toEqual([
      {
        instrumentId: BTC.id,
        side: 'BUY',
        quantity: quantity('0.01'),
        notional: money('505'),
        atMs: T,
      },
    ]);
  });

  test('is told of only when it came after the instant asked for, oldest first', () => {
    const traffic = new Traffic();
    for (const atMs of [T, T + 1, T + 2]) traffic.sent(sent(atMs));
    expect(entryTimes(traffic, T - 1)).toEqual([T, T + 1, T + 2]);
    expect(entryTimes(traffic, T)).toEqual([T + 1, T + 2]);
    expect(entryTimes(traffic, T + 2)).toEqual([]);
  });

  test('is remembered for a day after it, and not longer', () => {
    const traffic = new Traffic();
    traffic.sent(sent(T));
    traffic.sent(sent(T + DAY_MS - 1));
    expect(entryTimes(traffic, 0)).toEqual([T, T + DAY_MS - 1]);
    traffic.sent(sent(T + DAY_MS));
    expect(entryTimes(traffic, 0)).toEqual([T + DAY_MS - 1, T + DAY_MS]);
  });

  test('is a message too; an exit is a message only', () => {
    const traffic = new Traffic();
    traffic.sent(sent(T));
    traffic.sent(exitAt(T));
    expect(traffic.messagesAfter(T - 1)).toBe(2);
    expect(entryTimes(traffic, T - 1)).toEqual([T]);
  });
});

describe.each<[string, (traffic: Traffic, atMs: number) => void, 'messagesAfter' | 'rejectsAfter']>(
  [
    ['messages', (traffic, atMs) => traffic.messaged(atMs), 'messagesAfter'],
    ['refusals', (traffic, atMs) => traffic.rejected(atMs), 'rejectsAfter'],
  ],
)('%s', (_, happen, count) => {
  test('count when they came after the instant asked for', () => {
    const traffic = new Traffic();
    for (const atMs of [T, T, T + 1]) happen(traffic, atMs);
    expect([T - 1, T, T + 1].map((ms) => traffic[count](ms))).toEqual([3, 1, 0]);
  });

  test('of a minute ago are forgotten with the next, and no earlier', () => {
    const traffic = new Traffic();
    happen(traffic, T);
    happen(traffic, T + MINUTE_MS - 1);
    expect(traffic[count](0)).toBe(2);
    happen(traffic, T + MINUTE_MS);
    expect(traffic[count](0)).toBe(2);
  });

  test('are not mistaken for each other', () => {
    const traffic = new Traffic();
    happen(traffic, T);
    const other = count === 'messagesAfter' ? 'rejectsAfter' : 'messagesAfter';
    expect(traffic[other](0)).toBe(0);
  });
});
