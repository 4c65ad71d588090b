import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { HOUR_MS, ManualClock } from '../domain/clock.ts';
import { clientOrderId, type InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { BTC, ETH, EUR, REVERSION, sampleOrder, START_MS } from '../domain/testing/samples.ts';
import {
  add,
  basisPoints,
  money,
  price,
  type Price,
  type Quantity,
  quantity,
  quantityFor,
  smaller,
  subtract,
  toLot,
} from '../domain/units.ts';
import { STANDARD, tighten } from '../risk-kernel/limits-in-force.ts';
import { review } from '../risk-kernel/review.ts';
import { Marks } from './marks.ts';
import { type EntryRoom, entryRoom } from './risk-desk.ts';
import { takeSnapshot } from './risk-snapshot.ts';
import { INSTRUMENTS, Journal } from './testing/book-of.ts';

const roomOf = (
  { book }: Journal,
  direction: 'LONG' | 'SHORT' = 'LONG',
  instruments: ReadonlyMap<InstrumentId, Instrument> = INSTRUMENTS,
  limits = STANDARD,
): EntryRoom | undefined => {
  const clock = new ManualClock(START_MS);
  return entryRoom({ book, marks: new Marks(), instruments, limits, clock }, BTC.id, direction);
};
const entry = sampleOrder();

test('a fresh account has room for a tenth of its equity, at the far bound of the collar', () => {
  const journal = new Journal().close(BTC, '50000');
  const common = {
    equity: money('10000'),
    riskBpsMax: 200,
    notionalMax: money('1000'),
    quantityMax: quantity('1'),
  };
  expect(roomOf(journal)).toEqual({
    ...common,
    worstPrice: price('50500'),
    valuePrice: price('50500'),
  });
  expect(roomOf(journal, 'SHORT')).toEqual({
    ...common,
    worstPrice: price('49500'),
    valuePrice: price('50000'),
  });
});

test('there is none to speak of without a price', () => {
  expect(roomOf(new Journal())).toBeUndefined();
});

describe('room is what is left', () => {
  test('beside the positions and the holds in the same instrument', () => {
    const journal = new Journal().close(BTC, '50000').send(entry, { notional: '505', risk: '15' });
    expect(roomOf(journal)?.notionalMax).toBe(money('495'));
    journal.accept(entry).fill(entry, '0.01', '50000');
    expect(roomOf(journal)?.notionalMax).toBe(money('500'));
  });

  test('beside everything else of its kind, and never less than nothing', () => {
    const eth = sampleOrder({ instrumentId: ETH.id, quantity: quantity('2.45') });
    const journal = new Journal().close(BTC, '50000').send(eth).accept(eth);
    journal.fill(eth, '2.45', '2000');
    expect(roomOf(journal)?.notionalMax).toBe(money('100'));
    const more = { ...eth, id: clientOrderId('E1P2'), strategyId: REVERSION };
    journal.send(more, { notional: '600', risk: '1' });
    expect(roomOf(journal)?.notionalMax).toBe(0n);
  });

  test('beside everything of any kind', () => {
    const eur = sampleOrder({ instrumentId: EUR.id });
    const journal = new Journal().close(BTC, '50000');
    journal.send(eur, { notional: '7600', risk: '1' }, START_MS - 2 * HOUR_MS);
    expect(roomOf(journal, 'LONG', new Map([BTC, EUR].map((i) => [i.id, i])))?.notionalMax).toBe(
      money('400'),
    );
  });

  test('beside what was committed in the last hour, whatever became of it', () => {
    const sent = (agoMs: number): EntryRoom | undefined => {
      const journal = new Journal().close(BTC, '50000');
      journal.send(entry, { notional: '3700', risk: '15' }, START_MS - agoMs);
      return roomOf(journal.add('order.rejected', { orderId: entry.id, because: 'no' }));
    };
    expect(sent(HOUR_MS - 1)?.notionalMax).toBe(money('300'));
    expect(sent(HOUR_MS)?.notionalMax).toBe(money('1000'));
  });

  test('to the most that any single order may be worth', () => {
    const journal = new Journal('100000000').close(BTC, '50000');
    expect(roomOf(journal)?.notionalMax).toBe(money('1000000'));
  });

  test('on the rung of the drawdown ladder', () => {
    const body = { from: 0, to: 2, drawdownBps: 800 } as const;
    const journal = new Journal().close(BTC, '50000').add('drawdown.rung-changed', body);
    expect(roomOf(journal)).toMatchObject({ riskBpsMax: 50, notionalMax: money('250') });
  });

  test('under limits that are tighter than the constants', () => {
    const journal = new Journal().close(BTC, '50000');
    const limits = tighten({ positionSizeBpsMax: 500, riskPerTradeBpsMax: 100 });
    expect(roomOf(journal, 'LONG', INSTRUMENTS, limits)).toMatchObject({
      riskBpsMax: 100,
      notionalMax: money('500'),
    });
  });
});

test('the kernel takes any order that fills the room, and none a lot larger', () => {
  const marks = fc.integer({ min: 100_000, max: 10_000_000 }).map((n) => BigInt(n) * BTC.tick);
  fc.assert(
    fc.property(marks, fc.constantFrom('LONG' as const, 'SHORT' as const), (mark, direction) => {
      const journal = new Journal().close(BTC, `${Number(mark) / 1e12}`);
      const room = roomOf(journal, direction)!;
      const long = direction === 'LONG';
      const at = (bps: number): Price => {
        const distance = basisPoints(mark as Price, bps, 'up');
        return (long ? subtract(mark as Price, distance) : add(mark as Price, distance)) as Price;
      };
      const onTick = (p: Price): Price => (p - (p % BTC.tick)) as Price;
      const most = toLot(
        smaller(quantityFor(room.notionalMax, room.valuePrice, 'down'), room.quantityMax),
        BTC.lot,
        'down',
      );
      const judge = (size: Quantity): string => {
        const order = sampleOrder({
          side: long ? 'BUY' : 'SELL',
          quantity: size,
          protectiveStop: onTick(at(200)),
          target: onTick(at(-800)),
        });
        const sources = { book: journal.book, marks: new Marks(), instruments: INSTRUMENTS };
        const snapshot = takeSnapshot(
          { ...sources, auditIntact: true, reconciled: true },
          order,
          START_MS,
        );
        const verdict = review({ order, instrument: BTC, nowMs: START_MS }, snapshot);
        return verdict.cleared ? 'CLEARED' : verdict.code;
      };
      expect(judge(most)).toBe('CLEARED');
      expect(['POSITION_SIZE_EXCEEDS_MAXIMUM', 'LOTS_EXCEED_MAXIMUM']).toContain(
        judge(add(most, BTC.lot)),
      );
    }),
    { numRuns: 300 },
  );
});
