import { describe, expect, test } from 'vitest';

import { approvalIdOf } from '../coordination/approvals.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import { clientOrderId, type IntentId, intentId, proposalId } from '../domain/ids.ts';
import { trailBy } from '../domain/management.ts';
import type { Order } from '../domain/order.ts';
import { orderToText } from '../domain/order-record.ts';
import { type BTC, ETH, REVERSION } from '../domain/testing/samples.ts';
import { money, price, quantity } from '../domain/units.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { LedgerBroken } from '../ledger/ledger.ts';
import { tighten } from '../risk-kernel/limits-in-force.ts';
import { orderHash } from '../risk-kernel/order-fingerprint.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { durableDesk } from '../tests/support/durable-desk.ts';
import type { Answer } from './testing/lying-venue.ts';

const ENTRY = orderIdFor(proposalId('P1'), 'ENTRY');
const STOP = orderIdFor(proposalId('P1'), 'STOP');
const STRANGER = clientOrderId('STRANGER');

const heard = (desk: Desk): readonly [Order, ...Order[]] => {
  const [first, ...rest] = desk.venue.received;
  if (first === undefined) throw new Error('the venue heard of nothing');
  return [first, ...rest];
};

const types = async (desk: Desk): Promise<readonly string[]> =>
  (await desk.events()).map(({ type }) => type);

describe('an intent', () => {
  test('is claimed once by two who execute at the same moment, and never again', async () => {
    const desk = await openDesk();
    const intent = await desk.intend('P1');
    const both = await Promise.all([desk.engine.execute(intent), desk.engine.execute(intent)]);
    expect(both).toEqual([{ kind: 'SENT' }, undefined]);
    expect(await desk.engine.execute(intent)).toBeUndefined();
    expect(desk.venue.received.map(({ id }) => id)).toEqual([ENTRY]);
    const row = await desk.ledger.rows((rows) => rows.approval(approvalIdOf(proposalId('P1'))));
    expect(row?.status).toBe('CONSUMED');
  });

  test('nobody recorded is nothing to execute', async () => {
    const desk = await openDesk();
    expect(await desk.engine.execute(intentId('none'))).toBeUndefined();
    expect(desk.venue.received).toEqual([]);
  });
});

describe('without a valid approval the venue never hears of an order', () => {
  /** An intent somebody wrote past the approval desk. */
  async function smuggle(desk: Desk, name: string, order = entryOrder(desk.proposal('P1'))) {
    const id = intentId(name);
    await desk.ledger.transact(async (tx) => {
      await tx.insertIntent({
        id,
        approvalId: approvalIdOf(proposalId('P1')),
        status: 'NEW',
        order: canonicalJson(orderToText(order)),
      });
    });
    return id;
  }
  async function expectDenied(desk: Desk, id: IntentId): Promise<void> {
    const heard = desk.venue.received.length;
    const result = await desk.engine.execute(id);
    expect(result).toMatchObject({ kind: 'DENIED', code: 'APPROVAL_MISSING' });
    expect(desk.venue.received).toHaveLength(heard);
    const denied = (await desk.eventsOf('order.denied')).at(-1);
    expect(denied?.body).toMatchObject({ code: 'APPROVAL_MISSING' });
    expect(denied?.correlationId).toBe(id);
    expect(await desk.engine.execute(id)).toBeUndefined();
  }

  test('when there is none', async () => {
    const desk = await openDesk();
    await expectDenied(desk, await smuggle(desk, 'none'));
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('while it waits', async () => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    await expectDenied(desk, await smuggle(desk, 'waiting'));
    expect(await desk.approvals.standing(proposal.id)).toBe('WAITING');
  });

  test.each(['DECLINE', 'EXPIRE', 'HALT'])('after %s', async (end) => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    if (end === 'DECLINE') await desk.decide(proposal, { decision: 'DECLINE' });
    if (end === 'EXPIRE') {
      desk.clock.advanceTo(proposal.expiresAtMs);
      await desk.approvals.expireDue();
    }
    if (end === 'HALT') await desk.approvals.invalidateAll('halt');
    await expectDenied(desk, await smuggle(desk, 'ended'));
  });

  test('when it was consumed before', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    await expectDenied(desk, await smuggle(desk, 'again'));
  });

  test.each([
    ['a larger quantity', { quantity: quantity('0.011') }],
    ['a smaller quantity', { quantity: quantity('0.009') }],
    ['the other side', { side: 'SELL' as const }],
    ['a wider stop', { protectiveStop: price('48999.99') }],
    ['another target', { target: price('53000.01') }],
    ['another id', { id: clientOrderId('E2P1') }],
    ['a trail nobody saw', { management: trailBy(100) }],
  ])('when the intent names %s than was approved', async (_, change) => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    await desk.decide(proposal);
    const altered = { ...entryOrder(proposal), ...change };
    await expectDenied(desk, await smuggle(desk, 'altered', altered));
    // The approval was shown to something it was not given for, so it is used up.
    await desk.approvals.record(proposal.id);
    expect(await desk.eventsOf('intent.recorded')).toEqual([]);
  });
});

describe('the kernel is asked again at the send', () => {
  test('and its denial is journaled, holds nothing and reaches nobody', async () => {
    const desk = await openDesk();
    const intent = await desk.intend('P1');
    await desk.engine.pull('VENUE_MISMATCH', 'a test');
    const result = await desk.engine.execute(intent);
    expect(result).toMatchObject({ kind: 'DENIED', code: 'TRADING_REDUCING' });
    expect(desk.venue.received).toEqual([]);
    expect(desk.book.order(ENTRY)).toBeUndefined();
    expect(desk.book.liveOrders()).toEqual([]);
    const [denied] = await desk.eventsOf('order.denied');
    const review = (await desk.eventsOf('kernel.reviewed')).at(-1);
    expect(denied?.body).toMatchObject({ orderId: ENTRY, code: 'TRADING_REDUCING' });
    expect(denied?.causationSeq).toBe(review?.seq);
    expect(review?.body).toMatchObject({ stage: 'SEND', verdict: { cleared: false } });
    expect(await desk.engine.execute(intent)).toBeUndefined();
  });

  test('so two approved at once do not both fit where there is room for one', async () => {
    const desk = await openDesk({ limits: tighten({ positionsOpenMax: 1 }) });
    desk.mark('2000', ETH);
    const first = await desk.intend('P1');
    const second = await desk.intend('P2', {
      instrumentId: ETH.id,
      strategyId: REVERSION,
      quantity: '0.25',
      referencePrice: '2000',
      stop: '1960',
      target: '2120',
    });
    const results = await Promise.all([desk.engine.execute(first), desk.engine.execute(second)]);
    expect(results).toMatchObject([
      { kind: 'SENT' },
      { kind: 'DENIED', code: 'POSITIONS_EXCEED_MAXIMUM' },
    ]);
    expect(desk.venue.received).toHaveLength(1);
  });

  test('so what rests already counts, at its worst', async () => {
    const desk = await openDesk();
    // Each is worth 808 at its worst; a position may be worth 1,000.
    const size = { quantity: '0.016', lossAtStop: '16', notional: '800' };
    const first = await desk.intend('P1', size);
    const second = await desk.intend('P2', { ...size, strategyId: REVERSION });
    await desk.engine.execute(first);
    expect(await desk.engine.execute(second)).toMatchObject({
      kind: 'DENIED',
      code: 'POSITION_SIZE_EXCEEDS_MAXIMUM',
    });
  });

  test('and an order that was sent once is a duplicate', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    const stop = desk.book.order(STOP)!.order;
    const origin = { correlationId: 'x', causationSeq: null, intentId: null, proposalId: null };
    expect(await desk.engine.send(stop, origin)).toMatchObject({ code: 'COMMAND_DUPLICATE' });
    expect(desk.venue.received.filter(({ id }) => id === STOP)).toHaveLength(1);
  });
});

describe('write-ahead', () => {
  test('the order is durable, cleared and held, before the venue hears of it', async () => {
    const { desk, store } = await durableDesk();
    const seen: unknown[] = [];
    desk.venue.onArrival = async (order) => {
      const submitting = store.kept('order.submitting').at(-1);
      const review = store.kept('kernel.reviewed').at(-1);
      seen.push(submitting?.body.order.id, submitting?.body.orderHash, submitting?.causationSeq);
      expect(review).toMatchObject({ seq: submitting?.causationSeq });
      expect(review?.body.verdict).toMatchObject({ cleared: true, orderHash: orderHash(order) });
      expect(desk.book.order(order.id)?.state).toBe('SUBMITTING');
      expect(desk.book.order(order.id)?.hold).toEqual({
        notional: money('505'),
        risk: money('15'),
      });
    };
    await desk.engine.execute(await desk.intend('P1'));
    expect(seen).toEqual([ENTRY, orderHash(heard(desk)[0]), expect.any(Number)]);
    expect(desk.book.order(ENTRY)?.state).toBe('OPEN');
  });

  test('a stop is durable before the venue hears of it, as an entry is', async () => {
    const { desk, store } = await durableDesk();
    await desk.engine.execute(await desk.intend('P1'));
    const durable: boolean[] = [];
    desk.venue.onArrival = async ({ id }) => {
      durable.push(store.kept('order.submitting').some(({ body }) => body.order.id === id));
    };
    desk.venue.fill(ENTRY, '50000');
    await desk.guard.settle();
    expect(durable).toEqual([true, true]);
  });

  test('a cancel is durable before the venue hears of it', async () => {
    const { desk, store } = await durableDesk();
    await desk.engine.execute(await desk.intend('P1'));
    const durable: boolean[] = [];
    desk.venue.answerCancel = (id) => {
      durable.push(store.kept('order.cancel-requested').some(({ body }) => body.orderId === id));
      return 'ACCEPT';
    };
    await desk.engine.cancel(ENTRY, 'a test');
    expect(durable).toEqual([true]);
  });

  test('what can not be written is not sent', async () => {
    const { desk, store } = await durableDesk();
    const intent = await desk.intend('P1');
    store.failing = true;
    await expect(desk.engine.execute(intent)).rejects.toThrow(LedgerBroken);
    expect(desk.venue.received).toEqual([]);
  });

  test('a cancel that can not be written is not asked for', async () => {
    const { desk, store } = await durableDesk();
    await desk.engine.execute(await desk.intend('P1'));
    store.failing = true;
    await expect(desk.engine.cancel(ENTRY, 'a test')).rejects.toThrow(LedgerBroken);
    expect(desk.venue.canceled).toEqual([]);
  });

  test('the one effect without its journal is a cancel once the journal is broken', async () => {
    const { desk, store } = await durableDesk();
    await desk.engine.execute(await desk.intend('P1'));
    store.failing = true;
    await expect(desk.ledger.flush()).rejects.toThrow(LedgerBroken);
    await desk.engine.cancelUnrecorded(ENTRY);
    expect(desk.venue.resting.has(ENTRY)).toBe(false);
  });
});

describe('what the venue answers', () => {
  async function sent(answer: Answer) {
    const desk = await openDesk();
    desk.venue.answer = () => answer;
    const intent = await desk.intend('P1');
    return { desk, intent, result: await desk.engine.execute(intent) };
  }

  test('an acceptance opens the order under the venue’s own id', async () => {
    const { desk, result } = await sent('ACCEPT');
    expect(result).toEqual({ kind: 'SENT' });
    expect(desk.book.order(ENTRY)).toMatchObject({ state: 'OPEN', venueOrderId: `v-${ENTRY}` });
    const [accepted] = await desk.eventsOf('order.accepted');
    const [submitting] = await desk.eventsOf('order.submitting');
    expect(accepted).toMatchObject({
      actor: { kind: 'VENUE', name: 'lying' },
      causationSeq: submitting?.seq,
    });
  });

  test('a rejection is the venue’s own, ends the order and changes no state', async () => {
    const { desk, result } = await sent('REJECT');
    expect(result).toEqual({ kind: 'REJECTED', because: 'the venue does not like it' });
    const [rejected] = await desk.eventsOf('order.rejected');
    expect(rejected?.actor).toEqual({ kind: 'VENUE', name: 'lying' });
    expect(desk.book.order(ENTRY)?.state).toBe('REJECTED');
    expect(desk.book.liveOrders()).toEqual([]);
    expect(desk.book.tradingState).toBe('ACTIVE');
  });

  test('an order that was not looked at says when another may be tried', async () => {
    const { desk, intent, result } = await sent('BUSY');
    expect(result).toMatchObject({ kind: 'REJECTED', retryAfterMs: 1_000 });
    expect(await desk.engine.execute(intent)).toBeUndefined();
    expect(desk.venue.received).toHaveLength(1);
  });

  test.each<Answer>(['UNKNOWN', 'LOST', 'TIMEOUT', 'BREAK'])(
    'after %s nobody knows: the hold stays, nothing is refused, nothing is sent again',
    async (answer) => {
      const { desk, intent, result } = await sent(answer);
      expect(result?.kind).toBe('UNKNOWN');
      expect(desk.book.order(ENTRY)?.state).toBe('SUBMIT_UNKNOWN');
      expect(desk.book.tradingState).toBe('ACTIVE');
      expect(desk.book.liveOrders().map(({ hold }) => hold.notional)).toEqual([money('505')]);
      expect(await desk.engine.execute(intent)).toBeUndefined();
      expect(desk.venue.received).toHaveLength(1);
      expect(await types(desk)).not.toContain('order.rejected');
    },
  );

  test('a clearance that is too old when its turn comes is not used', async () => {
    const desk = await openDesk();
    const intent = await desk.intend('P1');
    const { transact } = desk.ledger;
    // The commit takes longer than the permission is good for.
    desk.ledger.transact = async (work) => {
      const value = await transact.call(desk.ledger, work);
      desk.clock.advanceTo(desk.clock.now() + 60_000);
      return value as never;
    };
    expect(await desk.engine.execute(intent)).toMatchObject({ kind: 'REJECTED' });
    expect(desk.venue.received).toEqual([]);
    expect(desk.book.order(ENTRY)?.state).toBe('REJECTED');
  });
});

describe('an acknowledgement that comes late', () => {
  /** The venue does all this before it answers. */
  async function answeredAfter(answer: Answer, meanwhile: (desk: Desk) => Promise<void>) {
    const desk = await openDesk();
    desk.venue.answer = () => answer;
    desk.venue.onArrival = async (order) => {
      if (order.id !== ENTRY) return;
      desk.venue.land(order);
      await meanwhile(desk);
    };
    // Landing again would forget what happened meanwhile.
    const intent = await desk.intend('P1');
    const land = desk.venue.land.bind(desk.venue);
    let landed = false;
    desk.venue.land = (order) => {
      if (!landed) land(order);
      landed = true;
    };
    const result = await desk.engine.execute(intent);
    return { desk, result };
  }

  test('after the whole fill leaves it filled, and is written down', async () => {
    const { desk, result } = await answeredAfter('ACCEPT', async ({ venue, engine }) => {
      venue.fill(ENTRY, '50000');
      await engine.collect();
    });
    expect(result).toEqual({ kind: 'SENT' });
    expect(desk.book.order(ENTRY)).toMatchObject({ state: 'FILLED', venueOrderId: `v-${ENTRY}` });
    expect(desk.book.portfolio.cash).toBe(money('9500'));
  });

  test('after a part leaves it partly filled', async () => {
    const { desk } = await answeredAfter('ACCEPT', async ({ venue, engine }) => {
      venue.fill(ENTRY, '50000', '0.004');
      await engine.collect();
    });
    expect(desk.book.order(ENTRY)).toMatchObject({
      state: 'PARTIALLY_FILLED',
      filled: quantity('0.004'),
    });
  });

  test('after its cancel leaves it canceled', async () => {
    const { desk } = await answeredAfter('ACCEPT', async ({ venue, engine }) => {
      venue.end(ENTRY, 'CANCELED', 'by hand');
      await engine.collect();
    });
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test.each([
    ['a part', '0.004', 'PARTIALLY_FILLED'],
    ['all of it', '0.01', 'FILLED'],
  ])('as a rejection after %s traded is ignored and recorded', async (_, size, state) => {
    const { desk } = await answeredAfter('REJECT', async ({ venue, engine }) => {
      venue.fill(ENTRY, '50000', size);
      await engine.collect();
    });
    expect(desk.book.order(ENTRY)?.state).toBe(state);
    expect(await types(desk)).not.toContain('order.rejected');
    const [ignored] = await desk.eventsOf('order.news-ignored');
    expect(ignored?.body).toEqual({
      orderId: ENTRY,
      news: `order.rejected while it is ${state}`,
    });
  });

  test('of an order whose cancel was asked for meanwhile is followed by the cancel', async () => {
    const { desk } = await answeredAfter('ACCEPT', async ({ venue, engine }) => {
      // Before it landed the venue knows no such order.
      venue.answerCancel = () => 'GONE';
      await engine.cancel(ENTRY, 'a test');
      venue.answerCancel = () => 'ACCEPT';
    });
    expect(desk.venue.canceled).toEqual([ENTRY, ENTRY]);
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
    expect(await desk.eventsOf('order.cancel-requested')).toHaveLength(1);
  });
});

describe('a cancel', () => {
  async function open(): Promise<Desk> {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    return desk;
  }

  test('is asked for once, and done when the venue says so', async () => {
    const desk = await open();
    await desk.engine.cancel(ENTRY, 'a test');
    expect(desk.book.order(ENTRY)?.state).toBe('PENDING_CANCEL');
    await desk.engine.cancel(ENTRY, 'a test');
    expect(desk.venue.canceled).toEqual([ENTRY]);
    expect(await desk.eventsOf('order.cancel-requested')).toHaveLength(1);
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
  });

  test('that two want at the same moment is asked for once', async () => {
    const desk = await open();
    const { engine, ledger } = desk;
    // The ledger is at work, so that both find the order as it was.
    const busy = ledger.transact(async () => {});
    await Promise.all([busy, engine.cancel(ENTRY, 'one'), engine.cancel(ENTRY, 'two')]);
    expect(desk.venue.canceled).toEqual([ENTRY]);
    expect(await desk.eventsOf('order.cancel-requested')).toHaveLength(1);
    expect(await desk.eventsOf('order.news-ignored')).toEqual([]);
  });

  test('of what is not open does nothing', async () => {
    const desk = await open();
    desk.venue.fill(ENTRY, '50000');
    await desk.engine.collect();
    const before = desk.ledger.head.seq;
    await desk.engine.cancel(STRANGER, 'a test');
    await desk.engine.cancel(ENTRY, 'a test');
    expect(desk.ledger.head.seq).toBe(before);
    expect(desk.venue.canceled).toEqual([]);
  });

  test.each([
    ['nothing', undefined, 'OPEN'],
    ['a part', '0.004', 'PARTIALLY_FILLED'],
  ] as const)('that is refused after %s traded leaves it as it was', async (_, part, state) => {
    const desk = await open();
    if (part !== undefined) desk.venue.fill(ENTRY, '50000', part);
    await desk.engine.collect();
    desk.venue.answerCancel = () => 'REFUSE';
    await desk.engine.cancel(ENTRY, 'a test');
    expect(desk.book.order(ENTRY)).toMatchObject({ state, cancelWanted: false });
    const [refused] = await desk.eventsOf('order.cancel-refused');
    expect(refused).toMatchObject({ actor: { kind: 'VENUE' }, body: { because: 'not now' } });
    // It was refused, not forgotten: it may be asked for again.
    desk.venue.answerCancel = () => 'ACCEPT';
    await desk.engine.cancel(ENTRY, 'a test');
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
  });

  test.each(['LOST', 'GONE'] as const)(
    'that is answered with %s proves nothing: it stays pending until the order is found',
    async (answer) => {
      const desk = await open();
      desk.venue.answerCancel = () => answer;
      await desk.engine.cancel(ENTRY, 'a test');
      expect(desk.book.order(ENTRY)?.state).toBe('PENDING_CANCEL');
      desk.venue.answerCancel = () => 'ACCEPT';
      await desk.wait(0);
      await desk.wait(1_000);
      expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
    },
  );

  test('and a fill that crossed it: what is filled is filled', async () => {
    const desk = await open();
    desk.venue.answerCancel = () => {
      desk.venue.fill(ENTRY, '50000');
      return 'GONE';
    };
    await desk.engine.cancel(ENTRY, 'a test');
    await desk.guard.settle();
    expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });

  test('and a part that crossed it: the fill grows, the rest is canceled', async () => {
    const desk = await open();
    desk.venue.answerCancel = () => {
      desk.venue.fill(ENTRY, '50000', '0.004');
      return 'ACCEPT';
    };
    await desk.engine.cancel(ENTRY, 'a test');
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)).toMatchObject({
      state: 'CANCELED',
      filled: quantity('0.004'),
    });
  });
});

test('nothing of what time brings is done twice at one moment', async () => {
  const desk = await openDesk();
  desk.venue.answer = () => 'TIMEOUT';
  await desk.engine.execute(await desk.intend('P1'));
  await desk.engine.tend();
  desk.clock.advanceTo(desk.clock.now() + 60_000);
  let questions = 0;
  const order = desk.venue.order.bind(desk.venue);
  desk.venue.order = (id) => {
    questions += 1;
    return order(id);
  };
  await Promise.all([desk.engine.tend(), desk.engine.tend(), desk.engine.tend()]);
  expect(questions).toBe(1);
});

test('an order of an unknown instrument is not judged, it is a mistake', async () => {
  const desk = await openDesk();
  const order = { ...entryOrder(desk.proposal('P1')), instrumentId: 'DOGE/USD' as typeof BTC.id };
  expect(() => desk.engine.preview(order)).toThrow('DOGE/USD');
});
