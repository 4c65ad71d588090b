import { describe, expect, test } from 'vitest';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.ts';
import type { DomainEvent } from '../../domain/event.ts';
import {
  clientOrderId,
  fillId,
  instrumentId,
  ocoGroupId,
  proposalId,
  venueOrderId,
} from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { positionKey } from '../../domain/portfolio.ts';
import {
  BTC,
  ETH,
  MOMENTUM,
  REVERSION,
  sampleOrder,
  START_MS,
} from '../../domain/testing/samples.ts';
import { money, price, quantity } from '../../domain/units.ts';
import { trailBy } from '../../domain/management.ts';
import { INSTRUMENTS, Journal } from '../../execution/testing/book-of.ts';
import { type BarShape, candles, feedOf, playOn, World } from '../../tests/support/world.ts';
import { Book } from './book.ts';

const MIDNIGHT = Date.UTC(2026, 0, 6);
const ENTRY = sampleOrder();
const KEY = positionKey(BTC.id, MOMENTUM);
const exit = (change: Partial<Order> = {}): Order => ({
  ...sampleOrder(),
  id: clientOrderId('X1P1'),
  role: 'EXIT',
  side: 'SELL',
  reduceOnly: true,
  ...change,
});

/** Everything a book says, as data. */
const told = (book: Book, nowMs: number) => ({
  seq: book.seq,
  portfolio: book.portfolio,
  state: [book.tradingState, book.tradingStateBecause, book.tradingStateCode, book.emergency],
  rung: book.rung,
  peak: book.peakEquity,
  equity: book.equity(),
  dayOpen: book.dayOpenEquity(nowMs),
  standings: [...book.standings],
  active: book.active,
  bars: [...book.bars],
  live: book.liveOrders(),
  results: book.active.map((id) => book.strategyDayResult(id, nowMs)),
  traffic: [
    book.traffic.entriesAfter(nowMs - DAY_MS),
    book.traffic.messagesAfter(nowMs - MINUTE_MS),
    book.traffic.rejectsAfter(nowMs - MINUTE_MS),
  ],
  entry: book.entryOf(positionKey(BTC.id, book.active[0] ?? MOMENTUM)),
  halted: [...book.halted],
  closing: [...book.closing],
  external: [...book.external],
  ladders: book.ladders(),
  excursions: [...book.portfolio.positions.keys()].map((key) => book.excursionOf(key)),
  unprotected: [...book.portfolio.positions.keys()].map((key) => book.unprotectedSince(key)),
});

describe('a fold of the journal', () => {
  const BARS: readonly BarShape[] = [
    [50_000],
    [50_200],
    [51_800, 50_000, 52_000],
    [50_900],
    [50_000],
    [48_800],
    [48_000],
    [48_000],
  ];
  const traded = async () => {
    const world = new World({
      feed: feedOf(candles(50_000, BARS)),
      plan: (bar) => (bar % 3 === 0 ? { management: trailBy(150) } : undefined),
    });
    const runtime = await world.open();
    await playOn(runtime);
    return { runtime, events: world.events() };
  };
  const fold = (events: readonly DomainEvent[], onto = new Book(INSTRUMENTS)): Book => {
    for (const event of events) onto.apply(event);
    return onto;
  };

  test('is the same whether it grew with the events or was read from the store', async () => {
    const { runtime, events } = await traded();
    expect(events.filter(({ type }) => type === 'order.filled').length).toBeGreaterThan(3);
    const now = runtime.options.clock.now();
    const live = runtime.parts.book as Book;
    expect(told(fold(events), now)).toEqual(told(live, now));
  });

  test('is the same after every event, however often it was begun again', async () => {
    const { events } = await traded();
    const growing = new Book(INSTRUMENTS);
    for (const [index, event] of events.entries()) {
      growing.apply(event);
      if (index % 7 !== 0 && index !== events.length - 1) continue;
      const again = fold(events.slice(0, index + 1));
      expect(told(again, event.atMs)).toEqual(told(growing, event.atMs));
    }
  });
});

describe('a start', () => {
  test('gives the cash once; a later start names the strategies and changes no money', () => {
    const journal = new Journal('10000').close(BTC, '50000').send(ENTRY).accept(ENTRY);
    journal.fill(ENTRY, '0.01', '50000', '1');
    journal.add('system.started', {
      ...startBody('99999'),
      strategies: [REVERSION],
      resumed: true,
    });
    const { book } = journal;
    expect(book.startingCash).toBe(money('10000'));
    expect(book.portfolio.cash).toBe(money('9499'));
    expect(book.active).toEqual([REVERSION]);
    expect([...book.standings.keys()]).toEqual([MOMENTUM, REVERSION]);
  });

  test('does not wash off a losing streak or a switch-off', () => {
    const journal = new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY);
    journal.fill(ENTRY, '0.01', '50000').send(exit()).accept(exit()).fill(exit(), '0.01', '49000');
    journal.add('strategy.disabled', { strategyId: MOMENTUM, because: 'a test' });
    journal.add('system.started', { ...startBody('10000'), resumed: true });
    expect(journal.book.standings.get(MOMENTUM)).toEqual({
      enabled: false,
      lossStreak: 1,
      because: 'a test',
    });
  });
});

const startBody = (cash: string) => ({
  version: '0',
  decisionMode: 'GUIDE' as const,
  venueMode: 'SIMULATION' as const,
  limitsHash: '',
  tightened: {},
  currency: 'USD',
  cash,
  strategies: [MOMENTUM, REVERSION],
  rules: {},
  entryRules: [],
  instruments: [...INSTRUMENTS.keys()],
  market: 'test',
  synthetic: true,
  seed: 1,
  resumed: false,
});

describe('the day', () => {
  /** A hundredth of a coin bought at 50,000, and bars at the times and closes given. */
  const held = (...bars: readonly (readonly [number, string])[]): Book => {
    const journal = new Journal().send(ENTRY).accept(ENTRY).fill(ENTRY, '0.01', '50000');
    for (const [atMs, close] of bars) journal.close(BTC, close, atMs);
    return journal.book;
  };

  test('opens with the equity at midnight, and keeps it until the next', () => {
    const book = held([MIDNIGHT - HOUR_MS, '51000'], [MIDNIGHT + HOUR_MS, '52000']);
    expect(book.dayOpenEquity(MIDNIGHT + HOUR_MS)).toBe(money('10010'));
    expect(book.dayOpenEquity(MIDNIGHT + DAY_MS - 1)).toBe(money('10010'));
  });

  test('a bar that closes at midnight still belongs to the day it measured', () => {
    const book = held([MIDNIGHT - HOUR_MS, '51000'], [MIDNIGHT, '40000']);
    expect(book.dayOpenEquity(MIDNIGHT - 1)).toBe(money('10000'));
    // The new day begins with what that bar left.
    expect(book.dayOpenEquity(MIDNIGHT)).toBe(money('9900'));
  });

  test('nobody has to trade for a new one to begin', () => {
    const book = held([MIDNIGHT - HOUR_MS, '51000']);
    expect(book.dayOpenEquity(MIDNIGHT + 3 * DAY_MS)).toBe(money('10010'));
  });
});

test('the peak is the most that equity ever was at a bar’s close, and never falls', () => {
  const journal = new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY);
  journal.fill(ENTRY, '0.01', '50000');
  const peaks = ['49000', '52000', '51000', '53000', '10000'].map(
    (close) => journal.close(BTC, close).book.peakEquity,
  );
  expect(peaks).toEqual(['10000', '10020', '10020', '10030', '10030'].map((text) => money(text)));
});

describe('entries', () => {
  const entry = (number: number): Order => sampleOrder({ id: clientOrderId(`E${number}`) });

  test('count from their sending, whatever became of them; exits and refusals are told apart', () => {
    const journal = new Journal();
    [1, 2, 3].forEach((number) => journal.send(entry(number), undefined, MIDNIGHT + number));
    journal.refuse(entry(1), MIDNIGHT + 4);
    // What stayed here is no refusal by the venue.
    journal.add('order.rejected', { orderId: entry(3).id, because: 'a test' }, MIDNIGHT + 4);
    journal.send(exit(), undefined, MIDNIGHT + 5);
    const asked = { orderId: entry(2).id, because: 'a test' };
    journal.accept(entry(2)).add('order.cancel-requested', asked, MIDNIGHT + 6);
    const { traffic } = journal.book;
    const after = [0, MIDNIGHT + 2, MIDNIGHT + 3, MIDNIGHT + 6];
    expect(after.map((ms) => traffic.entriesAfter(ms).length)).toEqual([3, 1, 0, 0]);
    expect(after.map((ms) => traffic.messagesAfter(ms))).toEqual([5, 3, 2, 0]);
    expect(after.map((ms) => traffic.rejectsAfter(ms))).toEqual([1, 1, 1, 0]);
  });

  test('are found by the position they opened: the latest of that instrument and strategy', () => {
    const journal = new Journal().send(entry(1)).send(entry(2));
    journal.send(sampleOrder({ id: clientOrderId('E3'), strategyId: REVERSION }));
    expect(journal.book.entryOf(KEY)?.order.id).toBe('E2');
    expect(journal.book.entryOf(positionKey(ETH.id, MOMENTUM))).toBeUndefined();
  });

  test('and exits of a proposal are counted by role, for their next id', () => {
    const stop = (number: number): Order =>
      exit({
        id: clientOrderId(`S${number}P1`),
        role: 'STOP',
        type: 'STOP',
        stopPrice: price('49000'),
      });
    const { book } = new Journal().send(ENTRY).send(stop(1)).send(stop(2)).send(exit());
    const sent = (['STOP', 'EXIT', 'TARGET'] as const).map((role) =>
      book.exitsSent(proposalId('P1'), role),
    );
    expect(sent).toEqual([2, 1, 0]);
  });
});

describe('a fill', () => {
  test.each([
    ['order.canceled', 'CANCELED'],
    ['order.rejected', 'REJECTED'],
    ['order.expired', 'EXPIRED'],
  ] as const)('after %s is booked, and the order stays %s until it is whole', (type, state) => {
    const journal = new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY);
    journal.add(type, { orderId: ENTRY.id, because: 'a test' }).fill(ENTRY, '0.004', '50000');
    const { book } = journal;
    expect(book.order(ENTRY.id)?.state).toBe(state);
    expect(book.liveOrders()).toEqual([]);
    expect(book.portfolio.positions.get(KEY)?.quantity).toBe(quantity('0.004'));
    expect(book.portfolio.cash).toBe(money('9800'));
    journal.fill(ENTRY, '0.006', '50000');
    expect(book.order(ENTRY.id)?.state).toBe('FILLED');
    expect(book.liveOrders()).toEqual([]);
    expect(book.portfolio.cash).toBe(money('9500'));
  });

  test('before the first bar is the first mark; later ones leave the bar’s', () => {
    const journal = new Journal().send(ENTRY).accept(ENTRY).fill(ENTRY, '0.005', '50500');
    expect(journal.book.mark(BTC.id)?.price).toBe(price('50500'));
    journal.fill(ENTRY, '0.005', '50700');
    expect(journal.book.mark(BTC.id)?.price).toBe(price('50500'));
    journal.close(BTC, '50000');
    expect(journal.book.mark(BTC.id)?.price).toBe(price('50000'));
  });

  test('is known by its id from then on', () => {
    const journal = new Journal().send(ENTRY).accept(ENTRY);
    expect(journal.book.hasFill(fillId('f-E1P1-3'))).toBe(false);
    expect(journal.fill(ENTRY, '0.01', '50000').book.hasFill(fillId('f-E1P1-3'))).toBe(true);
  });

  test('that ends a trade counts in the streak: a loss adds, break-even adds, a gain clears', () => {
    const journal = new Journal().close(BTC, '50000');
    const streaks = ['49000', '50000', '50000.01', '49999'].map((at, index) => {
      const [entry, close] = [`E1P${index}`, `X1P${index}`].map(clientOrderId);
      if (entry === undefined || close === undefined) return undefined;
      for (const [order, price] of [
        [sampleOrder({ id: entry }), '50000'],
        [exit({ id: close }), at],
      ] as const) {
        journal.send(order).accept(order).fill(order, '0.01', price);
      }
      return journal.book.standings.get(MOMENTUM)?.lossStreak;
    });
    expect(streaks).toEqual([1, 2, 0, 1]);
  });
});

describe('what cannot be is a mistake of the journal', () => {
  const strange = sampleOrder({ id: clientOrderId('NEVER') });

  test('an order spoken of before it was sent', () => {
    expect(() => new Journal().accept(strange)).toThrow(
      'the journal speaks of order NEVER before submitting it',
    );
  });

  test('a fill of an instrument nobody knows', () => {
    const order = sampleOrder({ instrumentId: instrumentId('DOGE/USD') });
    expect(() => new Journal().send(order).accept(order).fill(order, '0.01', '1')).toThrow(
      'DOGE/USD',
    );
  });

  test('a step the table of an order’s life does not have', () => {
    const rejected = { orderId: ENTRY.id, because: 'a test' };
    const journal = new Journal().send(ENTRY).add('order.rejected', rejected);
    expect(() => journal.accept(ENTRY)).toThrow('ACCEPT is not legal in REJECTED');
  });
});

describe('an order that is over', () => {
  test('is live again where the venue has it resting after all', () => {
    const journal = new Journal().send(ENTRY).accept(ENTRY);
    journal.add('order.canceled', { orderId: ENTRY.id, because: 'a test' });
    expect(journal.book.liveOrders()).toEqual([]);
    journal.add('order.resurfaced', {
      orderId: ENTRY.id,
      venueOrderId: venueOrderId('v-again'),
      because: 'there it is',
    });
    expect(journal.book.liveOrders()).toMatchObject([{ state: 'OPEN', venueOrderId: 'v-again' }]);
  });
});

describe('what is not ours at the venue', () => {
  test('is known from when it was found until it is gone', () => {
    const id = venueOrderId('v-stranger');
    const found = { venueOrderId: id, instrumentId: BTC.id, side: 'BUY', quantity: '1' } as const;
    const journal = new Journal().add('order.external-found', found);
    expect([...journal.book.external]).toEqual([[id, found]]);
    expect(journal.book.liveOrders()).toEqual([]);
    journal.add('order.external-gone', { venueOrderId: id });
    expect(journal.book.external.size).toBe(0);
  });
});

describe('an instrument', () => {
  test('is halted for its reason until somebody resumes it', () => {
    const body = { instrumentId: BTC.id, code: 'POSITION_UNPROTECTED', because: 'a test' } as const;
    const journal = new Journal().add('instrument.halted', body);
    expect(journal.book.halted.get(BTC.id)).toMatchObject({ code: body.code, because: 'a test' });
    expect(journal.book.halted.has(ETH.id)).toBe(false);
    journal.add('instrument.resumed', { instrumentId: BTC.id, because: 'looked at' });
    expect(journal.book.halted.size).toBe(0);
  });
});

describe('a position that is to be closed', () => {
  const wished = () =>
    new Journal().send(ENTRY).fill(ENTRY, '0.01', '50000').add('position.close-requested', {
      instrumentId: BTC.id,
      strategyId: MOMENTUM,
      because: 'time is up',
    });

  test('stays so while a part of it is left, and no longer', () => {
    const journal = wished();
    expect([...journal.book.closing]).toEqual([[KEY, 'time is up']]);
    journal.send(exit()).fill(exit(), '0.004', '50000');
    expect(journal.book.closing.has(KEY)).toBe(true);
    journal.fill(exit(), '0.006', '50000');
    expect(journal.book.closing.has(KEY)).toBe(false);
  });

  test('is another one once it has turned around', () => {
    const larger = exit({ quantity: quantity('0.02') });
    expect(wished().send(larger).fill(larger, '0.02', '50000').book.closing.size).toBe(0);
  });
});

describe('how far the price went while a position was open', () => {
  test('is measured from its own fills and bars, and forgotten with it', () => {
    const journal = new Journal().close(BTC, '60000').send(ENTRY).fill(ENTRY, '0.01', '50000');
    expect(journal.book.excursionOf(KEY)).toEqual({ high: price('50000'), low: price('50000') });
    journal.close(BTC, '51000').close(BTC, '49500').close(ETH, '70000');
    expect(journal.book.excursionOf(KEY)).toEqual({ high: price('51000'), low: price('49500') });
    journal.send(exit()).fill(exit(), '0.01', '49500').close(BTC, '40000');
    expect(journal.book.excursionOf(KEY)).toBeUndefined();
  });
});

describe('what was closed in a group', () => {
  const group = ocoGroupId('exits:P1:0');

  test('is the sum of the group’s fills, whichever order of it filled', () => {
    const target = exit({ ocoGroupId: group });
    const stop = exit({ id: clientOrderId('S1P1'), role: 'STOP', ocoGroupId: group });
    const journal = new Journal().send(ENTRY).fill(ENTRY, '0.01', '50000').send(target).send(stop);
    expect(journal.book.closedIn(group)).toBe(quantity('0'));
    journal.fill(target, '0.004', '53000').fill(stop, '0.001', '49000');
    expect(journal.book.closedIn(group)).toBe(quantity('0.005'));
    expect(journal.book.closedIn(ocoGroupId('exits:P1:1'))).toBe(quantity('0'));
  });
});

describe('a ladder', () => {
  const adds = [{ price: price('49500'), quantity: quantity('0.005') }];
  const planned = sampleOrder({ management: { adds } });

  test('is there while its entry lives, and then while its position does', () => {
    const journal = new Journal().send(planned);
    expect(journal.book.ladders()).toMatchObject([{ entry: { order: { id: planned.id } } }]);
    expect(journal.book.ladders()[0]?.position).toBeUndefined();
    journal.fill(planned, '0.01', '50000');
    expect(journal.book.ladders()[0]?.position?.quantity).toBe(quantity('0.01'));
    journal.send(exit()).fill(exit(), '0.01', '50000');
    expect(journal.book.ladders()).toEqual([]);
  });

  test('is not there when its entry came to nothing, or planned none', () => {
    const journal = new Journal().send(planned);
    journal.add('order.rejected', { orderId: planned.id, because: 'a test' });
    expect(journal.book.ladders()).toEqual([]);
    expect(new Journal().send(ENTRY).book.ladders()).toEqual([]);
  });

  test('does not own the position of the entry after it', () => {
    const next = sampleOrder({ id: clientOrderId('E1P2') });
    const journal = new Journal().send(planned);
    journal.add('order.rejected', { orderId: planned.id, because: 'a test' });
    journal.send(next).fill(next, '0.01', '50000');
    expect(journal.book.ladders()).toEqual([]);
  });

  test('keeps its position when a step of it is sent', () => {
    const step = sampleOrder({ id: clientOrderId('E2P1'), addTo: planned.id });
    const journal = new Journal().send(planned).fill(planned, '0.01', '50000').send(step);
    expect(journal.book.entryOf(KEY)?.order.id).toBe(planned.id);
    expect(journal.book.ladders()).toHaveLength(1);
  });
});

describe('the trading state', () => {
  const halt = { from: 'ACTIVE', to: 'HALTED', emergency: true, because: 'a test' } as const;

  test('is the last that was said, with its reason and the breaker that moved it', () => {
    const { book } = new Journal().add('trading.state-changed', { ...halt, code: 'ORDER_STORM' });
    expect(book).toMatchObject({
      tradingState: 'HALTED',
      emergency: true,
      tradingStateBecause: 'a test',
      tradingStateCode: 'ORDER_STORM',
    });
  });

  test('has no breaker once a person moved it', () => {
    const journal = new Journal().add('trading.state-changed', { ...halt, code: 'ORDER_STORM' });
    const step = { from: 'HALTED', to: 'REDUCING', emergency: false, because: 'ada' } as const;
    expect(journal.add('trading.state-changed', { ...step, code: null }).book).toMatchObject({
      tradingState: 'REDUCING',
      emergency: false,
      tradingStateBecause: 'ada',
      tradingStateCode: null,
    });
  });
});

describe('the drawdown ladder', () => {
  test('stands where it was last said to stand', () => {
    const journal = new Journal();
    expect(journal.book.rung).toBe(0);
    journal.add('drawdown.rung-changed', { from: 0, to: 4, drawdownBps: 1_500 });
    expect(journal.book.rung).toBe(4);
    journal.add('drawdown.rung-changed', { from: 4, to: 3, drawdownBps: 1_399 });
    expect(journal.book.rung).toBe(3);
  });

  test('measures from the peak a person set, which may lie below the old one, and grows again', () => {
    const journal = new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY);
    journal.fill(ENTRY, '0.01', '50000').close(BTC, '40000');
    expect(journal.book.peakEquity).toBe(money('10000'));
    journal.add('drawdown.peak-rebased', { from: '10000', to: '9900', because: 'a test' });
    expect(journal.book.peakEquity).toBe(money('9900'));
    expect(journal.close(BTC, '40100').book.peakEquity).toBe(money('9901'));
  });
});

describe('a strategy', () => {
  test('that is switched on again has a clean streak and the reason it was given', () => {
    const journal = new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY);
    journal.fill(ENTRY, '0.01', '50000').send(exit()).accept(exit()).fill(exit(), '0.01', '49000');
    journal.add('strategy.disabled', { strategyId: MOMENTUM, because: 'it lost' });
    const off = { enabled: false, lossStreak: 1, because: 'it lost' };
    expect(journal.book.standings.get(MOMENTUM)).toEqual(off);
    journal.add('strategy.enabled', { strategyId: MOMENTUM, because: 'ada' });
    const on = { enabled: true, lossStreak: 0, because: 'ada' };
    expect(journal.book.standings.get(MOMENTUM)).toEqual(on);
    expect(journal.book.standings.get(REVERSION)).toEqual({ ...on, because: null });
  });

  test('answers for its fees and its open positions of the day, and for no one else’s', () => {
    const other = sampleOrder({ id: clientOrderId('E1P2'), strategyId: REVERSION });
    const journal = new Journal().close(BTC, '50000').send(ENTRY).accept(ENTRY).send(other);
    journal.fill(ENTRY, '0.01', '50000', '0.5').accept(other).fill(other, '0.02', '50000');
    const { book } = journal.close(BTC, '51000');
    expect(book.strategyDayResult(MOMENTUM, START_MS)).toBe(money('9.5'));
    expect(book.strategyDayResult(REVERSION, START_MS)).toBe(money('20'));
    const fresh = () => price('49000');
    expect(book.strategyDayResult(MOMENTUM, START_MS, fresh)).toBe(money('-10.5'));
  });

  /** Bought at 50,000; the last bar before midnight closes at 51,000. */
  const overnight = (): Journal => {
    const evening = MIDNIGHT - HOUR_MS;
    const journal = new Journal().close(BTC, '50000', evening).send(ENTRY, undefined, evening);
    return journal.accept(ENTRY).fill(ENTRY, '0.01', '50000').close(BTC, '51000', MIDNIGHT);
  };

  test('begins each day at nothing, with what it held at midnight', () => {
    const { book } = overnight();
    expect(book.strategyDayResult(MOMENTUM, MIDNIGHT - 1)).toBe(money('10'));
    // The new day has begun though nothing was recorded in it yet.
    expect(book.strategyDayResult(MOMENTUM, MIDNIGHT)).toBe(money('0'));
    expect(book.strategyDayResult(MOMENTUM, MIDNIGHT, () => price('50500'))).toBe(money('-5'));
    expect(book.strategyDayResult(MOMENTUM, MIDNIGHT + 3 * DAY_MS)).toBe(money('0'));
  });

  test('counts the day from midnight once something is recorded in it', () => {
    const { book } = overnight().close(BTC, '50500', MIDNIGHT + HOUR_MS);
    expect(book.strategyDayResult(MOMENTUM, MIDNIGHT + HOUR_MS)).toBe(money('-5'));
  });

  test('that closes what it held overnight answers only for the day', () => {
    const journal = overnight()
      .send(exit(), undefined, MIDNIGHT + HOUR_MS)
      .accept(exit());
    const { book } = journal.fill(exit(), '0.01', '50200', '0.3');
    expect(book.strategyDayResult(MOMENTUM, MIDNIGHT + HOUR_MS)).toBe(money('-8.3'));
    expect(book.strategyDayResult(MOMENTUM, MIDNIGHT + DAY_MS)).toBe(money('0'));
  });

  test('that never traded won and lost nothing', () => {
    expect(new Journal().book.strategyDayResult(REVERSION, START_MS)).toBe(money('0'));
  });
});
