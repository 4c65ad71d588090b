import { describe, expect, test } from 'vitest';

import { clientOrderId, type InstrumentId, instrumentId, ocoGroupId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { type Random, seededRandom } from '../domain/random.ts';
import { BTC, EUR, START_MS } from '../domain/testing/samples.ts';
import { type DecimalText, price, quantity, text } from '../domain/units.ts';
import type { VenueReport } from '../execution/venue.ts';
import { LIMITS_HASH } from '../risk-kernel/limits-in-force.ts';
import { type ClearedOrder, redeem, review } from '../risk-kernel/review.ts';
import {
  CALM,
  commandFor,
  ENTRY,
  EXIT,
  held,
  SHORT_ENTRY,
} from '../risk-kernel/testing/base-case.ts';
import { costsOf } from './costs.ts';
import { SimulatedVenue } from './simulated-venue.ts';

const INSTRUMENTS: ReadonlyMap<InstrumentId, Instrument> = new Map(
  [BTC, EUR].map((instrument) => [instrument.id, instrument]),
);
/** Costs at the middle of their range, and the same every time. */
const noChance: Random = { next: () => 0 };
const venueWith = (random: Random = noChance): SimulatedVenue =>
  new SimulatedVenue(INSTRUMENTS, () => random);

/** The order as the engine would hand it over: reviewed and redeemed. */
function cleared(order: Order): ClearedOrder {
  const direction = order.side === 'SELL' ? ('LONG' as const) : ('SHORT' as const);
  const positions = order.reduceOnly ? [{ ...held('10'), direction }] : [];
  const verdict = review(commandFor(order), { ...CALM, positions });
  if (!verdict.cleared) throw new Error(`${order.id} was denied: ${verdict.code}`);
  return redeem(verdict.clearance, order, {
    nowMs: START_MS,
    snapshotSeq: CALM.seq,
    limitsHash: LIMITS_HASH,
  })!;
}

const exitOrder = (id: string, change: Partial<Order>): Order => {
  const { stopPrice: _, ...plain } = EXIT;
  return { ...plain, id: clientOrderId(id), type: 'MARKET', ...change };
};
const stop = (at: DecimalText, change: Partial<Order> = {}): Order =>
  exitOrder('S1P1', { type: 'STOP', stopPrice: price(at), ...change });
const target = (at: DecimalText, change: Partial<Order> = {}): Order =>
  exitOrder('T1P1', { role: 'TARGET', type: 'LIMIT', limitPrice: price(at), ...change });
const cover = { side: 'BUY' as const };

async function resting(...orders: readonly Order[]): Promise<SimulatedVenue> {
  const venue = venueWith();
  for (const order of orders) await venue.submit(cleared(order));
  return venue;
}

/** Each report in short: what happened to which order, at which price. */
const told = (reports: readonly VenueReport[]): string[] =>
  reports.map((report) =>
    report.kind === 'FILL'
      ? `${report.orderId} filled at ${text(report.price)}`
      : `${report.orderId} canceled`,
  );
const afterPrint = async (at: DecimalText, ...orders: readonly Order[]): Promise<string[]> => {
  const venue = await resting(...orders);
  venue.print(BTC.id, price(at));
  return told(venue.takeReports());
};
const afterRange = async (
  [low, high]: readonly [DecimalText, DecimalText],
  ...orders: readonly Order[]
): Promise<string[]> => {
  const venue = await resting(...orders);
  venue.range(BTC.id, price(low), price(high));
  return told(venue.takeReports());
};

describe('the door', () => {
  test('is shut to an order that was never redeemed, and to a copy of one that was', async () => {
    const venue = venueWith();
    const copy = { ...cleared(ENTRY) };
    for (const order of [ENTRY as ClearedOrder, copy]) {
      await expect(venue.submit(order)).rejects.toThrow('order E1P1 carries no redeemed clearance');
    }
    expect(await venue.openOrders()).toEqual([]);
  });

  test('takes a cleared order once', async () => {
    const venue = venueWith();
    expect(await venue.submit(cleared(ENTRY))).toEqual({
      kind: 'ACCEPTED',
      venueOrderId: 'sim-E1P1',
    });
    expect(await venue.submit(cleared(ENTRY))).toEqual({
      kind: 'REJECTED',
      because: 'order E1P1 already rests here',
    });
    expect(await venue.openOrders()).toEqual(['E1P1']);
  });

  test('rejects what it cannot trade', async () => {
    const both = { type: 'STOP_LIMIT', stopPrice: price('49000'), limitPrice: price('48990') };
    expect(await venueWith().submit(cleared(exitOrder('S1P1', both as Partial<Order>)))).toEqual({
      kind: 'REJECTED',
      because: 'STOP_LIMIT orders are not traded here',
    });
    const elsewhere = new SimulatedVenue(new Map([[EUR.id, EUR]]), () => noChance);
    expect(await elsewhere.submit(cleared(ENTRY))).toEqual({
      kind: 'REJECTED',
      because: 'BTC/USD is not traded here',
    });
  });
});

describe('a market order', () => {
  // Half of two basis points of spread is 5.00 at 50,000.
  test('fills whole at the next print, half the spread worse', async () => {
    expect(await afterPrint('50000', ENTRY)).toEqual(['E1P1 filled at 50005']);
    expect(await afterPrint('50000', SHORT_ENTRY)).toEqual(['E1P1 filled at 49995']);
  });

  test('is never filled by a range, nor by another instrument’s print', async () => {
    expect(await afterRange(['1', '100000'], ENTRY)).toEqual([]);
    const venue = await resting(ENTRY);
    venue.print(EUR.id, price('1.1'));
    expect(venue.takeReports()).toEqual([]);
  });

  test('slips up to its maximum, always against the order and always on the tick', async () => {
    const worst = 50_000 * (1 + (costsOf('CRYPTO').spreadBps / 2 + 3) / 10_000);
    const random = seededRandom(11);
    for (let index = 0; index < 200; index++) {
      const venue = venueWith(random);
      await venue.submit(cleared(ENTRY));
      venue.print(BTC.id, price('50000'));
      const [report] = venue.takeReports();
      if (report?.kind !== 'FILL') throw new Error('there was no fill');
      expect(report.price >= price('50005')).toBe(true);
      expect(Number(text(report.price))).toBeLessThanOrEqual(worst);
      expect(report.price % BTC.tick).toBe(0n);
    }
  });

  test('is slipped to the next tick beyond, not to the nearest', async () => {
    // 5.000001 of half spread: one whole tick more than 5.
    expect(await afterPrint('50000.01', ENTRY)).toEqual(['E1P1 filled at 50005.02']);
    expect(await afterPrint('50000.01', SHORT_ENTRY)).toEqual(['E1P1 filled at 49995']);
  });

  test('sold where there is nearly no price still gets one tick', async () => {
    expect(await afterPrint('0.01', SHORT_ENTRY)).toEqual(['E1P1 filled at 0.01']);
  });
});

describe('a stop', () => {
  test('waits for its trigger and fills there, half the spread worse', async () => {
    expect(await afterRange(['49000.01', '50000'], stop('49000'))).toEqual([]);
    expect(await afterRange(['49000', '50000'], stop('49000'))).toEqual(['S1P1 filled at 48995.1']);
    expect(await afterRange(['50000', '51000'], stop('51000', cover))).toEqual([
      'S1P1 filled at 51005.1',
    ]);
  });

  test('that the market jumps over fills at the gap, not at its trigger', async () => {
    expect(await afterPrint('45000', stop('49000'))).toEqual(['S1P1 filled at 44995.5']);
    expect(await afterPrint('55000', stop('51000', cover))).toEqual(['S1P1 filled at 55005.5']);
  });

  test('placed when the market is already beyond it gets no price that nobody traded at', async () => {
    expect(await afterRange(['44000', '45000'], stop('49000'))).toEqual(['S1P1 filled at 44995.5']);
    expect(await afterRange(['55000', '56000'], stop('51000', cover))).toEqual([
      'S1P1 filled at 55005.5',
    ]);
  });
});

describe('a limit', () => {
  test('fills at its price once the market trades there, without slipping', async () => {
    expect(await afterRange(['50000', '52999.99'], target('53000'))).toEqual([]);
    expect(await afterRange(['50000', '53000'], target('53000'))).toEqual(['T1P1 filled at 53000']);
    expect(await afterRange(['47000', '50000'], target('47000', cover))).toEqual([
      'T1P1 filled at 47000',
    ]);
  });

  test('is better at a gap', async () => {
    expect(await afterPrint('54000', target('53000'))).toEqual(['T1P1 filled at 54000']);
    expect(await afterPrint('46000', target('47000', cover))).toEqual(['T1P1 filled at 46000']);
    expect(await afterRange(['54000', '55000'], target('53000'))).toEqual(['T1P1 filled at 54000']);
  });
});

describe('orders of one group', () => {
  test('a range that touches both fills the stop, whichever was placed first', async () => {
    const expected = ['S1P1 filled at 48995.1', 'T1P1 canceled'];
    expect(await afterRange(['48000', '54000'], stop('49000'), target('53000'))).toEqual(expected);
    expect(await afterRange(['48000', '54000'], target('53000'), stop('49000'))).toEqual(expected);
  });

  test('the first that fills cancels every other, and nothing outside the group', async () => {
    const apart = { ocoGroupId: ocoGroupId('exits:P2') };
    const venue = await resting(
      stop('49000'),
      stop('48000', { id: clientOrderId('S2P1') }),
      target('53000'),
      target('54000', { id: clientOrderId('T1P2'), ...apart }),
    );
    venue.print(BTC.id, price('53000'));
    expect(venue.takeReports()).toMatchObject([
      { kind: 'FILL', orderId: 'T1P1' },
      { kind: 'CANCELED', orderId: 'S1P1', because: 'T1P1 filled first' },
      { kind: 'CANCELED', orderId: 'S2P1', because: 'T1P1 filled first' },
    ]);
    expect(await venue.openOrders()).toEqual(['T1P2']);
  });
});

describe('a fill', () => {
  test('is reported whole, once, with an id of its order', async () => {
    const venue = await resting(ENTRY);
    venue.print(BTC.id, price('50000'));
    venue.print(BTC.id, price('50001'));
    expect(venue.takeReports()).toMatchObject([{ fillId: 'E1P1-1', quantity: ENTRY.quantity }]);
    expect(venue.takeReports()).toEqual([]);
    expect(await venue.openOrders()).toEqual([]);
  });

  test('costs its fee in quote, rounded up', async () => {
    const smallest = stop('0.01', { quantity: quantity('0.00000001') });
    const venue = await resting(smallest);
    venue.print(BTC.id, price('0.01'));
    // 10⁻¹⁰ is the value and 10⁻¹³ a tenth of a percent of it; the smallest unit is 10⁻¹².
    expect(venue.takeReports()).toMatchObject([{ kind: 'FILL', fee: 1n }]);

    const large = await resting(ENTRY);
    large.print(BTC.id, price('50000'));
    const [report] = large.takeReports();
    expect(report?.kind === 'FILL' && text(report.fee)).toBe('0.140014');
  });
});

describe('a cancel', () => {
  test('is answered by a report, and false for what is not there', async () => {
    const venue = await resting(stop('49000'));
    expect(await venue.cancel(clientOrderId('S1P1'))).toBe(true);
    expect(await venue.cancel(clientOrderId('S1P1'))).toBe(false);
    expect(told(venue.takeReports())).toEqual(['S1P1 canceled']);
    venue.print(BTC.id, price('40000'));
    expect(venue.takeReports()).toEqual([]);
  });
});

describe('a seed', () => {
  const fillsOf = async (seed: number): Promise<readonly VenueReport[]> => {
    const venue = venueWith(seededRandom(seed));
    for (let index = 1; index <= 20; index++) {
      await venue.submit(cleared({ ...ENTRY, id: clientOrderId(`E${index}P1`) }));
      venue.print(BTC.id, price(`${50_000 + index}`));
    }
    return venue.takeReports();
  };

  test('gives the same fills again, and another seed gives others', async () => {
    expect(await fillsOf(1)).toEqual(await fillsOf(1));
    expect(await fillsOf(1)).not.toEqual(await fillsOf(2));
  });
});

test('orders restored after a restart rest and fill as they would have', async () => {
  const venue = venueWith();
  venue.restore([stop('49000'), target('53000')]);
  expect(await venue.openOrders()).toEqual(['S1P1', 'T1P1']);
  venue.print(BTC.id, price('45000'));
  expect(told(venue.takeReports())).toEqual(['S1P1 filled at 44995.5', 'T1P1 canceled']);
});

test('an instrument the venue does not know is named when it would fill', () => {
  const venue = venueWith();
  const stranger = instrumentId('XRP/USD');
  venue.restore([{ ...ENTRY, instrumentId: stranger }]);
  expect(() => venue.print(stranger, price('1'))).toThrow('XRP/USD is not traded here');
});
