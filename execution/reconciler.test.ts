import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DAY_MS, MINUTE_MS } from '../domain/clock.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import { type ClientOrderId, proposalId, venueOrderId } from '../domain/ids.ts';
import type { OrderRole } from '../domain/order.ts';
import { BTC } from '../domain/testing/samples.ts';
import { type DecimalText, money, NO_QUANTITY, quantity } from '../domain/units.ts';
import { Desk, openDesk } from '../tests/support/desk.ts';
import { VenueError, type VenueOrder } from './venue.ts';

const id = (role: OrderRole): ClientOrderId => orderIdFor(proposalId('P1'), role);
const ENTRY = id('ENTRY');
const STOP = id('STOP');

const STRANGER: VenueOrder = {
  venueOrderId: venueOrderId('v-stranger'),
  clientId: 'somebody-else',
  instrumentId: BTC.id,
  side: 'BUY',
  type: 'LIMIT',
  quantity: quantity('1'),
  filled: NO_QUANTITY,
  status: 'OPEN',
  because: null,
  createdAtMs: 0,
};

const verdict = (desk: Desk) => {
  desk.mark('50000');
  return desk.engine.preview(entryOrder(desk.proposal('P9', { quantity: '0.001' })));
};
const differences = async (desk: Desk): Promise<readonly string[] | undefined> =>
  (await desk.eventsOf('reconciliation.completed')).at(-1)?.body.differences;
const stateOf = (desk: Desk, order = ENTRY) => desk.book.order(order)?.state;

/** An entry at the venue. */
async function opened(): Promise<Desk> {
  const desk = await openDesk();
  await desk.engine.execute(await desk.intend('P1'));
  return desk;
}

const reopen = ({ clock, ledger, venue }: Desk): Promise<Desk> =>
  openDesk({ clock, ledger, venue });

/** A desk of which nothing has been started yet. */
async function unstarted(): Promise<Desk> {
  const { clock, ledger, venue, book, decisions } = await openDesk();
  return new Desk(clock, ledger, venue, book, decisions, {});
}

/** Time passes and the engine looks, but nobody reacts. */
async function tendAfter(desk: Desk, ms: number): Promise<void> {
  desk.clock.advanceTo(desk.clock.now() + ms);
  await desk.engine.collect();
  await desk.engine.tend();
}

describe('before the first order after a start', () => {
  test('ledger and venue are compared; until then no entry is cleared', async () => {
    const desk = await unstarted();
    expect(desk.engine.reconciled).toBe(false);
    expect(verdict(desk)).toMatchObject({ cleared: false, code: 'RECONCILIATION_PENDING' });
    expect(await desk.engine.reconcile()).toBe(true);
    expect(verdict(desk)).toMatchObject({ cleared: true });
  });

  test('a question that is lost alarms nobody; one that nobody answers for seconds does, once', async () => {
    const before = await openDesk();
    before.venue.unreachable = true;
    const desk = await reopen(before);
    await tendAfter(desk, 1_000);
    expect(await desk.eventsOf('alarm.raised')).toEqual([]);
    for (const ms of [2_000, 4_000, 8_000]) await tendAfter(desk, ms);
    const alarms = await desk.eventsOf('alarm.raised');
    expect(alarms.map(({ body }) => body.code)).toEqual(['RECONCILIATION_PENDING']);
  });

  test('an approved entry is denied and not sent', async () => {
    const before = await openDesk();
    const intent = await before.intend('P1');
    before.venue.unreachable = true;
    const desk = await reopen(before);
    const result = await desk.engine.execute(intent);
    expect(result).toMatchObject({ kind: 'DENIED', code: 'RECONCILIATION_PENDING' });
    expect(desk.venue.received).toEqual([]);
  });

  test('an exit is not kept waiting', async () => {
    const before = await opened();
    before.venue.fill(ENTRY, '50000');
    await before.engine.collect();
    before.venue.unreachable = true;
    const desk = await reopen(before);
    await desk.guard.tend();
    expect(desk.engine.reconciled).toBe(false);
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });

  test('a venue that does not answer is asked again, more and more patiently, and told of once', async () => {
    const desk = await unstarted();
    desk.venue.unreachable = true;
    expect(await desk.engine.reconcile()).toBe(false);
    const asked: number[] = [];
    const startMs = desk.clock.now();
    desk.venue.time = async () => {
      asked.push((desk.clock.now() - startMs) / 1_000);
      throw new VenueError('UNREACHABLE', 'nobody answers');
    };
    for (let second = 0; second < 130; second++) await tendAfter(desk, 1_000);
    expect(verdict(desk)).toMatchObject({ code: 'RECONCILIATION_PENDING' });
    expect([...new Set(asked)]).toEqual([1, 3, 7, 15, 31, 63, 123]);
    expect(await desk.eventsOf('alarm.raised')).toMatchObject([
      { body: { code: 'RECONCILIATION_PENDING', subject: 'lying' } },
    ]);
  });

  test('a venue that answers at last is compared with by itself', async () => {
    const desk = await unstarted();
    desk.venue.unreachable = true;
    await desk.engine.reconcile();
    desk.venue.unreachable = false;
    await tendAfter(desk, 999);
    expect(desk.engine.reconciled).toBe(false);
    await tendAfter(desk, 1);
    expect(desk.engine.reconciled).toBe(true);
    expect(verdict(desk)).toMatchObject({ cleared: true });
  });

  test.each(['time', 'openOrders', 'history', 'fills', 'balances'] as const)(
    'half an answer is none: without %s nothing is opened',
    async (question) => {
      const desk = await unstarted();
      const fail = () => Promise.reject(new VenueError('AMBIGUOUS', 'a page of html'));
      Object.assign(desk.venue, { [question]: fail });
      expect(await desk.engine.reconcile()).toBe(false);
      expect(desk.engine.reconciled).toBe(false);
    },
  );

  test('agreement is written down once and changes nothing', async () => {
    const desk = await reopen(await opened());
    expect(await differences(desk)).toEqual([]);
    expect(desk.book.tradingState).toBe('ACTIVE');
    expect(stateOf(desk)).toBe('OPEN');
  });
});

describe('ten seconds of skew', () => {
  test.each([10_000, -10_000])('of %d ms are measured before the first order', async (skewMs) => {
    const desk = await unstarted();
    desk.venue.skewMs = skewMs;
    await desk.engine.reconcile();
    desk.mark('50000');
    await desk.enter('P1', '50000');
    expect(stateOf(desk)).toBe('FILLED');
    expect([...desk.venue.resting.keys()]).toContain(STOP);
    await desk.engine.reconcile();
    expect(await differences(desk)).toEqual([]);
    expect(desk.book.external.size).toBe(0);
  });

  test.each([10_000, -10_000])('that come all at once, by %d ms, are noticed', async (skewMs) => {
    const desk = await openDesk();
    desk.venue.skewMs = skewMs;
    await tendAfter(desk, MINUTE_MS);
    desk.mark('50000');
    await desk.engine.execute(await desk.intend('P1'));
    expect(stateOf(desk)).toBe('OPEN');
  });
});

describe('when ledger and venue are compared', () => {
  async function comparisons(desk: Desk, work: () => Promise<void>): Promise<number> {
    const { balances } = desk.venue;
    let count = 0;
    desk.venue.balances = () => {
      count += 1;
      return balances.call(desk.venue);
    };
    await work();
    return count;
  }

  test('is every fifteen minutes', async () => {
    const desk = await openDesk();
    const count = await comparisons(desk, async () => {
      for (let minute = 0; minute < 60; minute++) await tendAfter(desk, MINUTE_MS);
    });
    expect(count).toBe(4);
  });

  test.each([
    ['the stream broke off', (desk: Desk) => desk.venue.interrupt()],
    [
      'something is missing in the stream',
      (desk: Desk) => {
        desk.venue.fill(ENTRY, '50000', '0.001');
        desk.venue.loseNews();
        desk.venue.fill(ENTRY, '50000', '0.001');
      },
    ],
  ])('is at once when %s', async (_, lose) => {
    const desk = await opened();
    lose(desk);
    const count = await comparisons(desk, async () => {
      await desk.engine.collect();
      await desk.engine.tend();
    });
    expect(count).toBe(1);
    expect(desk.engine.reconciled).toBe(true);
  });

  test('is after the break, not before: what broke meanwhile is compared again', async () => {
    const desk = await opened();
    desk.venue.interrupt();
    const { balances } = desk.venue;
    desk.venue.balances = () => {
      // It breaks again while the picture is taken.
      desk.venue.interrupt();
      return balances.call(desk.venue);
    };
    await desk.engine.collect();
    await desk.engine.tend();
    expect(desk.engine.reconciled).toBe(false);
    desk.venue.balances = balances;
    await desk.engine.tend();
    expect(desk.engine.reconciled).toBe(true);
  });
});

describe('each difference is put right on the venue’s evidence', () => {
  test('an acknowledgement that was lost', async () => {
    const before = await openDesk();
    before.venue.answer = () => 'LOST';
    await before.engine.execute(await before.intend('P1'));
    const desk = await reopen(before);
    expect(await differences(desk)).toEqual([
      `${ENTRY} rests at the venue though its acknowledgement was lost`,
    ]);
    expect(stateOf(desk)).toBe('OPEN');
    expect(desk.venue.received).toHaveLength(1);
  });

  test('a fill that nobody heard of, and the position gets its stop', async () => {
    const before = await opened();
    before.venue.fill(ENTRY, '50000', '0.004');
    before.venue.loseNews();
    const desk = await reopen(before);
    expect(await differences(desk)).toEqual([`${ENTRY} traded 0.004 at 50000 unheard`]);
    expect(stateOf(desk)).toBe('PARTIALLY_FILLED');
    await desk.guard.tend();
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });

  test.each(['CANCELED', 'EXPIRED', 'REJECTED'] as const)(
    'an end as %s that nobody heard of',
    async (end) => {
      const before = await opened();
      before.venue.end(ENTRY, end, 'so it says');
      before.venue.loseNews();
      const desk = await reopen(before);
      expect(stateOf(desk)).toBe(end);
      expect(await differences(desk)).toHaveLength(1);
    },
  );

  test('a fill of an order that was over, however long the process was away', async () => {
    const before = await opened();
    before.venue.fill(ENTRY, '50000', '0.004');
    await before.engine.cancel(ENTRY, 'a test');
    before.venue.takeNews();
    before.venue.report({ kind: 'CANCELED', clientId: ENTRY, because: 'done' });
    await before.engine.collect();
    expect(before.book.order(ENTRY)).toMatchObject({ state: 'CANCELED', filled: NO_QUANTITY });
    before.clock.advanceTo(before.clock.now() + 5 * DAY_MS);
    const honest = before.venue.fills.bind(before.venue);
    before.venue.fills = async (...[sinceMs]: readonly number[]) =>
      (await honest()).filter(({ atMs }) => atMs >= (sinceMs ?? 0));
    const desk = await reopen(before);
    expect(desk.book.order(ENTRY)).toMatchObject({
      state: 'CANCELED',
      filled: quantity('0.004'),
    });
    expect(desk.book.tradingState).toBe('ACTIVE');
  });

  test('an order that rests there though it was over here: it is alive again, and somebody is told', async () => {
    const before = await opened();
    const [order] = before.venue.received;
    before.venue.report({ kind: 'EXPIRED', clientId: ENTRY, because: 'so it says' });
    await before.engine.collect();
    expect(stateOf(before)).toBe('EXPIRED');
    expect(order?.id).toBe(ENTRY);
    const desk = await reopen(before);
    expect(stateOf(desk)).toBe('OPEN');
    expect(await desk.eventsOf('alarm.raised')).toMatchObject([
      { body: { code: 'VENUE_MISMATCH', subject: ENTRY } },
    ]);
  });

  test('running it again adds nothing', async () => {
    const before = await opened();
    before.venue.fill(ENTRY, '50000', '0.004');
    before.venue.loseNews();
    before.venue.strangers.push(STRANGER);
    const desk = await reopen(before);
    const seq = desk.ledger.head.seq;
    for (let times = 0; times < 3; times++) await tendAfter(desk, 15 * MINUTE_MS);
    const added = (await desk.events()).slice(seq);
    expect(added).toEqual([]);
  });
});

describe('an order of somebody else', () => {
  test('is named and told of once, never cancelled, and locks nothing by itself', async () => {
    const desk = await openDesk();
    desk.venue.strangers.push(STRANGER);
    await tendAfter(desk, 15 * MINUTE_MS);
    await tendAfter(desk, 15 * MINUTE_MS);
    expect(await desk.eventsOf('order.external-found')).toMatchObject([
      { body: { venueOrderId: 'v-stranger', quantity: '1' } },
    ]);
    expect(await differences(desk)).toEqual(['v-stranger rests at the venue but is not ours']);
    expect(await desk.eventsOf('alarm.raised')).toHaveLength(1);
    expect(desk.venue.canceled).toEqual([]);
    expect([...desk.book.external.keys()]).toEqual(['v-stranger']);
  });

  test('is known after a restart, and missed when it is gone', async () => {
    const before = await openDesk();
    before.venue.strangers.push(STRANGER);
    await tendAfter(before, 15 * MINUTE_MS);
    const desk = await reopen(before);
    expect(await desk.eventsOf('order.external-found')).toHaveLength(1);
    desk.venue.strangers.pop();
    await tendAfter(desk, 15 * MINUTE_MS);
    expect(await desk.eventsOf('order.external-gone')).toHaveLength(1);
    expect(desk.book.external.size).toBe(0);
  });
});

describe('an order that the lists leave out', () => {
  test('is asked for, and nothing changes when it is there', async () => {
    const desk = await opened();
    desk.venue.openOrders = async () => [];
    for (let times = 0; times < 5; times++) await tendAfter(desk, 15 * MINUTE_MS);
    expect(stateOf(desk)).toBe('OPEN');
    expect(await desk.eventsOf('order.suspected')).toEqual([]);
  });

  test('is a suspect once it was not found three times in a row, and never canceled', async () => {
    const desk = await opened();
    await tendAfter(desk, MINUTE_MS);
    desk.venue.forgotten.add(ENTRY);
    desk.venue.interrupt();
    await tendAfter(desk, 0);
    await tendAfter(desk, 5_000);
    expect(stateOf(desk)).toBe('OPEN');
    await tendAfter(desk, 5_000);
    expect(stateOf(desk)).toBe('SUSPECT');
    expect(await desk.eventsOf('alarm.raised')).toMatchObject([
      { body: { code: 'ORDER_SUSPECT', subject: ENTRY } },
    ]);
    await tendAfter(desk, 60 * MINUTE_MS);
    expect(await desk.eventsOf('order.canceled')).toEqual([]);
    desk.venue.forgotten.delete(ENTRY);
    await tendAfter(desk, 15 * MINUTE_MS);
    expect(stateOf(desk)).toBe('OPEN');
  });

  test('is no suspect when one of the three questions failed, or found it', async () => {
    const desk = await opened();
    await tendAfter(desk, MINUTE_MS);
    const { order } = desk.venue;
    desk.venue.openOrders = async () => [];
    const gone = async () => undefined;
    const fails = () => Promise.reject(new VenueError('UNREACHABLE', 'nobody answers'));
    desk.venue.interrupt();
    for (const answer of [gone, gone, fails, order, gone, gone, fails]) {
      desk.venue.order = answer;
      await tendAfter(desk, 15 * MINUTE_MS);
      expect(stateOf(desk)).toBe('OPEN');
    }
    desk.venue.order = gone;
    await tendAfter(desk, 15 * MINUTE_MS);
    expect(stateOf(desk)).toBe('SUSPECT');
  });
});

test('an order that ended, but whose executions no list has yet, is asked for again soon', async () => {
  const desk = await opened();
  await tendAfter(desk, MINUTE_MS);
  const { openOrders, history, fills, balances } = desk.venue;
  const before = await desk.venue.balances();
  desk.venue.fill(ENTRY, '50000');
  desk.venue.loseNews();
  const none = async () => [];
  Object.assign(desk.venue, { openOrders: none, history: none, fills: none });
  desk.venue.balances = async () => before;
  await tendAfter(desk, 15 * MINUTE_MS);
  expect(stateOf(desk)).toBe('OPEN');
  Object.assign(desk.venue, { openOrders, history, fills, balances });
  await tendAfter(desk, 5_000);
  expect(stateOf(desk)).toBe('FILLED');
});

describe('a list that is old', () => {
  test.each(['FILLED', 'CANCELED'] as const)(
    'and still shows an order that is %s changes nothing',
    async (end) => {
      const desk = await opened();
      const stale = await desk.venue.openOrders();
      if (end === 'FILLED') desk.venue.fill(ENTRY, '50000');
      else desk.venue.end(ENTRY, end, 'so it says');
      await desk.engine.collect();
      desk.venue.openOrders = async () => stale;
      const seq = desk.ledger.head.seq;
      await tendAfter(desk, 15 * MINUTE_MS);
      expect(stateOf(desk)).toBe(end);
      expect((await desk.events()).slice(seq)).toEqual([]);
    },
  );

  test('and does not show a fresh one yet changes nothing', async () => {
    const desk = await opened();
    desk.venue.openOrders = async () => [];
    desk.venue.order = async () => undefined;
    for (let times = 0; times < 4; times++) {
      desk.venue.interrupt();
      await tendAfter(desk, 1_000);
    }
    expect(stateOf(desk)).toBe('OPEN');
  });
});

describe('sums that do not agree', () => {
  const lie = (desk: Desk, cash: DecimalText, held?: DecimalText): void => {
    desk.venue.balances = async () => ({
      currency: 'USD',
      cash: money(cash),
      positions: new Map(held === undefined ? [] : [[BTC.id, quantity(held)]]),
    });
  };

  test.each<[string, DecimalText, DecimalText | undefined]>([
    ['cash', '9999.99', undefined],
    ['position', '10000', '0.001'],
  ])(
    'on the %s are seen twice before they stop new risk and call a person',
    async (_, cash, held) => {
      const desk = await openDesk();
      lie(desk, cash, held);
      await tendAfter(desk, 15 * MINUTE_MS);
      expect(desk.book.tradingState).toBe('ACTIVE');
      await tendAfter(desk, 5_000);
      expect(desk.book).toMatchObject({
        tradingState: 'REDUCING',
        tradingStateCode: 'VENUE_MISMATCH',
      });
      await tendAfter(desk, 5_000);
      expect(await desk.eventsOf('alarm.raised')).toMatchObject([
        { body: { code: 'VENUE_MISMATCH', subject: 'lying' } },
      ]);
      expect(await desk.eventsOf('order.filled')).toEqual([]);
    },
  );

  test('once and then agree were pictures of two instants', async () => {
    const desk = await openDesk();
    const honest = desk.venue.balances;
    for (let times = 0; times < 3; times++) {
      lie(desk, '9999');
      await tendAfter(desk, 15 * MINUTE_MS);
      desk.venue.balances = honest;
      await tendAfter(desk, 5_000);
    }
    expect(desk.book.tradingState).toBe('ACTIVE');
    expect(await desk.eventsOf('alarm.raised')).toEqual([]);
  });

  test('are no two looks when two look at the same moment', async () => {
    const desk = await openDesk();
    lie(desk, '9999');
    desk.clock.advanceTo(desk.clock.now() + 15 * MINUTE_MS);
    await Promise.all([desk.engine.tend(), desk.engine.tend()]);
    expect(desk.book.tradingState).toBe('ACTIVE');
  });
});

describe('whatever was lost, repeated or shuffled in the stream', () => {
  type Step = (desk: Desk) => void;
  /** What a venue may do to one entry of 0.01, in any order. */
  const STEPS: readonly Step[] = [
    ({ venue }) => void (venue.resting.has(ENTRY) && venue.fill(ENTRY, '50000', '0.003')),
    ({ venue }) => void (venue.resting.has(ENTRY) && venue.fill(ENTRY, '50100', '0.002')),
    ({ venue }) => void (venue.resting.has(ENTRY) && venue.fill(ENTRY, '49900', '0.005')),
    ({ venue }) => void (venue.resting.has(ENTRY) && venue.end(ENTRY, 'CANCELED', 'by hand')),
    ({ venue }) => void (venue.resting.has(ENTRY) && venue.end(ENTRY, 'EXPIRED', 'too old')),
  ];
  /** What becomes of each report on its way. */
  const fates = fc.array(fc.constantFrom('LOST', 'TOLD', 'TWICE'), { minLength: 5, maxLength: 5 });
  const stories = fc.record({
    story: fc.shuffledSubarray([...STEPS]),
    fates,
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
    answer: fc.constantFrom('ACCEPT', 'LOST'),
    together: fc.boolean(),
  });

  async function play(
    story: readonly Step[],
    answer: 'ACCEPT' | 'LOST',
    together: boolean,
    onTheWay?: Desk['venue']['onTheWay'],
  ): Promise<unknown> {
    const desk = await openDesk();
    desk.venue.answer = () => answer;
    await desk.engine.execute(await desk.intend('P1'));
    if (onTheWay !== undefined) desk.venue.onTheWay = onTheWay;
    for (const step of story) {
      step(desk);
      if (!together) await desk.engine.collect();
    }
    await desk.engine.collect();
    // The stream heals, and what was lost in it is compared.
    desk.venue.onTheWay = (reports) => reports;
    desk.venue.interrupt();
    for (let times = 0; times < 3; times++) await tendAfter(desk, 20_000);
    const { book } = desk;
    const record = book.order(ENTRY);
    const fills = (await desk.eventsOf('order.filled')).map(({ body }) => body.fillId);
    expect(new Set(fills).size).toBe(fills.length);
    expect(book.tradingState).toBe('ACTIVE');
    return {
      state: record?.state,
      filled: record?.filled,
      cash: book.portfolio.cash,
      held: [...book.portfolio.positions.values()].map(({ quantity, cost }) => [quantity, cost]),
      live: book.liveOrders().map(({ order }) => order.id),
      fills: fills.toSorted(),
    };
  }

  test('the book is the same as if nothing had been, once it was compared', () =>
    fc.assert(
      fc.asyncProperty(stories, async ({ story, fates, order, answer, together }) => {
        const mangled = await play(story, answer, together, (reports) =>
          order.flatMap((index) => {
            const report = reports[index];
            if (report === undefined || fates[index] === 'LOST') return [];
            return fates[index] === 'TWICE' ? [report, report] : [report];
          }),
        );
        expect(mangled).toEqual(await play(story, 'ACCEPT', together));
      }),
      { numRuns: 150 },
    ));
});
