import { describe, expect, test } from 'vitest';

import { ManualClock } from '../domain/clock.ts';
import { BTC, START_MS } from '../domain/testing/samples.ts';
import { money, price, quantity } from '../domain/units.ts';
import { cleared } from '../execution/testing/cleared-order.ts';
import { venueContract } from '../execution/venue.contract.ts';
import type { ClearedOrder } from '../risk-kernel/review.ts';
import { ENTRY, EXIT } from '../risk-kernel/testing/base-case.ts';
import { Exchange } from './exchange.ts';
import { FAULT_PROFILES } from './fault-profiles.ts';
import { SimulatedVenue } from './simulated-venue.ts';
import { INSTRUMENTS } from './testing/exchanges.ts';

const options = () => ({
  instruments: INSTRUMENTS,
  currency: 'USD',
  cash: money('10000'),
  clock: new ManualClock(START_MS),
  seed: 7,
});

venueContract('the simulated venue', () => {
  const given = options();
  const venue = new SimulatedVenue(given);
  return { venue, clock: given.clock, print: (at) => venue.print(BTC.id, price(at)) };
});

describe('the door', () => {
  test('is shut to an order that was never redeemed, and to a copy of one that was', async () => {
    const venue = new SimulatedVenue(options());
    const copy = { ...cleared(ENTRY) };
    for (const order of [ENTRY as ClearedOrder, copy]) {
      await expect(venue.submit(order, START_MS)).rejects.toThrow(
        'order E1P1 carries no redeemed clearance',
      );
    }
    expect(await venue.openOrders()).toEqual([]);
  });
});

test('a process that begins anew finds on it what the ledger knew', async () => {
  const venue = new SimulatedVenue(options());
  const record = {
    order: { ...EXIT, quantity: quantity('0.01') },
    filled: quantity('0.004'),
    submittedAtMs: START_MS - 1,
    venueOrderId: null,
  };
  const positions = new Map([[BTC.id, quantity('0.006')]]);
  venue.restore({ orders: [record], cash: money('9000'), positions });
  expect(await venue.openOrders()).toMatchObject([{ clientId: EXIT.id, filled: record.filled }]);
  expect(await venue.balances()).toEqual({ currency: 'USD', cash: money('9000'), positions });
  venue.print(BTC.id, price('48000'));
  expect(await venue.order(EXIT.id)).toMatchObject({ status: 'FILLED', filled: quantity('0.01') });
});

test('two clients of one exchange see the same orders and are each told of them', async () => {
  const given = options();
  const exchange = new Exchange(given);
  const [first, second] = [
    new SimulatedVenue(given, exchange),
    new SimulatedVenue(given, exchange),
  ];
  await first.submit(cleared(ENTRY), START_MS);
  expect(await second.openOrders()).toEqual(await first.openOrders());
  first.print(BTC.id, price('50000'));
  expect(second.takeNews()).toEqual(first.takeNews());
  expect(await second.balances()).toEqual(await first.balances());
});

test('a client that connects later is told only of what happens from then on', async () => {
  const given = options();
  const exchange = new Exchange(given);
  await new SimulatedVenue(given, exchange).submit(cleared(ENTRY), START_MS);
  const later = new SimulatedVenue(given, exchange);
  expect(later.takeNews().reports).toEqual([]);
  later.print(BTC.id, price('50000'));
  expect(later.takeNews().reports).toMatchObject([{ seq: 2, report: { kind: 'FILL' } }]);
});

test.each(['print', 'range'] as const)('a late order is there before the next %s', async (how) => {
  const given = options();
  const profile = { ...FAULT_PROFILES.calm, lateRequestChance: 1, lateRequestMsMax: 1_000 };
  const venue = new SimulatedVenue({ ...given, profile });
  const limited = { ...ENTRY, type: 'LIMIT' as const, limitPrice: price('49900') };
  expect((await venue.submit(cleared(limited), START_MS)).kind).toBe('UNKNOWN');
  given.clock.advanceTo(START_MS + 1_000);
  if (how === 'print') venue.print(BTC.id, price('49900'));
  else venue.range(BTC.id, price('49900'), price('50000'));
  expect(await venue.fills(0)).toHaveLength(1);
});
