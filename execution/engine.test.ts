import { describe, expect, test } from 'vitest';

import { approvalIdOf } from '../coordination/approvals.ts';
import { draft } from '../domain/draft.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import type { TradingState } from '../domain/event.ts';
import { clientOrderId, fillId, type IntentId, intentId, proposalId } from '../domain/ids.ts';
import { orderToText } from '../domain/order-record.ts';
import type { BTC } from '../domain/testing/samples.ts';
import { money, NO_MONEY, price, quantity } from '../domain/units.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { type BreakerCode, BREAKERS } from '../risk-kernel/breakers.ts';
import { orderHash } from '../risk-kernel/order-fingerprint.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { ENGINE } from './actor.ts';
import { type Answer, LyingVenue } from './testing/lying-venue.ts';

const ENTRY = orderIdFor(proposalId('P1'), 'ENTRY');
const STOP = orderIdFor(proposalId('P1'), 'STOP');
const STRANGER = clientOrderId('STRANGER');

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
    ['a trail nobody saw', { trailBps: 100 }],
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
    const desk = await openDesk();
    // Each is worth 808 at its worst; a position may be worth 1,000.
    const size = { quantity: '0.016', lossAtStop: '16', notional: '800' };
    const first = await desk.intend('P1', size);
    const second = await desk.intend('P2', { ...size, strategyId: desk.book.active[1]! });
    const results = await Promise.all([desk.engine.execute(first), desk.engine.execute(second)]);
    expect(results).toMatchObject([
      { kind: 'SENT' },
      { kind: 'DENIED', code: 'POSITION_SIZE_EXCEEDS_MAXIMUM' },
    ]);
    expect(desk.venue.received).toHaveLength(1);
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
  test('the order is in the journal, cleared and held, before the venue hears of it', async () => {
    const desk = await openDesk();
    const seen: unknown[] = [];
    desk.venue.onArrival = async (order) => {
      const submitting = (await desk.eventsOf('order.submitting')).at(-1);
      const review = (await desk.eventsOf('kernel.reviewed')).at(-1);
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
    expect(seen).toEqual([ENTRY, orderHash(desk.venue.received[0]!), expect.any(Number)]);
    expect(desk.book.order(ENTRY)?.state).toBe('OPEN');
  });
});

describe('what the venue answers', () => {
  async function sent(answer: Answer) {
    const desk = await openDesk();
    desk.venue.answer = () => answer;
    const intent = await desk.intend('P1');
    return { desk, intent, result: await desk.engine.execute(intent) };
  }

  test('a rejection is the venue’s own, ends the order and changes no state', async () => {
    const { desk, result } = await sent('REJECT');
    expect(result).toEqual({ kind: 'REJECTED', because: 'the venue does not like it' });
    const [rejected] = await desk.eventsOf('order.rejected');
    expect(rejected?.actor).toEqual({ kind: 'VENUE', name: 'lying' });
    expect(desk.book.order(ENTRY)?.state).toBe('REJECTED');
    expect(desk.book.liveOrders()).toEqual([]);
    expect(desk.book.tradingState).toBe('ACTIVE');
  });

  test.each<Answer>(['UNKNOWN', 'LOST', 'TIMEOUT', 'BREAK'])(
    'after %s nobody knows: the hold stays, nothing new is opened, nothing is sent again',
    async (answer) => {
      const { desk, intent, result } = await sent(answer);
      expect(result?.kind).toBe('UNKNOWN');
      expect(desk.book.order(ENTRY)?.state).toBe('SUBMIT_UNKNOWN');
      expect(desk.book.tradingState).toBe('REDUCING');
      expect(desk.book.tradingStateCode).toBe('ORDER_UNRESOLVED');
      expect(desk.book.liveOrders().map(({ hold }) => hold.notional)).toEqual([money('505')]);
      expect(await desk.engine.execute(intent)).toBeUndefined();
      expect(desk.venue.received).toHaveLength(1);
      expect(await types(desk)).not.toContain('order.rejected');
    },
  );

  test('a fill of an order nobody knew of is booked', async () => {
    const { desk } = await sent('LOST');
    desk.venue.fill(ENTRY, '50010');
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
    expect(desk.book.portfolio.cash).toBe(money('9499.9'));
  });

  test('a fill reported twice is booked once', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    const fill = {
      kind: 'FILL',
      fillId: fillId('f-1'),
      orderId: ENTRY,
      quantity: quantity('0.01'),
      price: price('50000'),
      fee: NO_MONEY,
    } as const;
    desk.venue.report(fill, fill);
    await desk.engine.collect();
    desk.venue.report(fill);
    await desk.engine.collect();
    expect(await desk.eventsOf('order.filled')).toHaveLength(1);
    expect(desk.book.portfolio.cash).toBe(money('9500'));
  });

  test('a cancel reported of an order that is over says nothing new and breaks nothing', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    desk.venue.fill(ENTRY, '50000');
    desk.venue.report({ kind: 'CANCELED', orderId: ENTRY, because: 'late' });
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
    expect(desk.ledger.broken).toBeUndefined();
  });

  test('a report on a stranger’s order is no fill of ours, costs us none, and stops new entries', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    desk.venue.report({ kind: 'CANCELED', orderId: STRANGER, because: 'who knows' });
    desk.venue.fill(ENTRY, '50000');
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
    expect(desk.book).toMatchObject({
      tradingState: 'REDUCING',
      tradingStateCode: 'VENUE_MISMATCH',
    });
    expect(desk.book.tradingStateBecause).toContain('STRANGER');
  });

  test('a fill after the end of an order is real money and is booked', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    desk.venue.fill(ENTRY, '50000', '0.004');
    await desk.engine.collect();
    await desk.engine.cancel(ENTRY, 'a test');
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
    desk.venue.fill(ENTRY, '50000', '0.001');
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)).toMatchObject({
      state: 'CANCELED',
      filled: quantity('0.005'),
    });
    expect(desk.book.portfolio.cash).toBe(money('9750'));
  });
});

describe('a cancel', () => {
  test('is in the journal before the venue is asked, and is asked for once', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    await desk.engine.cancel(ENTRY, 'a test');
    expect(desk.book.order(ENTRY)?.state).toBe('PENDING_CANCEL');
    await desk.engine.cancel(ENTRY, 'a test');
    expect(await desk.eventsOf('order.cancel-requested')).toHaveLength(1);
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
  });

  test('of what is not open does nothing', async () => {
    const desk = await openDesk();
    const before = desk.ledger.head.seq;
    await desk.engine.cancel(STRANGER, 'a test');
    expect(desk.ledger.head.seq).toBe(before);
  });
});

describe('the first thing after a start is to compare ledger and venue', () => {
  /** The process ends with an order on its way, and another begins. */
  async function restarted(answer: Answer, between: (desk: Desk) => void = () => {}) {
    const before = await openDesk();
    before.venue.answer = () => answer;
    await before.engine.execute(await before.intend('P1'));
    between(before);
    const { clock, ledger, venue } = before;
    venue.answer = () => 'ACCEPT';
    return openDesk({ clock, ledger, venue });
  }
  const differences = async (desk: Desk) =>
    (await desk.eventsOf('reconciliation.completed')).at(-1)?.body.differences;

  test('until then no entry is cleared', async () => {
    const desk = await openDesk();
    const { clock, ledger, venue, book, decisions } = desk;
    const { Desk: Unstarted } = await import('../tests/support/desk.ts');
    const early = new Unstarted(clock, ledger, venue, book, decisions, {});
    early.mark('50000');
    expect(early.engine.reconciled).toBe(false);
    const verdict = early.engine.preview(entryOrder(early.proposal('P1')));
    expect(verdict).toMatchObject({ cleared: false, code: 'RECONCILIATION_PENDING' });
  });

  test('an order that never landed ends, and is not sent again', async () => {
    const desk = await restarted('TIMEOUT');
    expect(await differences(desk)).toEqual([`${ENTRY} was sent but never reached the venue`]);
    expect(desk.book.order(ENTRY)?.state).toBe('REJECTED');
    expect(desk.venue.received).toHaveLength(1);
  });

  test('an order that landed without a word is taken up', async () => {
    const desk = await restarted('LOST');
    expect(desk.book.order(ENTRY)?.state).toBe('OPEN');
    expect(desk.venue.received).toHaveLength(1);
  });

  test('an order that filled before anybody asked is filled, not lost', async () => {
    const desk = await restarted('LOST', ({ venue }) => venue.fill(ENTRY, '50000'));
    expect(desk.book.order(ENTRY)?.state).toBe('FILLED');
    expect(desk.book.portfolio.positions.size).toBe(1);
    expect(await differences(desk)).toEqual([]);
  });

  test('what the venue has lost stops new entries, and is not declared dead', async () => {
    const desk = await restarted('ACCEPT', ({ venue }) => venue.resting.clear());
    expect(await differences(desk)).toEqual([`${ENTRY} is open here but unknown to the venue`]);
    expect(desk.book.order(ENTRY)?.state).toBe('OPEN');
    expect(desk.book).toMatchObject({
      tradingState: 'REDUCING',
      tradingStateCode: 'VENUE_MISMATCH',
    });
  });

  test('what is not ours is named, left alone, and stops new entries', async () => {
    const desk = await restarted('ACCEPT', ({ venue }) => {
      venue.resting.set(STRANGER, { ...venue.received[0]!, id: STRANGER });
    });
    expect(await differences(desk)).toEqual([`${STRANGER} rests at the venue but is not ours`]);
    expect(desk.venue.resting.has(STRANGER)).toBe(true);
    expect(desk.book).toMatchObject({
      tradingState: 'REDUCING',
      tradingStateCode: 'VENUE_MISMATCH',
    });
  });

  test('agreement changes nothing', async () => {
    const desk = await restarted('ACCEPT');
    expect(await differences(desk)).toEqual([]);
    expect(desk.book.tradingState).toBe('ACTIVE');
    expect(desk.engine.reconciled).toBe(true);
  });

  test('a cancel that was asked for is asked for again', async () => {
    const before = await openDesk();
    await before.engine.execute(await before.intend('P1'));
    const { clock, ledger } = before;
    await before.engine.cancel(ENTRY, 'a test');
    // The request was recorded and lost on its way.
    const venue = new LyingVenue();
    venue.resting.set(ENTRY, before.venue.received[0]!);
    const desk = await openDesk({ clock, ledger, venue });
    await desk.engine.collect();
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
  });
});

/** The ledger is at work: whatever else is written now has to wait for its turn. */
const busy = ({ ledger }: Desk): Promise<void> => ledger.transact(async () => {});

describe('a breaker', () => {
  const STATES: readonly TradingState[] = ['ACTIVE', 'REDUCING', 'HALTED'];
  const rank = (state: TradingState): number => STATES.indexOf(state);
  const CODES = Object.keys(BREAKERS) as readonly BreakerCode[];
  const last = async (desk: Desk) => (await desk.eventsOf('trading.state-changed')).at(-1);

  test.each(CODES)('pulled as %s leads where its table says, and is written down', async (code) => {
    const desk = await openDesk();
    expect(await desk.engine.pull(code, 'a test')).toBe(true);
    const { to, emergency } = BREAKERS[code];
    expect(desk.book).toMatchObject({
      tradingState: to,
      emergency,
      tradingStateCode: code,
      tradingStateBecause: 'a test',
    });
    const changed = await last(desk);
    expect(changed?.actor).toEqual({ kind: 'SYSTEM', name: 'execution-engine' });
    expect(changed?.body).toEqual({ from: 'ACTIVE', to, emergency, because: 'a test', code });
  });

  test.each(CODES.flatMap((first) => CODES.map((second) => [first, second] as const)))(
    'pulled as %s and then as %s never loosens',
    async (first, second) => {
      const desk = await openDesk();
      await desk.engine.pull(first, 'first');
      const before = desk.ledger.head.seq;
      const from = BREAKERS[first];
      const next = BREAKERS[second];
      const isGraver = rank(next.to) > rank(from.to) || (next.emergency && !from.emergency);
      expect(await desk.engine.pull(second, 'second')).toBe(isGraver);
      expect(desk.ledger.head.seq - before).toBe(isGraver ? 1 : 0);
      expect(rank(desk.book.tradingState)).toBe(Math.max(rank(from.to), rank(next.to)));
      expect(desk.book.emergency).toBe(from.emergency || next.emergency);
      expect(desk.book.tradingStateCode).toBe(isGraver ? second : first);
    },
  );

  test('pulled while the emergency is raised leaves it raised', async () => {
    const desk = await openDesk();
    const emergency = { from: 'ACTIVE', to: 'REDUCING', emergency: true } as const;
    const body = { ...emergency, because: 'a test', code: null };
    await desk.ledger.append(draft('trading.state-changed', ENGINE, 'trading-state', null, body));
    await desk.engine.pull('ORDER_STORM', 'second');
    expect(desk.book).toMatchObject({ tradingState: 'HALTED', emergency: true });
  });

  test.each<[BreakerCode, BreakerCode]>([
    ['ORDER_STORM', 'FEED_SILENT'],
    ['FEED_SILENT', 'ORDER_STORM'],
    ['DRAWDOWN_EXCEEDS_MAXIMUM', 'ORDER_STORM'],
  ])('pulled as %s and %s at the same moment leads to the graver', async (first, second) => {
    const desk = await openDesk();
    const { engine } = desk;
    await Promise.all([busy(desk), engine.pull(first, 'first'), engine.pull(second, 'second')]);
    expect(desk.book.tradingState).toBe('HALTED');
    expect(desk.book.emergency).toBe(first === 'DRAWDOWN_EXCEEDS_MAXIMUM');
  });

  test('pulled twice at the same moment is written down once', async () => {
    const desk = await openDesk();
    const { engine } = desk;
    const [, ...moved] = await Promise.all([
      busy(desk),
      engine.pull('ORDER_STORM', 'first'),
      engine.pull('ORDER_STORM', 'second'),
    ]);
    expect(moved).toEqual([true, false]);
    expect(await desk.eventsOf('trading.state-changed')).toHaveLength(1);
  });

  test('outlives the process', async () => {
    const { engine, clock, ledger, venue } = await openDesk();
    await engine.pull('DRAWDOWN_EXCEEDS_MAXIMUM', 'a test');
    const desk = await openDesk({ clock, ledger, venue });
    expect(desk.book).toMatchObject({ tradingState: 'HALTED', emergency: true });
    expect(desk.engine.preview(entryOrder(desk.proposal('P1'))).code).toBe('EMERGENCY_ACTIVE');
  });
});

test('an order of an unknown instrument is not judged, it is a mistake', async () => {
  const desk = await openDesk();
  const order = { ...entryOrder(desk.proposal('P1')), instrumentId: 'DOGE/USD' as typeof BTC.id };
  expect(() => desk.engine.preview(order)).toThrow('DOGE/USD');
});
