import { describe, expect, test } from 'vitest';

import { clientOrderId, ocoGroupId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { positionKey } from '../../domain/portfolio.ts';
import {
  BTC,
  ETH,
  MOMENTUM,
  REVERSION,
  sampleOrder,
  START_MS,
} from '../../domain/testing/samples.ts';
import { type DecimalText, price, quantity } from '../../domain/units.ts';
import { Journal } from '../../execution/testing/book-of.ts';
import { guarded } from './protection.ts';

const ENTRY = sampleOrder();
const KEY = positionKey(BTC.id, MOMENTUM);
const stop = (name: string, size: DecimalText, change: Partial<Order> = {}): Order => {
  const { protectiveStop: _, target: __, ...plain } = ENTRY;
  return {
    ...plain,
    id: clientOrderId(name),
    role: 'STOP',
    side: 'SELL',
    type: 'STOP',
    quantity: quantity(size),
    stopPrice: price('49000'),
    reduceOnly: true,
    ocoGroupId: ocoGroupId('exits:P1:0'),
    ...change,
  };
};
const S1 = stop('S1P1', '0.01');
const LATER_MS = START_MS + 60_000;

/** A position of 0.01. */
const held = (): Journal => new Journal().send(ENTRY).accept(ENTRY).fill(ENTRY, '0.01', '50000');
const since = ({ book }: Journal): number | undefined => book.unprotectedSince(KEY);

describe('a position is without protection', () => {
  test('from its fill until its stop rests at the venue', () => {
    const journal = held();
    expect(since(journal)).toBe(START_MS);
    journal.send(S1);
    expect(since(journal)).toBe(START_MS);
    expect(since(journal.accept(S1))).toBeUndefined();
  });

  test('after it turned around, whatever rests for what it was', () => {
    const flipped = held().send(S1).accept(S1);
    const exit = stop('X1P1', '0.03', { role: 'EXIT', type: 'MARKET' });
    flipped.send(exit).accept(exit).fill(exit, '0.02', '50000');
    expect(flipped.book.portfolio.positions.get(KEY)?.quantity).toBe(quantity('-0.01'));
    expect(since(flipped)).toBe(START_MS);
  });

  test('but not for less than a lot, which nobody could sell', () => {
    const dust = new Journal().send(ENTRY).accept(ENTRY).fill(ENTRY, '0.000000005', '50000');
    expect(dust.book.portfolio.positions.has(KEY)).toBe(true);
    expect(since(dust)).toBeUndefined();
  });

  test('while nobody knows whether its stop arrived', () => {
    const journal = held().send(S1).add('order.unknown', { orderId: S1.id, because: 'lost' });
    expect(since(journal)).toBe(START_MS);
  });

  test('while its stop is smaller, or is of another instrument or strategy', () => {
    for (const other of [
      stop('S1P1', '0.009'),
      stop('S1P1', '0.01', { instrumentId: ETH.id }),
      stop('S1P1', '0.01', { strategyId: REVERSION }),
      stop('S1P1', '0.01', { role: 'TARGET', type: 'LIMIT', limitPrice: price('53000') }),
    ])
      expect(since(held().send(other).accept(other))).toBe(START_MS);
  });

  test.each(['order.canceled', 'order.expired', 'order.rejected', 'order.suspected'] as const)(
    'again from the moment of its stop’s %s',
    (end) => {
      const journal = held().send(S1).accept(S1);
      journal.add(end, { orderId: S1.id, because: 'a test' }, LATER_MS);
      expect(since(journal)).toBe(LATER_MS);
      // Time that passes does not start the clock anew.
      journal.close(BTC, '50000', LATER_MS + 60_000);
      const second = stop('S2P1', '0.009');
      expect(since(journal.send(second).accept(second))).toBe(LATER_MS);
    },
  );

  test('again when it grows beyond its stop', () => {
    const journal = new Journal().send(ENTRY).fill(ENTRY, '0.004', '50000');
    const small = stop('S1P1', '0.004');
    expect(since(journal.send(small).accept(small))).toBeUndefined();
    expect(since(journal.fill(ENTRY, '0.006', '50000'))).toBe(START_MS);
  });
});

describe('a position is protected', () => {
  test('still while the cancel of its stop is only asked for, and not after it', () => {
    const journal = held().send(S1).accept(S1);
    journal.add('order.cancel-requested', { orderId: S1.id, because: 'a test' });
    expect(since(journal)).toBeUndefined();
  });

  test('still when its stop has filled in part, for what is left', () => {
    const journal = held().send(S1).accept(S1).fill(S1, '0.004', '49000');
    expect(since(journal)).toBeUndefined();
  });

  test('when it is flat, by whatever closed it', () => {
    const close = stop('X1P1', '0.01', { role: 'EXIT', type: 'MARKET' });
    expect(since(held().send(close).fill(close, '0.01', '50000'))).toBeUndefined();
  });

  test('by the stops of its slices together', () => {
    const near = stop('S1P1', '0.004');
    const far = stop('S2P1', '0.006', { ocoGroupId: ocoGroupId('exits:P1:1') });
    const journal = held().send(near).accept(near);
    expect(since(journal)).toBe(START_MS);
    expect(since(journal.send(far).accept(far))).toBeUndefined();
  });

  test('not by two stops of one slice, of which only one can fill', () => {
    const old = stop('S1P1', '0.005');
    const next = stop('S2P1', '0.006');
    const { book } = held().send(old).accept(old).send(next).accept(next);
    const position = book.portfolio.positions.get(KEY);
    expect(position && guarded(position, book.liveOrders())).toBe(quantity('0.006'));
    expect(book.unprotectedSince(KEY)).toBe(START_MS);
  });
});
