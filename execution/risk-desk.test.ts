import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId } from '../domain/ids.ts';
import { BTC, ETH, REVERSION, sampleOrder, START_MS } from '../domain/testing/samples.ts';
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
import { review } from '../risk-kernel/review.ts';
import { Marks } from './marks.ts';
import { type EntryRoom, entryRoom } from './risk-desk.ts';
import { takeSnapshot } from './risk-snapshot.ts';
import { INSTRUMENTS, Journal } from './testing/book-of.ts';

const roomOf = (journal: Journal, direction: 'LONG' | 'SHORT' = 'LONG'): EntryRoom | undefined =>
  entryRoom(
    {
      book: journal.book,
      marks: new Marks(),
      instruments: INSTRUMENTS,
    },
    BTC.id,
    direction,
  );
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

  test('beside everything else, and never less than nothing', () => {
    const eth = sampleOrder({ instrumentId: ETH.id, quantity: quantity('4.75') });
    const journal = new Journal().close(BTC, '50000').send(eth).accept(eth);
    journal.fill(eth, '4.75', '2000');
    expect(roomOf(journal)?.notionalMax).toBe(money('500'));
    const more = { ...eth, id: clientOrderId('E1P2'), strategyId: REVERSION };
    journal.send(more, { notional: '600', risk: '1' });
    expect(roomOf(journal)?.notionalMax).toBe(0n);
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
