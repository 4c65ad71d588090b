import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Room } from '../coordination/ports.ts';
import { BTC, EUR } from '../domain/testing/samples.ts';
import {
  add,
  basisPoints,
  type Money,
  money,
  notional,
  type Price,
  price,
  type Quantity,
  quantity,
  subtract,
  text,
} from '../domain/units.ts';
import { sizeEntry } from './sizing.ts';

const ROOM: Room = {
  equity: money('10000'),
  riskBpsMax: 200,
  notionalMax: money('1000'),
  quantityMax: quantity('1'),
  worstPrice: price('50500'),
  valuePrice: price('50500'),
};

describe('worked by hand', () => {
  test('half a percent over a distance of 20,500 is limited by risk', () => {
    const size = sizeEntry(ROOM, 50, price('30000'), 'LONG', BTC);
    expect(size).toEqual({
      quantity: quantity('0.00243902'),
      wanted: quantity('0.00243902'),
      limitedBy: 'risk',
    });
  });

  test('a near stop wants more than the position may be worth, less its margin', () => {
    const size = sizeEntry(ROOM, 100, price('49500'), 'LONG', BTC);
    // 970 of the 1,000 at 50,500.
    expect(text(size.quantity)).toBe('0.01920792');
    expect(text(size.wanted)).toBe('0.1');
    expect(size.limitedBy).toBe('position size');
  });

  test('no order is larger than the lots allowed', () => {
    const size = sizeEntry(
      { ...ROOM, quantityMax: quantity('0.001') },
      50,
      price('30000'),
      'LONG',
      BTC,
    );
    expect(text(size.quantity)).toBe('0.001');
    expect(size.limitedBy).toBe('lots');
  });

  test('a short is sized by the way up to its stop, and valued at the mark', () => {
    const room = { ...ROOM, worstPrice: price('49500'), valuePrice: price('50000') };
    expect(text(sizeEntry(room, 50, price('70000'), 'SHORT', BTC).quantity)).toBe('0.00243902');
    expect(text(sizeEntry(room, 200, price('50500'), 'SHORT', BTC).quantity)).toBe('0.0194');
  });

  test('a strategy that wants to risk more than the kernel allows gets what is allowed', () => {
    const most = sizeEntry(ROOM, 200, price('30000'), 'LONG', BTC);
    expect(sizeEntry(ROOM, 5_000, price('30000'), 'LONG', BTC)).toEqual(most);
  });
});

describe('nothing fits', () => {
  test.each([
    ['where the stop is at the worst fill', ROOM, price('50500')],
    ['where the stop is beyond it', ROOM, price('60000')],
    ['where there is no room', { ...ROOM, notionalMax: money('0') }, price('49000')],
    ['where there is no equity', { ...ROOM, equity: money('0') }, price('49000')],
  ])('%s', (_, room, stop) => {
    expect(sizeEntry(room, 100, stop, 'LONG', BTC).quantity).toBe(0n);
  });

  test('where less than one lot would be too much', () => {
    const room = { ...ROOM, worstPrice: price('1.1'), valuePrice: price('1.1') };
    const tiny = { ...room, notionalMax: money('1') };
    expect(sizeEntry(tiny, 100, price('1'), 'LONG', EUR).quantity).toBe(0n);
  });
});

test('no size risks more, is worth more or is larger than the room, and it is on the lot', () => {
  const cents = (min: number, max: number): fc.Arbitrary<bigint> =>
    fc.integer({ min, max }).map((n) => BigInt(n) * BTC.tick);
  fc.assert(
    fc.property(
      cents(0, 10_000_000),
      cents(0, 1_000_000),
      cents(100, 10_000_000),
      cents(1, 9_000_000),
      fc.integer({ min: 0, max: 1_000 }),
      fc.boolean(),
      (equity, notionalMax, at, away, riskBps, long) => {
        const worstPrice = at as Price;
        const stop = (
          long ? subtract(worstPrice, away as Price) : add(worstPrice, away as Price)
        ) as Price;
        const room: Room = {
          ...ROOM,
          equity: equity as Money,
          notionalMax: notionalMax as Money,
          worstPrice,
          valuePrice: worstPrice,
        };
        const size = sizeEntry(room, riskBps, stop, long ? 'LONG' : 'SHORT', BTC);
        const lost = notional(away as Price, size.quantity, 'up');
        const allowed = basisPoints(room.equity, Math.min(riskBps, room.riskBpsMax), 'down');
        expect(lost <= allowed).toBe(true);
        expect(notional(worstPrice, size.quantity, 'up') <= room.notionalMax).toBe(true);
        expect(size.quantity <= room.quantityMax).toBe(true);
        expect(size.quantity <= size.wanted).toBe(true);
        expect(size.quantity % BTC.lot).toBe(0n as Quantity);
        expect(size.quantity >= 0n).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
});

describe('planned adds', () => {
  const adds = [
    { price: price('45000'), ratio: 10n ** 12n },
    { price: price('40000'), ratio: 2n * 10n ** 12n },
  ];
  const long = (room: Partial<Room>, riskBps: number) =>
    sizeEntry({ ...ROOM, ...room }, riskBps, price('30000'), 'LONG', BTC, adds);

  test('count as filled when the loss at the stop is reckoned', () => {
    // One unit loses 20,500, one more 15,000 and two more 10,000 each: 55,500 for 50 of equity.
    expect(text(long({}, 50).quantity)).toBe('0.0009009');
  });

  test('count as bought when the value of the position is reckoned', () => {
    // 970 over four units at the mark: 50,500 × 4.
    const { quantity: size, limitedBy } = long({ riskBpsMax: 10_000 }, 10_000);
    expect([text(size), limitedBy]).toEqual(['0.00480198', 'position size']);
  });

  test('count when the lots are reckoned', () => {
    const { quantity: size, limitedBy } = long({ quantityMax: quantity('0.002') }, 200);
    expect([text(size), limitedBy]).toEqual(['0.0005', 'lots']);
  });

  test('of a short are valued where they would be sold', () => {
    const up = [{ price: price('60000'), ratio: 10n ** 12n }];
    const room = { ...ROOM, riskBpsMax: 10_000 };
    const { quantity: size } = sizeEntry(room, 10_000, price('70000'), 'SHORT', BTC, up);
    // 970 over 50,500 and 60,000.
    expect(text(size)).toBe('0.00877828');
  });
});
