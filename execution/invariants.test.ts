/** What must hold of every order, whatever happens: one test for each, which fails without it. */
import { describe, expect, test } from 'vitest';

import { DAY_MS, ManualClock } from '../domain/clock.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import type { DomainEvent } from '../domain/event.ts';
import { type ClientOrderId, proposalId } from '../domain/ids.ts';
import type { Order, OrderRole } from '../domain/order.ts';
import { BTC, MOMENTUM, START_MS } from '../domain/testing/samples.ts';
import { positionKey } from '../domain/portfolio.ts';
import { add, money, negate, NO_QUANTITY, quantity, text } from '../domain/units.ts';
import { ChainedLedger } from '../ledger/chained-ledger.ts';
import { LedgerBroken } from '../ledger/ledger.ts';
import { MemoryStore } from '../ledger/memory-store.ts';
import type { BreakerCode } from '../risk-kernel/breakers.ts';
import { orderHash } from '../risk-kernel/order-fingerprint.ts';
import type { ClearedOrder } from '../risk-kernel/review.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { durableDesk } from '../tests/support/durable-desk.ts';
import { VenueError, type VenueFault } from './venue.ts';

const id = (role: OrderRole): ClientOrderId => orderIdFor(proposalId('P1'), role);
const ENTRY = id('ENTRY');
const STOP = id('STOP');
const KEY = positionKey(BTC.id, MOMENTUM);
const held = (desk: Desk) => desk.book.portfolio.positions.get(KEY)?.quantity ?? NO_QUANTITY;

async function opened(): Promise<Desk> {
  const desk = await openDesk();
  await desk.engine.execute(await desk.intend('P1'));
  return desk;
}

async function wait(desk: Desk, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    desk.mark('50000');
    await desk.wait(1_000);
  }
}

describe('1: nothing is sent without a durable intent and a permission bound to exactly that order', () => {
  test('whatever the venue hears was durable, cleared, and hashed before', async () => {
    const { desk, store } = await durableDesk();
    const proven: boolean[] = [];
    desk.venue.onArrival = async (order) => {
      const record = store.kept('order.submitting').find(({ body }) => body.order.id === order.id);
      const review = store.kept('kernel.reviewed').find(({ seq }) => seq === record?.causationSeq);
      const { cleared, orderHash: reviewed } = review?.body.verdict ?? {};
      const hashes = [record?.body.orderHash, reviewed];
      proven.push(cleared === true && hashes.every((hash) => hash === orderHash(order)));
    };
    await desk.enter('P1', '50000');
    expect(proven).toEqual([true, true, true]);
  });

  test('the venue takes nothing whose permission was not redeemed', async () => {
    const desk = await openDesk();
    const order = entryOrder(desk.proposal('P1'));
    expect(() => desk.venue.submit(order as ClearedOrder, START_MS)).toThrow('clearance');
  });

  test('a permission that has run out is none', async () => {
    const desk = await openDesk();
    const intent = await desk.intend('P1');
    const { transact } = desk.ledger;
    desk.ledger.transact = async (work) => {
      const value = await transact.call(desk.ledger, work);
      desk.clock.advanceTo(desk.clock.now() + DAY_MS);
      return value as never;
    };
    await desk.engine.execute(intent);
    expect(desk.venue.received).toEqual([]);
  });
});

describe('2: one live attempt for an intent, and no id is ever used again', () => {
  test.each(['ACCEPT', 'REJECT', 'BUSY', 'UNKNOWN', 'LOST', 'TIMEOUT', 'BREAK'] as const)(
    'after %s, a restart and every retry',
    async (answer) => {
      const before = await openDesk();
      before.venue.answer = () => answer;
      const intent = await before.intend('P1');
      await Promise.all([before.engine.execute(intent), before.engine.execute(intent)]);
      await wait(before, 20);
      await before.engine.execute(intent);
      const { clock, ledger, venue } = before;
      const desk = await openDesk({ clock, ledger, venue });
      await desk.engine.execute(intent);
      await wait(desk, 20);
      expect(desk.venue.received.map((order) => order.id)).toEqual([ENTRY]);
    },
  );

  test('an order that was sent once is never cleared again', async () => {
    const desk = await opened();
    const order = entryOrder(desk.proposal('P1'));
    desk.venue.end(ENTRY, 'CANCELED', 'by hand');
    await desk.engine.collect();
    expect(desk.engine.preview(order)).toMatchObject({ cleared: false, code: 'COMMAND_DUPLICATE' });
  });
});

describe('3: a position is the sum of its fills, and is compared with the venue’s', () => {
  test('the sum, whatever else was said', async () => {
    const desk = await opened();
    desk.venue.fill(ENTRY, '50000', '0.004');
    desk.venue.fill(ENTRY, '50000', '0.003');
    desk.venue.end(ENTRY, 'CANCELED', 'by hand');
    await desk.guard.settle();
    desk.venue.fill(STOP, '49000', '0.002');
    await desk.guard.settle();
    const fills = await desk.eventsOf('order.filled');
    const sum = fills.reduce((total, { body }) => {
      const size = quantity(body.quantity);
      return add(total, body.side === 'BUY' ? size : negate(size));
    }, NO_QUANTITY);
    expect(text(sum)).toBe('0.005');
    expect(held(desk)).toBe(sum);
  });

  test('a difference is never put right by hand: it stops new risk and calls a person', async () => {
    const desk = await opened();
    desk.venue.fill(ENTRY, '50000');
    await desk.guard.settle();
    const { balances } = desk.venue;
    desk.venue.balances = async () => ({
      ...(await balances.call(desk.venue)),
      positions: new Map(),
    });
    await wait(desk, 15 * 60 + 10);
    expect(held(desk)).toBe(quantity('0.01'));
    expect(desk.book.tradingState).toBe('REDUCING');
    const alarms = await desk.eventsOf('alarm.raised');
    expect(alarms.map(({ body }) => body.code)).toEqual(['VENUE_MISMATCH']);
  });
});

describe('4: what protects or reduces passes in every state, and a cancel always does', () => {
  test.each<BreakerCode>([
    'VENUE_MISMATCH',
    'ORDER_STORM',
    'KILL_SWITCH',
    'DRAWDOWN_EXCEEDS_MAXIMUM',
  ])('after %s', async (code) => {
    const desk = await opened();
    await desk.engine.pull(code, 'a test');
    desk.venue.fill(ENTRY, '50000', '0.004');
    await desk.guard.settle();
    expect([...desk.venue.resting.keys()]).toContain(STOP);
    await desk.engine.cancel(ENTRY, 'a test');
    expect(desk.venue.canceled).toContain(ENTRY);
  });

  test('while the venue was not compared, an order is unresolved and the budget is used up', async () => {
    const desk = await opened();
    desk.venue.fill(ENTRY, '50000');
    desk.venue.interrupt();
    Object.assign(desk.venue.capabilities, { requestsPerMinute: 0 });
    await desk.engine.collect();
    expect(desk.engine.reconciled).toBe(false);
    desk.venue.fill(ENTRY, '50000', '0.0001');
    await desk.guard.settle();
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });
});

describe('5: one writer for an account', () => {
  test('an engine whose ledger was taken over sends nothing more', async () => {
    const clock = new ManualClock(START_MS);
    const store = new MemoryStore();
    const ledger = new ChainedLedger(store, store.lead('one'), clock);
    const old = await openDesk({ clock, ledger });
    const intent = await old.intend('P1');
    const { venue } = old;
    const next = new ChainedLedger(store, store.lead('two'), clock);
    const desk = await openDesk({ clock, venue, ledger: next });
    await expect(old.engine.execute(intent)).rejects.toThrow(LedgerBroken);
    expect(venue.received).toEqual([]);
    await desk.engine.execute(intent);
    expect(venue.received.map((order) => order.id)).toEqual([ENTRY]);
  });
});

describe('6: what reduces is never larger than the position that is confirmed', () => {
  const exit = (size: string): Order => ({
    id: id('EXIT'),
    instrumentId: BTC.id,
    strategyId: MOMENTUM,
    role: 'EXIT',
    side: 'SELL',
    type: 'MARKET',
    quantity: quantity(size),
    timeInForce: 'GTC',
    reduceOnly: true,
  });
  const origin = { correlationId: 'x', causationSeq: null, intentId: null, proposalId: null };

  test('not larger than what has filled, though more is on its way', async () => {
    const desk = await opened();
    desk.venue.fill(ENTRY, '50000', '0.004');
    await desk.engine.collect();
    expect(await desk.engine.send(exit('0.005'), origin)).toMatchObject({
      kind: 'DENIED',
      code: 'REDUCE_EXCEEDS_POSITION',
    });
    expect(await desk.engine.send(exit('0.004'), origin)).toEqual({ kind: 'SENT' });
    expect(desk.venue.received.at(-1)).toMatchObject({ reduceOnly: true });
  });

  test('and each exit that protects it says that it only reduces', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    const exits = desk.venue.received.filter(({ role }) => role !== 'ENTRY');
    expect(exits.map(({ reduceOnly }) => reduceOnly)).toEqual([true, true]);
    for (const order of exits) expect(order.quantity).toBe(held(desk));
  });
});

describe('7: money is never a float', () => {
  test('a hundred fills of next to nothing add up to the last digit', async () => {
    const desk = await opened();
    for (let count = 0; count < 100; count++) desk.venue.fill(ENTRY, '50000.01', '0.00000007');
    await desk.engine.collect();
    expect(text(held(desk))).toBe('0.000007');
    expect(desk.book.portfolio.cash).toBe(money('9999.64999993'));
  });
});

describe('8: a fee in base is taken from what was received', () => {
  test('so the position, its stop and the venue agree on what there is', async () => {
    const desk = await opened();
    desk.venue.report({
      kind: 'FILL',
      ...desk.venue.fill(ENTRY, '50000'),
      feeInBase: quantity('0.00001'),
    });
    // The report without the fee never arrived.
    desk.venue.onTheWay = (reports) => reports.slice(1);
    await desk.guard.settle();
    expect(text(held(desk))).toBe('0.00999');
    const stop = desk.venue.received.find((order) => order.id === STOP);
    expect(stop?.quantity).toBe(held(desk));
  });
});

describe('9: ledger and venue are compared before the first order after a start', () => {
  test('and while that fails nothing is opened', async () => {
    const before = await openDesk();
    const intent = await before.intend('P1');
    const { clock, ledger, venue } = before;
    venue.unreachable = true;
    const desk = await openDesk({ clock, ledger, venue });
    await wait(desk, 120);
    expect(await desk.engine.execute(intent)).toMatchObject({
      kind: 'DENIED',
      code: 'RECONCILIATION_PENDING',
    });
    expect(venue.received).toEqual([]);
  });
});

describe('10: every error of the venue is classified, and what is not is ambiguous', () => {
  const errors: readonly (readonly [string, unknown])[] = [
    ...(['RATE_LIMITED', 'UNREACHABLE', 'AUTH', 'AMBIGUOUS'] satisfies VenueFault[]).map(
      (fault) => [fault, new VenueError(fault, 'no')] as const,
    ),
    ['a reset connection', new Error('ECONNRESET')],
    ['a page of html', new SyntaxError('Unexpected token <')],
    ['words that sound like a refusal', new Error('Order rejected: insufficient balance')],
    ['something that is no error', 'no'],
    ['nothing', undefined],
  ];

  test.each(errors)('%s is never taken for a refusal', async (_, error) => {
    const desk = await openDesk();
    desk.venue.submit = () => Promise.reject(error);
    const result = await desk.engine.execute(await desk.intend('P1'));
    expect(result?.kind).toBe('UNKNOWN');
    expect(desk.book.order(ENTRY)?.state).toBe('SUBMIT_UNKNOWN');
  });

  test.each(errors)('%s is never taken for “no such order”', async (_, error) => {
    const desk = await opened();
    desk.venue.answerCancel = () => 'LOST';
    await desk.engine.cancel(ENTRY, 'a test');
    desk.venue.order = () => Promise.reject(error);
    desk.venue.openOrders = () => Promise.reject(error);
    await wait(desk, 300);
    const ended: readonly DomainEvent['type'][] = ['order.suspected', 'order.canceled'];
    expect((await desk.events()).filter(({ type }) => ended.includes(type))).toEqual([]);
    expect(desk.book.order(ENTRY)?.state).toBe('PENDING_CANCEL');
  });
});
