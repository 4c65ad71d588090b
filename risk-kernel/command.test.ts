import { describe, expect, test } from 'vitest';

import type { Order } from '../domain/order.ts';
import { price, quantity, text } from '../domain/units.ts';
import { expectedPrice, holdOf, worstCase, worstPrice } from './command.ts';
import { ENTRY, EXIT, SHORT_ENTRY } from './testing/base-case.ts';

const MARK = price('50000');
const limit = (order: Order, at: string): Order => ({
  ...order,
  type: 'LIMIT',
  limitPrice: price(at),
});
const stop = (order: Order, at: string): Order => ({
  ...order,
  type: 'STOP',
  stopPrice: price(at),
});

describe('the worst price of', () => {
  test.each<[string, Order, string]>([
    ['a purchase at the market is a collar above it', ENTRY, '50500'],
    ['a sale at the market a collar below it', SHORT_ENTRY, '49500'],
    ['a limit is the limit', limit(ENTRY, '49900'), '49900'],
    ['a limit that asks more is the limit', limit(ENTRY, '50400'), '50400'],
    ['a purchase above a trigger is a collar above that', stop(ENTRY, '50100'), '50601'],
    ['a purchase whose trigger was passed is as at the market', stop(ENTRY, '49000'), '50500'],
    ['a sale below a trigger is a collar below that', stop(SHORT_ENTRY, '49900'), '49401'],
    ['a sale whose trigger was passed is as at the market', stop(SHORT_ENTRY, '51000'), '49500'],
    [
      'a stop with a limit is the limit',
      { ...stop(ENTRY, '50100'), type: 'STOP_LIMIT', limitPrice: price('50200') },
      '50200',
    ],
  ])('%s', (_, order, worst) => {
    expect(text(worstPrice(order, MARK))).toBe(worst);
  });

  test('the collar is rounded away from the mark', () => {
    const mark = price('0.00000000015');
    expect(text(worstPrice(ENTRY, mark))).toBe('0.000000000152');
    expect(text(worstPrice(SHORT_ENTRY, mark))).toBe('0.000000000148');
  });
});

test('the expected price is the limit, the trigger or the mark', () => {
  expect(expectedPrice(ENTRY, MARK)).toBe(MARK);
  expect(text(expectedPrice(limit(ENTRY, '49900'), MARK))).toBe('49900');
  expect(text(expectedPrice(stop(ENTRY, '50100'), MARK))).toBe('50100');
});

describe('what an entry may come to cost', () => {
  const { protectiveStop: _, ...bare } = ENTRY;

  test.each<[string, Order, string, string]>([
    ['a purchase: its worst price, and from there to the stop', ENTRY, '141.4', '4.2'],
    ['a sale: the mark, and from the worst price to the stop', SHORT_ENTRY, '140', '4.2'],
    ['a purchase that waits below the mark: the mark', limit(ENTRY, '49500'), '140', '1.4'],
    ['a sale that waits above it: its limit', limit(SHORT_ENTRY, '50400'), '141.12', '1.68'],
    ['an entry without a stop: everything', bare, '141.4', '141.4'],
  ])('%s', (__, order, notional, risk) => {
    const worst = worstCase(order, MARK);
    expect([text(worst.notional), text(worst.risk)]).toEqual([notional, risk]);
  });

  test('is rounded up', () => {
    const mark = price('0.1');
    const sliver = { ...ENTRY, quantity: quantity('0.000000000001'), protectiveStop: price('0.1') };
    const worst = worstCase(sliver, mark);
    expect([worst.notional, worst.risk]).toEqual([1n, 1n]);
  });

  test('is what is held for it, and an exit holds nothing', () => {
    const held = holdOf(ENTRY, MARK);
    expect([text(held.notional), text(held.risk)]).toEqual(['141.4', '4.2']);
    expect(holdOf(EXIT, MARK)).toMatchObject({ notional: 0n, risk: 0n });
    expect(holdOf(ENTRY, undefined)).toMatchObject({ notional: 0n, risk: 0n });
  });
});
