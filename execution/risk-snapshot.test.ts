import { describe, expect, test } from 'vitest';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/clock.ts';
import { clientOrderId, ocoGroupId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { BTC, ETH, MOMENTUM, REVERSION, sampleOrder, START_MS } from '../domain/testing/samples.ts';
import { money, price, quantity } from '../domain/units.ts';
import { review } from '../risk-kernel/review.ts';
import type { RiskSnapshot } from '../risk-kernel/snapshot.ts';
import { Marks } from './marks.ts';
import { takeSnapshot } from './risk-snapshot.ts';
import { INSTRUMENTS, Journal } from './testing/book-of.ts';

const ENTRY = sampleOrder();
const { protectiveStop: _, target: __, ...plain } = ENTRY;
const STOP: Order = {
  ...plain,
  id: clientOrderId('S1P1'),
  role: 'STOP',
  side: 'SELL',
  type: 'STOP',
  stopPrice: price('49000'),
  reduceOnly: true,
  ocoGroupId: ocoGroupId('exits:P1'),
};
const NEXT = sampleOrder({ id: clientOrderId('E1P2'), strategyId: REVERSION });

const snapshotOf = (
  journal: Journal,
  order: Order = NEXT,
  nowMs = START_MS,
  marks = new Marks(),
): RiskSnapshot =>
  takeSnapshot(
    { book: journal.book, marks, instruments: INSTRUMENTS, auditIntact: true, reconciled: true },
    order,
    nowMs,
  );

const bought = (): Journal =>
  new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY).fill(ENTRY, '0.01', '50000', '0.5');

test('a fresh account is a picture on which a small entry clears', () => {
  const snapshot = snapshotOf(new Journal().close(BTC, '50000'), ENTRY);
  expect(snapshot).toEqual({
    seq: 2,
    asOfMs: START_MS,
    tradingState: 'ACTIVE',
    emergency: false,
    auditIntact: true,
    reconciled: true,
    permitted: [BTC.id, ETH.id],
    currency: 'USD',
    equity: money('10000'),
    peakEquity: money('10000'),
    dayOpenEquity: money('10000'),
    rung: 0,
    positions: [],
    holds: [],
    exits: [],
    recentEntries: [],
    messagesLastMinute: 0,
    strategies: [
      { id: MOMENTUM, enabled: true, lossStreak: 0, dayResult: 0n },
      { id: REVERSION, enabled: true, lossStreak: 0, dayResult: 0n },
    ],
    mark: { price: price('50000'), atMs: START_MS },
    orderKnown: false,
  });
  expect(review({ order: ENTRY, instrument: BTC, nowMs: START_MS }, snapshot).cleared).toBe(true);
});

describe('an entry on its way', () => {
  const sent = (): Journal =>
    new Journal().close(BTC, '50000').send(ENTRY, { notional: '505', risk: '15' });

  test('counts as a hold for what may still fill, and is known by its id', () => {
    const journal = sent();
    const hold = { notional: money('505'), risk: money('15'), direction: 'LONG', correlation: 1 };
    expect(snapshotOf(journal).holds).toMatchObject([hold]);
    expect(snapshotOf(journal, ENTRY).orderKnown).toBe(true);
    journal.accept(ENTRY).fill(ENTRY, '0.004', '50000');
    expect(snapshotOf(journal).holds).toMatchObject([{ notional: money('303'), risk: money('9') }]);
  });

  test('that is rejected holds nothing any more', () => {
    const journal = sent().add('order.rejected', { orderId: ENTRY.id, because: 'no' });
    expect(snapshotOf(journal).holds).toEqual([]);
  });

  test('nobody can tell of holds everything', () => {
    const journal = sent().add('order.unknown', { orderId: ENTRY.id, because: 'silence' });
    expect(snapshotOf(journal).holds).toMatchObject([{ notional: money('505') }]);
  });
});

describe('a position', () => {
  const riskOf = (journal: Journal): bigint | undefined => snapshotOf(journal).positions[0]?.risk;

  test('counts with its value at the mark, all of it at risk while no stop rests', () => {
    expect(snapshotOf(bought()).positions).toEqual([
      {
        instrumentId: BTC.id,
        strategyId: MOMENTUM,
        assetClass: 'CRYPTO',
        direction: 'LONG',
        quantity: quantity('0.01'),
        notional: money('500'),
        risk: money('500'),
        correlation: 1,
      },
    ]);
  });

  test('risks only the way to its stop once the venue has that stop', () => {
    const journal = bought().send(STOP);
    expect(riskOf(journal)).toBe(money('500'));
    expect(riskOf(journal.accept(STOP))).toBe(money('10'));
    expect(riskOf(journal.close(BTC, '48000', START_MS + 1))).toBe(0n);
  });

  test('is not protected by a stop that nobody can tell of, nor by one that is too small', () => {
    const lost = bought().send(STOP);
    lost.add('order.unknown', { orderId: STOP.id, because: 'silence' });
    expect(riskOf(lost)).toBe(money('500'));
    const small = { ...STOP, quantity: quantity('0.009') };
    expect(riskOf(bought().send(small).accept(small))).toBe(money('500'));
  });

  test('takes the freshest mark', () => {
    const marks = new Marks();
    marks.set(BTC.id, price('51000'), START_MS + 5);
    const snapshot = snapshotOf(bought(), NEXT, START_MS + 5, marks);
    expect(snapshot.positions[0]?.notional).toBe(money('510'));
    expect(snapshot.mark).toEqual({ price: price('51000'), atMs: START_MS + 5 });
    expect(snapshot.equity).toBe(money('10009.5'));
    expect(snapshot.peakEquity).toBe(money('10009.5'));
  });
});

test('an exit on its way is listed with what may still fill, and holds nothing', () => {
  const snapshot = snapshotOf(bought().send(STOP).accept(STOP));
  expect(snapshot.holds).toEqual([]);
  expect(snapshot.exits).toEqual([
    {
      orderId: STOP.id,
      instrumentId: BTC.id,
      strategyId: MOMENTUM,
      side: 'SELL',
      quantity: quantity('0.01'),
      limitPrice: null,
      ocoGroupId: 'exits:P1',
    },
  ]);
});

test('an instrument without a price has no mark, and its entry is denied', () => {
  const snapshot = snapshotOf(new Journal(), ENTRY);
  expect(snapshot.mark).toBeNull();
  const verdict = review({ order: ENTRY, instrument: BTC, nowMs: START_MS }, snapshot);
  expect(verdict).toMatchObject({ cleared: false, code: 'MARKET_DATA_MISSING' });
});

describe('the entries of the last day', () => {
  const sentAt = (...times: readonly number[]): Journal =>
    times.reduce((journal, atMs, index) => {
      const order = { ...ENTRY, id: clientOrderId(`E${index}`) };
      return journal.send(order, { notional: '505', risk: '15' }, atMs);
    }, new Journal());

  test('are listed with what was reserved for each, whatever became of it', () => {
    const journal = sentAt(START_MS - HOUR_MS);
    journal.add('order.rejected', { orderId: clientOrderId('E0'), because: 'no' });
    expect(snapshotOf(journal).recentEntries).toEqual([
      {
        instrumentId: BTC.id,
        side: 'BUY',
        quantity: quantity('0.01'),
        notional: money('505'),
        atMs: START_MS - HOUR_MS,
      },
    ]);
  });

  test('do not hold what is a day old', () => {
    const journal = sentAt(START_MS, START_MS + 1);
    const at = (nowMs: number): readonly number[] =>
      snapshotOf(journal, NEXT, nowMs).recentEntries.map(({ atMs }) => atMs);
    expect(at(START_MS + DAY_MS - 1)).toEqual([START_MS, START_MS + 1]);
    expect(at(START_MS + DAY_MS)).toEqual([START_MS + 1]);
    expect(at(START_MS + DAY_MS + 1)).toEqual([]);
  });

  test('and every message of the last minute count, exits and cancels too', () => {
    const journal = sentAt(START_MS).send(STOP, undefined, START_MS + 1);
    journal.accept(STOP);
    const asked = { orderId: STOP.id, because: 'a test' };
    journal.add('order.cancel-requested', asked, START_MS + 2);
    const at = (nowMs: number): number => snapshotOf(journal, NEXT, nowMs).messagesLastMinute;
    expect(at(START_MS + MINUTE_MS - 1)).toBe(3);
    expect(at(START_MS + MINUTE_MS)).toBe(2);
    expect(at(START_MS + MINUTE_MS + 2)).toBe(0);
  });
});

describe('correlation', () => {
  const moves = Array.from({ length: 31 }, (_, index) => (index % 3) - 1);
  const walk = (bars: number): Journal =>
    moves.slice(0, bars).reduce((journal, move, index) => {
      const atMs = START_MS + index * 60_000;
      return journal
        .close(BTC, `${50_000 + 100 * move}`, atMs)
        .close(ETH, `${2_000 + 4 * move}`, atMs);
    }, bought());
  const eth = sampleOrder({ id: clientOrderId('E1P3'), instrumentId: ETH.id });

  test('of another instrument is unknown before thirty returns overlap', () => {
    expect(snapshotOf(bought(), eth).positions[0]?.correlation).toBeNull();
    expect(snapshotOf(walk(29), eth).positions[0]?.correlation).toBeNull();
    expect(snapshotOf(walk(31), eth).positions[0]?.correlation).toBeCloseTo(1, 6);
  });
});

test('the picture says what it was told about the record and the venue', () => {
  const sources = {
    book: new Journal().book,
    marks: new Marks(),
    instruments: INSTRUMENTS,
    auditIntact: false,
    reconciled: false,
  };
  expect(takeSnapshot(sources, ENTRY, START_MS)).toMatchObject({
    auditIntact: false,
    reconciled: false,
  });
});

describe('marks', () => {
  test('never go back in time', () => {
    const marks = new Marks();
    marks.set(BTC.id, price('2'), 20);
    marks.set(BTC.id, price('1'), 10);
    expect(marks.get(BTC.id)).toEqual({ price: price('2'), atMs: 20 });
    marks.set(BTC.id, price('3'), 20);
    expect(marks.get(BTC.id)?.price).toBe(price('3'));
    expect(marks.get(ETH.id)).toBeUndefined();
  });
});
