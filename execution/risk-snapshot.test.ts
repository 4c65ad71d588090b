import { describe, expect, test } from 'vitest';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/clock.ts';
import { addOrder } from '../domain/entry-order.ts';
import { clientOrderId, ocoGroupId, proposalId, venueOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { BTC, ETH, MOMENTUM, REVERSION, sampleOrder, START_MS } from '../domain/testing/samples.ts';
import { money, price, quantity, text } from '../domain/units.ts';
import { STANDARD } from '../risk-kernel/limits-in-force.ts';
import { Question } from '../risk-kernel/question.ts';
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
    ladders: [],
    locks: [],
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
        addTo: null,
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

  describe('in slices, with a stop for each', () => {
    const slice = (count: number, size: string, at: string): Order => ({
      ...STOP,
      id: clientOrderId(`S${count}P1`),
      quantity: quantity(size),
      stopPrice: price(at),
      ocoGroupId: ocoGroupId(`exits:P1:${count}`),
    });
    const near = slice(1, '0.004', '49500');
    const far = slice(2, '0.006', '49000');

    test('risks what they would lose together, and all of it until they cover all of it', () => {
      const journal = bought().send(near).accept(near).send(far);
      expect(riskOf(journal)).toBe(money('500'));
      // 0.004 × 500 and 0.006 × 1,000.
      expect(riskOf(journal.accept(far))).toBe(money('8'));
    });

    test('is reckoned at the further stop while one of a slice is being replaced', () => {
      const journal = bought().send(near).accept(near).send(far).accept(far);
      const closer = { ...far, id: clientOrderId('S3P1'), stopPrice: price('49800') };
      expect(riskOf(journal.send(closer).accept(closer))).toBe(money('8'));
      journal.add('order.canceled', { orderId: far.id, because: 'replaced' });
      // 0.004 × 500 and 0.006 × 200.
      expect(riskOf(journal)).toBe(money('3.2'));
    });

    test('is not covered by two stops of one slice', () => {
      const twin = { ...near, id: clientOrderId('S3P1'), quantity: quantity('0.006') };
      const other = { ...twin, id: clientOrderId('S4P1') };
      const journal = bought().send(twin).accept(twin).send(other).accept(other);
      expect(riskOf(journal)).toBe(money('500'));
    });

    test('counts the furthest where more rests than there is to guard', () => {
      const whole = slice(1, '0.01', '49900');
      const journal = bought().send(whole).accept(whole).send(far).accept(far);
      // 0.006 × 1,000 and only 0.004 × 100.
      expect(riskOf(journal)).toBe(money('6.4'));
    });

    test('a slice that is safe does not make up for one that is not', () => {
      const safe = slice(1, '0.004', '50100');
      const journal = bought().send(safe).accept(safe).send(far).accept(far);
      expect(riskOf(journal.close(BTC, '50200', START_MS + 1))).toBe(money('7.6'));
    });

    test('of a short lie above the mark', () => {
      const short = sampleOrder({ side: 'SELL' });
      const above: Order = { ...STOP, side: 'BUY', stopPrice: price('50400') };
      const journal = new Journal().close(BTC, '50000').send(short).accept(short);
      journal.fill(short, '0.01', '50000').send(above).accept(above);
      expect(riskOf(journal)).toBe(money('4'));
    });
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

test.each(['told', 'recorded'])(
  'a price that was %s grows old while the market stands still',
  (how) => {
    const marks = new Marks(() => 90_000);
    if (how === 'told') marks.set(BTC.id, price('50000'), START_MS);
    const snapshot = snapshotOf(new Journal().close(BTC, '50000'), ENTRY, START_MS, marks);
    expect(snapshot.mark).toEqual({ price: price('50000'), atMs: START_MS - 90_000 });
    const command = { order: ENTRY, instrument: BTC, nowMs: START_MS };
    expect(review(command, snapshot, STANDARD)).toMatchObject({
      cleared: false,
      code: 'MARKET_DATA_STALE',
    });
  },
);

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

test('less than a lot is no position: it takes no place and nothing can close it', () => {
  const dust = new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY);
  expect(snapshotOf(dust.fill(ENTRY, '0.000000005', '50000')).positions).toEqual([]);
  expect(snapshotOf(dust.fill(ENTRY, '0.000000005', '50000')).positions).toHaveLength(1);
});

describe('locks', () => {
  const sent = (order: Order = ENTRY): Journal => new Journal().close(BTC, '50000').send(order);
  const locksOf = (journal: Journal): RiskSnapshot['locks'] => snapshotOf(journal).locks;
  const because = 'a test';
  const unresolved = (side: string) => ({
    instrumentId: BTC.id,
    side,
    code: 'ORDER_UNRESOLVED',
  });
  const suspect = { instrumentId: BTC.id, side: 'BOTH', code: 'ORDER_SUSPECT' };

  test('there are none while every order is accounted for', () => {
    expect(locksOf(sent())).toEqual([]);
    expect(locksOf(sent().accept(ENTRY))).toEqual([]);
    expect(locksOf(bought())).toEqual([]);
  });

  test('an entry that nobody can tell of locks its side, and no other', () => {
    const lost = sent().add('order.unknown', { orderId: ENTRY.id, because });
    expect(locksOf(lost)).toEqual([unresolved('BUY')]);
    expect(locksOf(lost.accept(ENTRY))).toEqual([]);
    const sale = sent(sampleOrder({ side: 'SELL' }));
    expect(locksOf(sale.add('order.unknown', { orderId: ENTRY.id, because }))).toEqual([
      unresolved('SELL'),
    ]);
  });

  test('an exit that nobody can tell of locks the side of the position that it leaves', () => {
    const unheard = { orderId: STOP.id, because };
    expect(locksOf(bought().send(STOP).add('order.unknown', unheard))).toEqual([unresolved('BUY')]);
    const cover: Order = { ...STOP, side: 'BUY' };
    const covered = sent().accept(ENTRY).send(cover).add('order.unknown', unheard);
    expect(locksOf(covered)).toEqual([unresolved('SELL')]);
  });

  test('an exit that outlived its position locks the side that it would sell again', () => {
    expect(locksOf(bought().send(STOP).accept(STOP))).toEqual([]);
    expect(locksOf(sent().accept(ENTRY).send(STOP).accept(STOP))).toEqual([unresolved('BUY')]);
  });

  test('an order that the venue cannot find any more locks both sides', () => {
    const lost = sent().accept(ENTRY).add('order.suspected', { orderId: ENTRY.id, because });
    expect(locksOf(lost)).toEqual([suspect]);
    const stop = bought().send(STOP).accept(STOP);
    stop.add('order.suspected', { orderId: STOP.id, because });
    expect(locksOf(stop)).toEqual([suspect]);
    expect(locksOf(stop.accept(STOP))).toEqual([]);
  });

  test('a halted instrument is locked on both sides until it is resumed', () => {
    const halted = { instrumentId: ETH.id, code: 'POSITION_UNPROTECTED', because } as const;
    const journal = sent().accept(ENTRY).add('instrument.halted', halted);
    expect(locksOf(journal)).toEqual([
      { instrumentId: ETH.id, side: 'BOTH', code: 'INSTRUMENT_HALTED' },
    ]);
    journal.add('instrument.resumed', { instrumentId: ETH.id, because });
    expect(locksOf(journal)).toEqual([]);
  });

  test('an order of somebody else locks nothing', () => {
    const journal = sent()
      .accept(ENTRY)
      .add('order.external-found', {
        venueOrderId: venueOrderId('v9'),
        instrumentId: BTC.id,
        side: 'BUY',
        quantity: '1',
      });
    expect(locksOf(journal)).toEqual([]);
  });

  test('keep the next entry out and let the exit pass', () => {
    const journal = bought();
    const lost = { ...STOP, id: clientOrderId('S9P1'), quantity: quantity('0.001') };
    journal.send(lost).add('order.unknown', { orderId: lost.id, because });
    const ask = (order: Order): string => {
      const verdict = review(
        { order, instrument: BTC, nowMs: START_MS },
        snapshotOf(journal, order),
      );
      return verdict.cleared ? 'CLEARED' : verdict.code;
    };
    expect(ask(NEXT)).toBe('ORDER_UNRESOLVED');
    expect(ask(STOP)).toBe('CLEARED');
  });
});

describe('the adds that were planned with an entry', () => {
  const levels = [
    { price: price('49800'), quantity: quantity('0.004') },
    { price: price('49600'), quantity: quantity('0.002') },
  ];
  const LADDER = sampleOrder({ quantity: quantity('0.006'), management: { adds: levels } });
  const [NEAR, FAR] = levels.map((_, index) => addOrder(LADDER, proposalId('P1'), index)) as [
    Order,
    Order,
  ];
  const hold = { notional: '303', risk: '9' };
  const because = 'a test';
  const entered = (): Journal =>
    new Journal().close(BTC, '50000').send(LADDER, hold).accept(LADDER);
  const filled = (): Journal => entered().fill(LADDER, '0.006', '50000');

  const reserved = (journal: Journal, asked: Order = NEXT): readonly string[] =>
    snapshotOf(journal, asked)
      .holds.filter(({ addTo }) => addTo !== null)
      .map(({ notional, risk }) => `${text(notional)} ${text(risk)}`);
  const ask = (journal: Journal, order: Order): string => {
    const verdict = review({ order, instrument: BTC, nowMs: START_MS }, snapshotOf(journal, order));
    return verdict.cleared ? 'CLEARED' : verdict.code;
  };

  test('are listed as they were planned, each with the id it will be sent by', () => {
    expect(snapshotOf(entered()).ladders).toEqual([
      {
        entryId: LADDER.id,
        instrumentId: BTC.id,
        strategyId: MOMENTUM,
        side: 'BUY',
        protectiveStop: price('49000'),
        adds: [
          { orderId: NEAR.id, price: price('49800'), quantity: quantity('0.004') },
          { orderId: FAR.id, price: price('49600'), quantity: quantity('0.002') },
        ],
      },
    ]);
  });

  test('are reserved at the mark until each is sent, and then hold for themselves', () => {
    // 0.004 at 50,000 and 800 to the stop; 0.002 and 600.
    expect(reserved(entered())).toEqual(['200 3.2', '100 1.2']);
    expect(reserved(filled())).toEqual(['200 3.2', '100 1.2']);
    const one = filled().send(NEAR, { notional: '200', risk: '3.2' });
    expect(reserved(one)).toEqual(['200 3.2', '100 1.2']);
    expect(snapshotOf(one.accept(NEAR)).holds).toMatchObject([
      { addTo: LADDER.id, direction: 'LONG', strategyId: MOMENTUM, correlation: 1 },
      { addTo: LADDER.id },
    ]);
  });

  test('but the one in question, which is about to hold for itself', () => {
    expect(reserved(filled(), NEAR)).toEqual(['100 1.2']);
    expect(reserved(filled(), FAR)).toEqual(['200 3.2']);
  });

  test('are not reserved again once they were filled, refused or canceled', () => {
    const sent = filled().send(NEAR, { notional: '200', risk: '3.2' }).accept(NEAR);
    expect(reserved(sent.fill(NEAR, '0.004', '49800'))).toEqual(['100 1.2']);
    const refused = filled().send(NEAR);
    refused.add('order.rejected', { orderId: NEAR.id, because });
    expect(reserved(refused)).toEqual(['100 1.2']);
  });

  test('end with the position', () => {
    const out = sampleOrder({ ...STOP, quantity: quantity('0.006') });
    const journal = filled().send(out).accept(out).fill(out, '0.006', '49000');
    expect(reserved(journal)).toEqual([]);
    expect(snapshotOf(journal).ladders).toEqual([]);
    expect(ask(journal, NEAR)).toBe('ADD_NOT_PLANNED');
  });

  test('end with an entry that was not filled at all, and not with one that was in part', () => {
    const empty = entered().add('order.canceled', { orderId: LADDER.id, because });
    expect(reserved(empty)).toEqual([]);
    expect(ask(empty, NEAR)).toBe('ADD_NOT_PLANNED');
    const part = entered().fill(LADDER, '0.001', '50000');
    part.add('order.canceled', { orderId: LADDER.id, because });
    expect(reserved(part)).toEqual(['200 3.2', '100 1.2']);
    expect(ask(part, NEAR)).toBe('CLEARED');
  });

  test('of an entry that ended empty are no ladder, although an add of it was filled', () => {
    const journal = entered().send(NEAR).accept(NEAR).fill(NEAR, '0.004', '49800');
    journal.add('order.canceled', { orderId: LADDER.id, because });
    expect(snapshotOf(journal).ladders).toEqual([]);
    expect(ask(journal, FAR)).toBe('ADD_NOT_PLANNED');
  });

  test('clear one after the other, and nothing that was not planned does', () => {
    const journal = filled();
    const larger = { ...NEAR, quantity: quantity('0.00400001') };
    expect(ask(journal, larger)).toBe('ADD_NOT_PLANNED');
    expect(ask(journal, NEAR)).toBe('CLEARED');
    journal.send(NEAR, { notional: '200', risk: '3.2' }).accept(NEAR);
    expect(ask(journal, NEAR)).toBe('COMMAND_DUPLICATE');
    expect(ask(journal, FAR)).toBe('CLEARED');
    expect(ask(journal, { ...FAR, addTo: clientOrderId('E1P9') })).toBe('ADD_NOT_PLANNED');
  });

  test('make of an account and its ladder one position, not three', () => {
    const { count, together } = new Question(
      { order: NEXT, instrument: BTC, nowMs: START_MS },
      snapshotOf(filled()),
      STANDARD,
    ).load;
    expect([count, together]).toEqual([1, 1]);
  });

  test('are reckoned at their own price while there is no other', () => {
    const blind = new Journal().send(LADDER, hold).accept(LADDER);
    expect(reserved(blind)).toEqual(['199.2 3.2', '99.2 1.2']);
  });
});
