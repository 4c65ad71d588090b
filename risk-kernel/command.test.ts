import { describe, expect, test } from 'vitest';

import type { Order } from '../domain/order.ts';
import { price, quantity, text } from '../domain/units.ts';
import { expectedPrice, fullQuantity, holdOf, worstCase, worstPrice } from './command.ts';
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

describe('what an entry and its planned adds may come to cost together', () => {
  const plan = (...levels: readonly (readonly [at: string, size: string])[]): Partial<Order> => ({
    management: {
      adds: levels.map(([at, size]) => ({ price: price(at), quantity: quantity(size) })),
    },
  });

  test.each<[string, Order, string, string]>([
    // 141.4 and 70 and 35 at the mark; 4.2, 0.0014 × 600 and 0.0007 × 300 to the stop.
    ['bought', { ...ENTRY, ...plan(['49600', '0.0014'], ['49300', '0.0007']) }, '246.4', '5.25'],
    // A sale waits above the mark and is worth what it sells for.
    ['sold', { ...SHORT_ENTRY, ...plan(['50400', '0.0014']) }, '210.56', '5.04'],
    ['not planned', { ...ENTRY, ...plan() }, '141.4', '4.2'],
  ])('%s', (_, order, notional, risk) => {
    const worst = worstCase(order, MARK);
    expect([text(worst.notional), text(worst.risk)]).toEqual([notional, risk]);
    expect(worst.price).toBe(worstPrice(order, MARK));
  });

  test('is not what the entry itself holds', () => {
    const order = { ...ENTRY, ...plan(['49600', '0.0014']) };
    expect(holdOf(order, MARK)).toEqual(holdOf(ENTRY, MARK));
  });

  test('each add is rounded up by itself, as it will be when it is sent', () => {
    const sliver = plan(['0.1', '0.000000000001'], ['0.09', '0.000000000001']);
    const order: Order = { ...ENTRY, ...sliver, protectiveStop: price('0.05') };
    const [worst, own] = [worstCase(order, price('0.1')), holdOf(order, price('0.1'))];
    expect(worst.notional - own.notional).toBe(2n);
    expect(worst.risk - own.risk).toBe(2n);
  });

  test('as much as the order and every add is what it may come to hold', () => {
    expect(fullQuantity(ENTRY)).toBe(ENTRY.quantity);
    const order = { ...ENTRY, ...plan(['49600', '0.0014'], ['49300', '0.0007']) };
    expect(text(fullQuantity(order))).toBe('0.0049');
  });
});
