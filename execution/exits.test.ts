import { describe, expect, test } from 'vitest';

import { orderFromText, startRecord, orderToText } from '../domain/order-record.ts';
import { proposalId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { applyFill, flatPosition } from '../domain/position.ts';
import { BTC, MOMENTUM, sampleEvent, sampleFill, sampleOrder } from '../domain/testing/samples.ts';
import { type DecimalText, price, quantity, text } from '../domain/units.ts';
import { closeOrder, type ExitSource, stopOrder, targetOrder, trailedStop } from './exits.ts';

const sourceOf = (side: Order['side'], change: Partial<Order> = {}): ExitSource => {
  const order = sampleOrder({ side, ...change });
  return {
    position: applyFill(flatPosition(BTC.id, MOMENTUM, 0), sampleFill(side, '0.5', '50000')),
    proposalId: proposalId('P1'),
    entry: startRecord(
      sampleEvent('order.submitting', {
        order: orderToText(order),
        intentId: null,
        proposalId: proposalId('P1'),
        hold: { notional: '0', risk: '0' },
        orderHash: '',
      }),
    ),
  };
};

describe.each([
  ['BUY', 'SELL'],
  ['SELL', 'BUY'],
] as const)('the exits of a position entered by %s', (side, exitSide) => {
  const source = sourceOf(side);
  const common = {
    instrumentId: 'BTC/USD',
    strategyId: 'momentum',
    side: exitSide,
    quantity: quantity('0.5'),
    timeInForce: 'GTC',
    reduceOnly: true,
    ocoGroupId: 'exits:P1',
  };

  test('are a stop, a target and a close for the whole position, in one group', () => {
    const [at, aim] = [price('49000'), price('53000')];
    const stop = { ...common, id: 'S2P1', role: 'STOP', type: 'STOP', stopPrice: at };
    const target = { ...common, id: 'T1P1', role: 'TARGET', type: 'LIMIT', limitPrice: aim };
    expect(stopOrder(source, at, 2)).toEqual(stop);
    expect(targetOrder(source, aim, 1)).toEqual(target);
    expect(closeOrder(source, 3)).toEqual({ ...common, id: 'X3P1', role: 'EXIT', type: 'MARKET' });
  });

  test('are recorded as they are', () => {
    const stop = stopOrder(source, price('49000'), 1);
    expect(orderFromText(orderToText(stop))).toEqual(stop);
  });
});

describe('a trailing stop', () => {
  const trail = (
    side: Order['side'],
    best: number,
    current: DecimalText,
    trailBps: number | undefined = 100,
  ): string | undefined => {
    const source = sourceOf(side, trailBps === undefined ? {} : { trailBps });
    const bar = side === 'BUY' ? { high: best, low: 1 } : { high: 1e6, low: best };
    const wanted = trailedStop(source, price(current), price('50000'), bar, BTC);
    return wanted === undefined ? undefined : text(wanted);
  };

  test('follows the best price of the bar at its distance, on the tick and never nearer', () => {
    expect(trail('BUY', 52_000, '49000')).toBe('51480');
    expect(trail('SELL', 48_000, '51000')).toBe('48480');
    expect(trail('BUY', 52_000.01, '49000')).toBe('51480');
    expect(trail('SELL', 48_000.01, '51000')).toBe('48480.02');
  });

  test('arms once it would lock in the entry price, and not one tick before', () => {
    expect(trail('BUY', 50_505.06, '49000')).toBe('50000');
    expect(trail('BUY', 50_505.04, '49000')).toBeUndefined();
    expect(trail('SELL', 49_504.95, '51000')).toBe('50000');
    expect(trail('SELL', 49_504.96, '51000')).toBeUndefined();
  });

  test('moves only when it gains ten basis points of itself', () => {
    // A tenth of a percent of 51,400 is 51.40.
    expect(trail('BUY', 52_000, '51428.57')).toBe('51480');
    expect(trail('BUY', 52_000, '51428.58')).toBeUndefined();
    expect(trail('SELL', 48_000, '48528.53')).toBe('48480');
    expect(trail('SELL', 48_000, '48528.52')).toBeUndefined();
  });

  test('never loosens', () => {
    expect(trail('BUY', 52_000, '51900')).toBeUndefined();
    expect(trail('SELL', 48_000, '48100')).toBeUndefined();
  });

  test('stays where the entry asked for none', () => {
    const bar = { high: 60_000, low: 1 };
    const fixed = trailedStop(sourceOf('BUY'), price('49000'), price('50000'), bar, BTC);
    expect(fixed).toBeUndefined();
  });
});
