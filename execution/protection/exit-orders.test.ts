import { describe, expect, test } from 'vitest';

import { exitGroupFor, orderIdFor } from '../../domain/entry-order.ts';
import { proposalId } from '../../domain/ids.ts';
import { orderFromText, orderToText } from '../../domain/order-record.ts';
import { positionKey } from '../../domain/portfolio.ts';
import { BTC, MOMENTUM, sampleOrder } from '../../domain/testing/samples.ts';
import { price, quantity } from '../../domain/units.ts';
import { INSTRUMENTS, Journal } from '../testing/book-of.ts';
import { closeOrder, stopOrder, targetOrder } from './exit-orders.ts';
import { holdingOf } from './holding.ts';

describe.each([
  ['BUY', 'SELL'],
  ['SELL', 'BUY'],
] as const)('the exits of a position entered by %s', (side, exitSide) => {
  const P1 = proposalId('P1');
  const entry = sampleOrder({
    id: orderIdFor(P1, 'ENTRY'),
    side,
    management: { partialTargets: [{ price: price('52000'), quantity: quantity('0.003') }] },
  });
  const { book } = new Journal().send(entry).fill(entry, '0.01', '50000');
  const position = book.portfolio.positions.get(positionKey(BTC.id, MOMENTUM));
  const holding = position && holdingOf(position, book, INSTRUMENTS);
  const slice = holding?.slices[1];
  if (holding === undefined || slice === undefined) throw new Error('two slices were planned');
  const common = {
    instrumentId: 'BTC/USD',
    strategyId: 'momentum',
    side: exitSide,
    quantity: quantity('0.007'),
    timeInForce: 'GTC',
    reduceOnly: true,
    ocoGroupId: exitGroupFor(P1, 1),
  };

  test('are a stop, a target and a close for the whole slice, in its group', () => {
    const [at, aim] = [price('49000'), price('53000')];
    const stop = { ...common, id: 'S2P1', role: 'STOP', type: 'STOP', stopPrice: at };
    const target = { ...common, id: 'T1P1', role: 'TARGET', type: 'LIMIT', limitPrice: aim };
    const close = { ...common, id: 'X3P1', role: 'EXIT', type: 'MARKET' };
    expect(stopOrder(holding, slice, at, 2)).toEqual(stop);
    expect(targetOrder(holding, slice, aim, 1)).toEqual(target);
    expect(closeOrder(holding, slice, 3)).toEqual(close);
  });

  test('are recorded as they are', () => {
    const stop = stopOrder(holding, slice, price('49000'), 1);
    expect(orderFromText(orderToText(stop))).toEqual(stop);
  });
});
