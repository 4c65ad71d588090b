import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import { clientOrderId, fillId, proposalId, venueOrderId } from '../domain/ids.ts';
import { BTC } from '../domain/testing/samples.ts';
import { type DecimalText, money, NO_MONEY, price, quantity, text } from '../domain/units.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import type { Answer } from './testing/lying-venue.ts';
import type { VenueReport } from './venue.ts';

const ENTRY = orderIdFor(proposalId('P1'), 'ENTRY');
const STRANGER = clientOrderId('STRANGER');

/** An entry of 0.01 at the venue, after this answer to it. */
async function sent(answer: Answer = 'ACCEPT'): Promise<Desk> {
  const desk = await openDesk();
  desk.venue.answer = () => answer;
  await desk.engine.execute(await desk.intend('P1'));
  return desk;
}

const told = (kind: 'CANCELED' | 'EXPIRED' | 'REJECTED', clientId = ENTRY): VenueReport => ({
  kind,
  clientId,
  because: 'so it says',
});

const filled = (name: string, size: DecimalText, clientId = ENTRY): VenueReport => ({
  kind: 'FILL',
  fillId: fillId(name),
  clientId,
  instrumentId: BTC.id,
  side: 'BUY',
  quantity: quantity(size),
  price: price('50000'),
  fee: NO_MONEY,
  atMs: 0,
});

async function hear(desk: Desk, ...reports: readonly VenueReport[]): Promise<void> {
  desk.venue.report(...reports);
  await desk.engine.collect();
}

describe('an execution', () => {
  test('of an order nobody knew of is booked', async () => {
    const desk = await sent('LOST');
    desk.venue.fill(ENTRY, '50010');
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
    expect(desk.book.portfolio.cash).toBe(money('9499.9'));
  });

  test('that is reported twice is booked once', async () => {
    const desk = await sent();
    await hear(desk, filled('f', '0.01'), filled('f', '0.01'));
    await hear(desk, filled('f', '0.01'));
    expect(await desk.eventsOf('order.filled')).toHaveLength(1);
    expect(desk.book.portfolio.cash).toBe(money('9500'));
  });

  test('that two hear of at the same moment is booked once', async () => {
    const desk = await sent();
    // The ledger is at work, so that both find the order as it was.
    const busy = desk.ledger.transact(async () => {});
    desk.venue.report(filled('f', '0.01'));
    const first = desk.engine.collect();
    desk.venue.report(filled('f', '0.01'));
    const [one, two] = await Promise.all([first, desk.engine.collect(), busy]);
    expect(one.length + two.length).toBe(1);
    expect(desk.book.portfolio.cash).toBe(money('9500'));
  });

  test('that was booked before a restart is not booked again after it', async () => {
    const { clock, ledger, venue } = await sent().then(async (before) => {
      before.venue.fill(ENTRY, '50000', '0.004');
      await before.engine.collect();
      return before;
    });
    const desk = await openDesk({ clock, ledger, venue });
    await hear(desk, filled('fill-1', '0.004'));
    expect(desk.book.order(ENTRY)?.filled).toBe(quantity('0.004'));
    expect(desk.book.portfolio.cash).toBe(money('9800'));
  });

  test.each(['CANCELED', 'EXPIRED', 'REJECTED'] as const)(
    'after the order was %s is real money and is booked, and the order stays over',
    async (end) => {
      const desk = await sent();
      await hear(desk, told(end));
      expect(desk.book.order(ENTRY)?.state).toBe(end);
      await hear(desk, filled('late', '0.004'));
      expect(desk.book.order(ENTRY)).toMatchObject({ state: end, filled: quantity('0.004') });
      expect(desk.book.portfolio.cash).toBe(money('9800'));
      expect(desk.book.liveOrders()).toEqual([]);
      await hear(desk, filled('later', '0.006'));
      expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
      expect(desk.book.tradingState).toBe('ACTIVE');
    },
  );

  test.each(['CANCELED', 'EXPIRED', 'REJECTED'] as const)(
    'that comes late is protected though the order was %s',
    async (end) => {
      const desk = await sent();
      await hear(desk, told(end));
      desk.venue.report(filled('late', '0.004'));
      await desk.guard.settle();
      const stops = [...desk.venue.resting.values()].filter(({ role }) => role === 'STOP');
      expect(stops.map((stop) => text(stop.quantity))).toEqual(['0.004']);
    },
  );
});

describe('more filled than was ordered', () => {
  test('is booked, named, halts everything and calls a person', async () => {
    const desk = await sent();
    await hear(desk, filled('f-1', '0.008'), filled('f-2', '0.005'));
    expect(desk.book.order(ENTRY)).toMatchObject({
      state: 'FILLED',
      filled: quantity('0.013'),
    });
    expect(desk.book.portfolio.cash).toBe(money('9350'));
    const [over] = await desk.eventsOf('order.overfilled');
    expect(over?.body).toEqual({ orderId: ENTRY, fillId: 'f-2', excess: '0.003' });
    expect(desk.book).toMatchObject({
      tradingState: 'HALTED',
      tradingStateCode: 'ORDER_OVERFILLED',
    });
    expect(await desk.eventsOf('alarm.raised')).toMatchObject([
      { body: { code: 'ORDER_OVERFILLED', subject: ENTRY } },
    ]);
  });

  test('names of each further execution what it adds', async () => {
    const desk = await sent();
    await hear(desk, filled('f-1', '0.01'), filled('f-2', '0.002'), filled('f-3', '0.001'));
    const over = await desk.eventsOf('order.overfilled');
    expect(over.map(({ body }) => body.excess)).toEqual(['0.002', '0.001']);
  });

  test('is not what the last part is that fits exactly', async () => {
    const desk = await sent();
    await hear(desk, filled('f-1', '0.004'), filled('f-2', '0.006'));
    expect(await desk.eventsOf('order.overfilled')).toEqual([]);
    expect(desk.book.tradingState).toBe('ACTIVE');
  });
});

describe('what moves an order backwards', () => {
  test.each(['CANCELED', 'EXPIRED', 'REJECTED'] as const)(
    'is not that it is told to be %s when it is filled',
    async (end) => {
      const desk = await sent();
      await hear(desk, filled('f', '0.01'), told(end));
      expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
      expect(desk.ledger.broken).toBeUndefined();
    },
  );

  test('is not a second end, nor a late acknowledgement', async () => {
    const desk = await sent();
    await hear(desk, told('CANCELED'));
    const before = desk.ledger.head.seq;
    const accepted = {
      kind: 'ACCEPTED',
      clientId: ENTRY,
      venueOrderId: venueOrderId(`v-${ENTRY}`),
    } as const;
    await hear(desk, accepted, told('EXPIRED'), told('REJECTED'), told('CANCELED'));
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
    expect(desk.ledger.head.seq).toBe(before);
  });

  test('is not its refusal once a part of it traded: the rest has ended', async () => {
    const desk = await sent();
    await hear(desk, filled('f', '0.004'), told('REJECTED'));
    expect(desk.book.order(ENTRY)).toMatchObject({
      state: 'CANCELED',
      filled: quantity('0.004'),
    });
  });

  test('is not an acknowledgement that is repeated, of which there is one event', async () => {
    const desk = await sent();
    const accepted = {
      kind: 'ACCEPTED',
      clientId: ENTRY,
      venueOrderId: venueOrderId(`v-${ENTRY}`),
    } as const;
    await hear(desk, accepted, filled('f', '0.004'), accepted);
    expect(desk.book.order(ENTRY)?.state).toBe('PARTIALLY_FILLED');
    expect(await desk.eventsOf('order.accepted')).toHaveLength(1);
  });
});

describe('reports in whatever order, however often', () => {
  const STORY: readonly VenueReport[] = [
    { kind: 'ACCEPTED', clientId: ENTRY, venueOrderId: venueOrderId(`v-${ENTRY}`) },
    filled('f-1', '0.002'),
    filled('f-2', '0.003'),
    told('CANCELED'),
  ];
  const mangled = fc.array(fc.nat(STORY.length - 1), { maxLength: 8 }).chain((again) =>
    fc.shuffledSubarray([...STORY.keys(), ...again], {
      minLength: STORY.length + again.length,
    }),
  );

  test('lead to the same order and the same money', () =>
    fc.assert(
      fc.asyncProperty(mangled, async (order) => {
        const desk = await sent('LOST');
        for (const index of order) {
          const report = STORY[index];
          if (report !== undefined) await hear(desk, report);
        }
        expect(desk.book.order(ENTRY)).toMatchObject({
          state: 'CANCELED',
          filled: quantity('0.005'),
        });
        expect(desk.book.portfolio.cash).toBe(money('9750'));
        expect(await desk.eventsOf('order.filled')).toHaveLength(2);
        expect(desk.ledger.broken).toBeUndefined();
      }),
      { numRuns: 100 },
    ));
});

describe('a report on a stranger’s order', () => {
  test('that ended is no news of ours, but calls for a comparison before anything is opened', async () => {
    const desk = await sent();
    const before = desk.ledger.head.seq;
    await hear(desk, told('CANCELED', STRANGER));
    expect(desk.ledger.head.seq).toBe(before);
    expect(desk.engine.reconciled).toBe(false);
    await desk.engine.tend();
    expect(desk.engine.reconciled).toBe(true);
    expect(desk.book.tradingState).toBe('ACTIVE');
  });

  test('that traded is booked nowhere, stops new entries and calls a person', async () => {
    const desk = await sent();
    await hear(desk, filled('f', '0.01', STRANGER));
    expect(await desk.eventsOf('order.filled')).toEqual([]);
    expect(desk.book).toMatchObject({
      tradingState: 'REDUCING',
      tradingStateCode: 'VENUE_MISMATCH',
    });
    expect(desk.book.tradingStateBecause).toContain('STRANGER');
    expect(await desk.eventsOf('alarm.raised')).toMatchObject([
      { body: { code: 'VENUE_MISMATCH', subject: STRANGER } },
    ]);
  });

  test('does not keep us from hearing of our own', async () => {
    const desk = await sent();
    await hear(desk, told('CANCELED', STRANGER), filled('f', '0.01'));
    expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
  });
});

describe('when something may have been missed in the stream', () => {
  const verdict = (desk: Desk) => desk.engine.preview(entryOrder(desk.proposal('P9')));

  test.each([
    ['it broke off', (desk: Desk) => desk.venue.interrupt()],
    [
      'a number is missing in it',
      (desk: Desk) => {
        desk.venue.report(told('CANCELED'));
        desk.venue.loseNews();
        desk.venue.report(told('CANCELED'));
      },
    ],
  ])('because %s, nothing new is opened until it was compared', async (_, lose) => {
    const desk = await sent();
    lose(desk);
    expect(verdict(desk).code).not.toBe('RECONCILIATION_PENDING');
    await desk.engine.collect();
    expect(verdict(desk)).toMatchObject({ cleared: false, code: 'RECONCILIATION_PENDING' });
    desk.venue.unreachable = true;
    await desk.engine.tend();
    expect(verdict(desk)).toMatchObject({ code: 'RECONCILIATION_PENDING' });
    desk.venue.unreachable = false;
    desk.clock.advanceTo(desk.clock.now() + 1_000);
    await desk.engine.tend();
    desk.mark('50000');
    expect(verdict(desk).code).not.toBe('RECONCILIATION_PENDING');
  });
});
