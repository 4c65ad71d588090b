import { expect, test } from 'vitest';

import { clientOrderId, ocoGroupId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { ETH, REVERSION, sampleOrder } from '../domain/testing/samples.ts';
import { price, quantity } from '../domain/units.ts';
import { orderFingerprint, orderHash } from './order-fingerprint.ts';

const changes: Required<Order> = {
  id: clientOrderId('E1P2'),
  instrumentId: ETH.id,
  strategyId: REVERSION,
  role: 'EXIT',
  side: 'SELL',
  type: 'LIMIT',
  quantity: quantity('0.02'),
  limitPrice: price('1'),
  stopPrice: price('1'),
  timeInForce: 'IOC',
  reduceOnly: true,
  ocoGroupId: ocoGroupId('1'),
  protectiveStop: price('1'),
  target: price('1'),
  trailBps: 1,
};

test('is each field in its place, and nothing where the order has none', () => {
  const amount = quantity('0.01');
  const { protectiveStop: _, target: __, ...bare } = sampleOrder();
  expect(orderFingerprint(bare)).toBe(
    `E1P1|BTC/USD|momentum|ENTRY|BUY|MARKET|${amount}|||GTC|false||||`,
  );
  const [stop, target] = [price('49000'), price('53000')];
  expect(orderFingerprint(sampleOrder())).toBe(
    `E1P1|BTC/USD|momentum|ENTRY|BUY|MARKET|${amount}|||GTC|false||${stop}|${target}|`,
  );
  const one = price('1');
  expect(orderFingerprint(changes)).toBe(
    `E1P2|ETH/USD|reversion|EXIT|SELL|LIMIT|${changes.quantity}|${one}|${one}|IOC|true|1|${one}|${one}|1`,
  );
});

test('every field of an order has a part in its fingerprint', () => {
  const order = sampleOrder();
  const changed = Object.entries(changes).map(([name, value]) => ({ ...order, [name]: value }));
  const prints = [order, ...changed].map(orderFingerprint);
  expect(new Set(prints).size).toBe(prints.length);
});

test('the same amount in another field is another order', () => {
  const { protectiveStop: _, target: __, ...bare } = sampleOrder();
  const amount = price('1');
  const orders: Order[] = [
    { ...bare, limitPrice: amount },
    { ...bare, stopPrice: amount },
    { ...bare, protectiveStop: amount },
    { ...bare, target: amount },
  ];
  expect(new Set(orders.map(orderFingerprint)).size).toBe(orders.length);
});

test('equal orders have the same fingerprint and hash, in whatever order their fields were set', () => {
  const turned = Object.fromEntries(Object.entries(sampleOrder()).toReversed()) as unknown as Order;
  expect(orderFingerprint(turned)).toBe(orderFingerprint(sampleOrder()));
  expect(orderHash(turned)).toBe(orderHash(sampleOrder()));
  expect(orderHash(turned)).toMatch(/^[0-9a-f]{64}$/);
});
