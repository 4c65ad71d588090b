import { describe, expect, test } from 'vitest';

import { MINUTE_MS } from '../domain/clock.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import { type InstrumentId, proposalId, venueOrderId } from '../domain/ids.ts';
import type { TradeProposal } from '../domain/proposal.ts';
import { BTC, ETH, REVERSION } from '../domain/testing/samples.ts';
import { money, type Quantity, quantity } from '../domain/units.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import type { Answer } from './testing/lying-venue.ts';
import { VenueError, type VenueFault, type VenueOrder } from './venue.ts';

const ENTRY = orderIdFor(proposalId('P1'), 'ENTRY');
const STOP = orderIdFor(proposalId('P1'), 'STOP');
/** The venue's acceptance window and the slack beyond it. */
const WINDOW_S = 6;
/** The first time that it is asked after that. */
const LOOK_S = 8;

/** An entry of 0.01 after this answer to it. */
async function sent(answer: Answer = 'LOST'): Promise<Desk> {
  const desk = await openDesk();
  desk.venue.answer = ({ id }) => (id === ENTRY ? answer : 'ACCEPT');
  await desk.engine.execute(await desk.intend('P1'));
  await desk.wait(0);
  return desk;
}

/** The next seconds, each looked at. */
async function seconds(desk: Desk, count: number): Promise<void> {
  for (let second = 0; second < count; second++) {
    desk.mark('50000');
    desk.mark('2000', ETH);
    await desk.wait(1_000);
  }
}

const stateOf = (desk: Desk) => desk.book.order(ENTRY)?.state;
const sends = (desk: Desk): number => desk.venue.received.filter(({ id }) => id === ENTRY).length;
const verdict = (desk: Desk, change: Partial<TradeProposal> = {}) =>
  desk.engine.preview(
    entryOrder(desk.proposal('P2', { strategyId: REVERSION, quantity: '0.001', ...change })),
  );
const SHORT = { direction: 'SHORT', stop: '51000', target: '47000' } as const;
const IN_ETH = {
  instrumentId: ETH.id,
  quantity: '0.1',
  referencePrice: '2000',
  stop: '1960',
  target: '2120',
} as const;

describe('while nobody knows what became of an order', () => {
  test('nothing new is opened in its instrument on its side, and elsewhere it is', async () => {
    const desk = await sent('TIMEOUT');
    desk.mark('2000', ETH);
    expect(verdict(desk)).toMatchObject({ cleared: false, code: 'ORDER_UNRESOLVED' });
    expect(verdict(desk, SHORT).code).not.toBe('ORDER_UNRESOLVED');
    expect(verdict(desk, IN_ETH)).toMatchObject({ cleared: true });
  });

  test('the lock outlives the process', async () => {
    const { clock, ledger, venue } = await sent('TIMEOUT');
    venue.unreachable = true;
    const desk = await openDesk({ clock, ledger, venue });
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    venue.unreachable = false;
    await desk.engine.reconcile();
    expect(verdict(desk)).toMatchObject({ code: 'ORDER_UNRESOLVED' });
  });
});

describe('an order that was lost is asked for by its own id', () => {
  test('after a second, and is open once it is found', async () => {
    const desk = await sent('LOST');
    desk.clock.advanceTo(desk.clock.now() + 999);
    await desk.engine.tend();
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    desk.clock.advanceTo(desk.clock.now() + 1);
    await desk.engine.tend();
    expect(desk.book.order(ENTRY)).toMatchObject({ state: 'OPEN', venueOrderId: `v-${ENTRY}` });
    expect(verdict(desk).code).not.toBe('ORDER_UNRESOLVED');
    expect(sends(desk)).toBe(1);
  });

  test('and is filled once it is found filled, though nobody ever reported it', async () => {
    const desk = await sent('LOST');
    desk.venue.fill(ENTRY, '50010', '0.004');
    desk.venue.fill(ENTRY, '50020', '0.006');
    desk.venue.loseNews();
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('FILLED');
    expect(desk.book.portfolio.cash).toBe(money('9499.84'));
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });

  test('and is over once it is found ended, with what it traded', async () => {
    const desk = await sent('LOST');
    desk.venue.fill(ENTRY, '50000', '0.004');
    desk.venue.end(ENTRY, 'CANCELED', 'by hand');
    desk.venue.loseNews();
    await seconds(desk, 1);
    expect(desk.book.order(ENTRY)).toMatchObject({
      state: 'CANCELED',
      filled: quantity('0.004'),
    });
  });

  test('and whose executions are late is compared until they are here', async () => {
    const desk = await sent('LOST');
    desk.venue.fill(ENTRY, '50000');
    desk.venue.loseNews();
    const { fills, balances } = desk.venue;
    const before = await openDesk().then(({ venue }) => venue.balances());
    desk.venue.fills = async () => [];
    desk.venue.balances = async () => before;
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('OPEN');
    Object.assign(desk.venue, { fills, balances });
    await seconds(desk, 5);
    expect(stateOf(desk)).toBe('FILLED');
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });

  test('less and less often, but never less than once a minute', async () => {
    const desk = await sent('TIMEOUT');
    const asked: number[] = [];
    const start = desk.clock.now();
    desk.venue.order = async () => {
      asked.push((desk.clock.now() - start) / 1_000);
      throw new VenueError('UNREACHABLE', 'nobody answers');
    };
    for (let second = 0; second < 260; second++) {
      desk.clock.advanceTo(desk.clock.now() + 1_000);
      await desk.engine.tend();
    }
    expect(asked).toEqual([1, 2, 4, 8, 16, 32, 64, 124, 184, 244]);
  });

  test('and is canceled when that was wanted meanwhile', async () => {
    const desk = await sent('LOST');
    desk.venue.answerCancel = () => 'LOST';
    await desk.engine.cancel(ENTRY, 'a test');
    desk.venue.answerCancel = () => 'ACCEPT';
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('CANCELED');
    expect(desk.venue.resting.has(ENTRY)).toBe(false);
  });

  test('and is canceled when that was wanted, though the stream was first to find it', async () => {
    const desk = await sent('LOST');
    desk.venue.answerCancel = () => 'LOST';
    await desk.engine.cancel(ENTRY, 'a test');
    desk.venue.answerCancel = () => 'ACCEPT';
    const { venueOrderId } = (await desk.venue.order(ENTRY)) as VenueOrder;
    desk.venue.report({ kind: 'ACCEPTED', clientId: ENTRY, venueOrderId });
    await desk.engine.collect();
    expect(stateOf(desk)).toBe('OPEN');
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('CANCELED');
  });
});

describe('an order that never arrived', () => {
  test('is over when it can not arrive any more and nothing at the venue knows it, twice', async () => {
    const desk = await sent('TIMEOUT');
    await seconds(desk, LOOK_S);
    // Found nowhere once: not enough.
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('REJECTED');
    expect(verdict(desk)).toMatchObject({ cleared: true });
    const [rejected] = await desk.eventsOf('order.rejected');
    expect(rejected?.body.because).toBe('it never reached the venue');
    expect(rejected?.actor.kind).toBe('SYSTEM');
    expect(sends(desk)).toBe(1);
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('is not over while it may still arrive, however often it is not found', async () => {
    const desk = await sent('TIMEOUT');
    for (let times = 0; times < WINDOW_S * 10; times++) {
      desk.clock.advanceTo(desk.clock.now() + 100);
      await desk.engine.tend();
    }
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    const [order] = desk.venue.received;
    if (order !== undefined) desk.venue.land(order);
    await seconds(desk, 2);
    expect(stateOf(desk)).toBe('OPEN');
  });

  test.each<VenueFault>(['RATE_LIMITED', 'UNREACHABLE', 'AUTH', 'AMBIGUOUS'])(
    'stays unknown for as long as asking for it fails with %s',
    async (fault) => {
      const desk = await sent('TIMEOUT');
      desk.venue.order = () => Promise.reject(new VenueError(fault, 'no'));
      await seconds(desk, 600);
      expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    },
  );

  test.each(['openOrders', 'history', 'fills', 'balances'] as const)(
    'stays unknown while %s can not be asked for',
    async (question) => {
      const desk = await sent('TIMEOUT');
      const fail = () => Promise.reject(new VenueError('UNREACHABLE', 'nobody answers'));
      Object.assign(desk.venue, { [question]: fail });
      await seconds(desk, 120);
      expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    },
  );

  test.each<[string, (desk: Desk, order: VenueOrder) => void, string]>([
    [
      'the open orders know it',
      ({ venue }, order) => {
        venue.openOrders = async () => [order];
      },
      'OPEN',
    ],
    [
      'the history knows it',
      ({ venue }, order) => {
        venue.history = async () => [{ ...order, status: 'CANCELED' }];
      },
      'CANCELED',
    ],
  ])('is not what it is when %s', async (_, tell, state) => {
    const desk = await sent('LOST');
    const order = (await desk.venue.order(ENTRY)) as VenueOrder;
    desk.venue.forgotten.add(ENTRY);
    tell(desk, order);
    await seconds(desk, LOOK_S + 1);
    expect(stateOf(desk)).toBe(state);
    expect(await desk.eventsOf('order.rejected')).toEqual([]);
  });

  test('is not what it is when the stream has just told of it', async () => {
    const desk = await sent('LOST');
    desk.venue.forgotten.add(ENTRY);
    await seconds(desk, LOOK_S);
    desk.venue.report({
      kind: 'ACCEPTED',
      clientId: ENTRY,
      venueOrderId: venueOrderId(`v-${ENTRY}`),
    });
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('OPEN');
  });

  test('is not what it is when only its executions are known', async () => {
    const desk = await sent('LOST');
    desk.venue.fill(ENTRY, '50000');
    desk.venue.loseNews();
    const fills = await desk.venue.fills();
    desk.venue.forgotten.add(ENTRY);
    desk.venue.fills = async () => fills;
    await seconds(desk, LOOK_S + 1);
    expect(stateOf(desk)).toBe('FILLED');
  });

  test.each<[string, Partial<{ cash: string; positions: Map<InstrumentId, Quantity> }>]>([
    ['cash', { cash: '9500' }],
    ['position', { positions: new Map([[BTC.id, quantity('0.01')]]) }],
  ])('is not what it is when only the %s has changed', async (_, { cash, positions }) => {
    const desk = await sent('LOST');
    desk.venue.forgotten.add(ENTRY);
    desk.venue.balances = async () => ({
      currency: 'USD',
      cash: money(cash ?? '10000'),
      positions: positions ?? new Map(),
    });
    await seconds(desk, 300);
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    expect(verdict(desk).cleared).toBe(false);
  });

  test('must not be found two times in a row: a failure to be missed starts it anew', async () => {
    const desk = await sent('LOST');
    const order = (await desk.venue.order(ENTRY)) as VenueOrder;
    desk.venue.forgotten.add(ENTRY);
    let looks = 0;
    const honest = desk.venue.balances.bind(desk.venue);
    // Every second picture does not add up.
    desk.venue.balances = async () => {
      looks += 1;
      const told = await honest();
      return looks % 2 === 0 ? { ...told, cash: money('9999') } : told;
    };
    desk.venue.openOrders = async () => [];
    await seconds(desk, 30);
    expect(looks).toBeGreaterThan(2);
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    expect(order.status).toBe('OPEN');
  });
});

describe('what is found under our id is not ours', () => {
  test.each<[string, (order: VenueOrder) => VenueOrder]>([
    ['with the other side', (order) => ({ ...order, side: 'SELL' })],
    ['with another quantity', (order) => ({ ...order, quantity: quantity('0.02') })],
    ['in another instrument', (order) => ({ ...order, instrumentId: ETH.id })],
    ['from before we sent it', (order) => ({ ...order, createdAtMs: order.createdAtMs - 60_000 })],
  ])('%s', async (_, change) => {
    const desk = await sent('LOST');
    const order = (await desk.venue.order(ENTRY)) as VenueOrder;
    desk.venue.order = async () => change(order);
    desk.venue.openOrders = async () => [];
    await seconds(desk, LOOK_S + 1);
    expect(await desk.eventsOf('order.accepted')).toEqual([]);
    expect(stateOf(desk)).toBe('REJECTED');
  });
});

describe('thirty minutes of “not found”, and then it is there', () => {
  test('an order believed dead comes back to life with an alarm, and no second one was sent', async () => {
    const desk = await sent('LOST');
    desk.venue.forgotten.add(ENTRY);
    for (let minute = 0; minute < 30; minute++) {
      desk.clock.advanceTo(desk.clock.now() + MINUTE_MS);
      desk.mark('50000');
      await desk.engine.tend();
      await desk.engine.tend();
      await desk.guard.settle();
    }
    expect(stateOf(desk)).toBe('REJECTED');
    desk.venue.forgotten.delete(ENTRY);
    desk.clock.advanceTo(desk.clock.now() + 15 * MINUTE_MS);
    await desk.engine.tend();
    expect(desk.book.order(ENTRY)).toMatchObject({ state: 'OPEN', venueOrderId: `v-${ENTRY}` });
    expect(await desk.eventsOf('order.resurfaced')).toHaveLength(1);
    expect(await desk.eventsOf('alarm.raised')).toMatchObject([
      { body: { code: 'VENUE_MISMATCH', subject: ENTRY } },
    ]);
    expect(sends(desk)).toBe(1);
    expect(desk.venue.resting.size).toBe(1);
  });

  test('one that had been canceled is canceled again', async () => {
    const desk = await sent('ACCEPT');
    await desk.engine.cancel(ENTRY, 'a test');
    await desk.engine.collect();
    expect(stateOf(desk)).toBe('CANCELED');
    const [order] = desk.venue.received;
    if (order !== undefined) desk.venue.land(order);
    desk.clock.advanceTo(desk.clock.now() + 15 * MINUTE_MS);
    await desk.engine.tend();
    await seconds(desk, 2);
    expect(await desk.eventsOf('order.resurfaced')).toHaveLength(1);
    expect(stateOf(desk)).toBe('CANCELED');
    expect(desk.venue.resting.has(ENTRY)).toBe(false);
  });
});

describe('an order that the venue had acknowledged and does not find', () => {
  async function lostCancel(): Promise<Desk> {
    const desk = await sent('ACCEPT');
    desk.clock.advanceTo(desk.clock.now() + MINUTE_MS);
    desk.venue.answerCancel = () => 'LOST';
    await desk.engine.cancel(ENTRY, 'a test');
    desk.venue.forgotten.add(ENTRY);
    await desk.engine.tend();
    return desk;
  }

  test('is a suspect after three times in a row, never canceled, and somebody is called', async () => {
    const desk = await lostCancel();
    await seconds(desk, 3);
    expect(stateOf(desk)).toBe('PENDING_CANCEL');
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('SUSPECT');
    expect(await desk.eventsOf('alarm.raised')).toMatchObject([
      { body: { code: 'ORDER_SUSPECT', subject: ENTRY } },
    ]);
    await seconds(desk, 600);
    expect(stateOf(desk)).toBe('SUSPECT');
    expect(await desk.eventsOf('order.suspected')).toHaveLength(1);
    expect(await desk.eventsOf('order.canceled')).toEqual([]);
  });

  test('is none for not having been found before it was known', async () => {
    const desk = await sent('LOST');
    desk.venue.forgotten.add(ENTRY);
    await seconds(desk, LOOK_S);
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    desk.venue.report({
      kind: 'ACCEPTED',
      clientId: ENTRY,
      venueOrderId: venueOrderId(`v-${ENTRY}`),
    });
    await desk.engine.collect();
    expect(stateOf(desk)).toBe('OPEN');
    await desk.engine.tend();
    desk.venue.answerCancel = () => 'LOST';
    await desk.engine.cancel(ENTRY, 'a test');
    // From here on it is not found three times in four seconds.
    await desk.engine.tend();
    await seconds(desk, 3);
    expect(stateOf(desk)).toBe('PENDING_CANCEL');
    await seconds(desk, 1);
    expect(stateOf(desk)).toBe('SUSPECT');
  });

  test('is none while asking for it fails', async () => {
    const desk = await lostCancel();
    desk.venue.order = () => Promise.reject(new VenueError('UNREACHABLE', 'nobody answers'));
    await seconds(desk, 14);
    expect(stateOf(desk)).toBe('PENDING_CANCEL');
  });

  test('is no suspect any more when it is found, and the cancel is asked for again', async () => {
    const desk = await lostCancel();
    await seconds(desk, 8);
    expect(stateOf(desk)).toBe('SUSPECT');
    desk.venue.forgotten.delete(ENTRY);
    await seconds(desk, MINUTE_MS / 1_000);
    expect(await desk.eventsOf('order.accepted')).toHaveLength(2);
    desk.venue.answerCancel = () => 'ACCEPT';
    await seconds(desk, MINUTE_MS / 1_000);
    expect(stateOf(desk)).toBe('CANCELED');
  });

  test('is partly filled again when it was, and the alarm is worth telling again', async () => {
    const desk = await sent('ACCEPT');
    desk.venue.fill(ENTRY, '50000', '0.004');
    await desk.guard.settle();
    for (const times of [1, 2]) {
      desk.venue.answerCancel = () => 'LOST';
      await desk.engine.cancel(ENTRY, 'a test');
      desk.venue.forgotten.add(ENTRY);
      // The venue forgets the order and not what it traded.
      const fills = desk.venue.fills;
      desk.venue.fills = async () => [];
      await seconds(desk, 250);
      expect(stateOf(desk)).toBe('SUSPECT');
      desk.venue.fills = fills;
      desk.venue.forgotten.delete(ENTRY);
      desk.venue.answerCancel = () => 'REFUSE';
      await seconds(desk, 250);
      expect(desk.book.order(ENTRY)).toMatchObject({
        state: 'PARTIALLY_FILLED',
        filled: quantity('0.004'),
      });
      const alarms = await desk.eventsOf('alarm.raised');
      expect(alarms.filter(({ body }) => body.code === 'ORDER_SUSPECT')).toHaveLength(times);
    }
  });

  test('locks its instrument on both sides meanwhile, and no other', async () => {
    const desk = await lostCancel();
    await seconds(desk, 8);
    expect(verdict(desk)).toMatchObject({ code: 'ORDER_SUSPECT' });
    expect(verdict(desk, SHORT)).toMatchObject({ code: 'ORDER_SUSPECT' });
    expect(verdict(desk, IN_ETH)).toMatchObject({ cleared: true });
  });
});

describe('after a restart', () => {
  /** The process ends with an order on its way, before anybody answered. */
  async function killedInFlight(landed: boolean): Promise<Desk> {
    const before = await openDesk();
    const { clock, ledger, venue } = before;
    venue.onArrival = (order) => {
      if (landed) venue.land(order);
      return new Promise(() => {});
    };
    void before.engine.execute(await before.intend('P1'));
    await ledger.flush();
    expect(before.book.order(ENTRY)?.state).toBe('SUBMITTING');
    venue.onArrival = async () => {};
    return openDesk({ clock, ledger, venue });
  }

  test('an order that was on its way is unknown, is asked for at once, and is found', async () => {
    const desk = await killedInFlight(true);
    expect(stateOf(desk)).toBe('OPEN');
    expect(sends(desk)).toBe(1);
  });

  test('an order that was on its way and never arrived ends, and is not sent again', async () => {
    const desk = await killedInFlight(false);
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    const [unknown] = await desk.eventsOf('order.unknown');
    expect(unknown?.body.because).toContain('the process ended');
    await seconds(desk, 16);
    expect(stateOf(desk)).toBe('REJECTED');
    expect(sends(desk)).toBe(1);
  });

  test('a cancel that was asked for and lost is asked for again', async () => {
    const before = await sent('ACCEPT');
    before.venue.answerCancel = () => 'LOST';
    await before.engine.cancel(ENTRY, 'a test');
    before.venue.answerCancel = () => 'ACCEPT';
    const { clock, ledger, venue } = before;
    const desk = await openDesk({ clock, ledger, venue });
    await desk.engine.collect();
    expect(stateOf(desk)).toBe('CANCELED');
  });

  test('what this process has on its way is not called unknown', async () => {
    const desk = await openDesk();
    desk.venue.onArrival = async () => {
      await desk.engine.reconcile();
    };
    await desk.engine.execute(await desk.intend('P1'));
    expect(await desk.eventsOf('order.unknown')).toEqual([]);
    expect(stateOf(desk)).toBe('OPEN');
  });
});
