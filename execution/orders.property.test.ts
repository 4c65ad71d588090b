/**
 * Anything that may happen to orders, in any order, on one ledger and one venue that lies, with restarts
 * in between. Once the venue is honest again and time has passed, ledger and venue say the same.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { MINUTE_MS } from '../domain/clock.ts';
import { orderIdFor } from '../domain/entry-order.ts';
import { type ClientOrderId, type IntentId, intentId } from '../domain/ids.ts';
import { positionKey } from '../domain/portfolio.ts';
import { BTC, ETH, MOMENTUM, REVERSION } from '../domain/testing/samples.ts';
import {
  absolute,
  add,
  negate,
  NO_QUANTITY,
  proportion,
  type Quantity,
  quantity,
  smaller,
  subtract,
  text,
} from '../domain/units.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { mismatches } from './reconciliation.ts';
import type { Answer } from './testing/lying-venue.ts';

const IDEAS = [
  { instrument: BTC, strategyId: MOMENTUM, mark: 50_000, size: '0.004' },
  { instrument: BTC, strategyId: REVERSION, mark: 50_000, size: '0.004' },
  { instrument: ETH, strategyId: MOMENTUM, mark: 2_000, size: '0.1' },
  { instrument: ETH, strategyId: REVERSION, mark: 2_000, size: '0.1' },
] as const;

const DELIVERIES = ['ALL', 'NONE', 'TWICE', 'BACKWARDS', 'EVERY_SECOND'] as const;
type Delivery = (typeof DELIVERIES)[number];

type Step =
  | { readonly do: 'APPROVE'; readonly idea: number; readonly long: boolean }
  | { readonly do: 'EXECUTE'; readonly which: number }
  /** The process ends while the venue has the order and has not answered. */
  | { readonly do: 'CRASH'; readonly which: number; readonly landed: boolean }
  | { readonly do: 'RESTART' }
  | { readonly do: 'ANSWER'; readonly as: Answer }
  | { readonly do: 'ANSWER_CANCEL'; readonly as: 'ACCEPT' | 'REFUSE' | 'LOST' | 'GONE' }
  | { readonly do: 'FILL'; readonly which: number; readonly tenths: number }
  | { readonly do: 'END'; readonly which: number; readonly as: 'CANCELED' | 'EXPIRED' }
  | { readonly do: 'CANCEL'; readonly which: number }
  | { readonly do: 'DELIVER'; readonly as: Delivery }
  | { readonly do: 'INTERRUPT' }
  | { readonly do: 'UNREACHABLE'; readonly is: boolean }
  | { readonly do: 'FORGET'; readonly which: number }
  | { readonly do: 'REMEMBER' }
  | { readonly do: 'WAIT'; readonly seconds: number };

const which = fc.nat(7);
const record = <T extends Step>(of: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Step> =>
  fc.record(of) as unknown as fc.Arbitrary<Step>;
const always = fc.constant;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: record({
      do: always('APPROVE'),
      idea: fc.nat(IDEAS.length - 1),
      long: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: record({ do: always('EXECUTE'), which }) },
  { weight: 1, arbitrary: record({ do: always('CRASH'), which, landed: fc.boolean() }) },
  { weight: 1, arbitrary: record({ do: always('RESTART') }) },
  {
    weight: 2,
    arbitrary: record({
      do: always('ANSWER'),
      as: fc.constantFrom('ACCEPT', 'REJECT', 'BUSY', 'UNKNOWN', 'LOST', 'TIMEOUT', 'BREAK'),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      do: always('ANSWER_CANCEL'),
      as: fc.constantFrom('ACCEPT', 'REFUSE', 'LOST', 'GONE'),
    }),
  },
  {
    weight: 6,
    arbitrary: record({ do: always('FILL'), which, tenths: fc.integer({ min: 1, max: 10 }) }),
  },
  {
    weight: 1,
    arbitrary: record({ do: always('END'), which, as: fc.constantFrom('CANCELED', 'EXPIRED') }),
  },
  { weight: 3, arbitrary: record({ do: always('CANCEL'), which }) },
  {
    weight: 2,
    arbitrary: record({ do: always('DELIVER'), as: fc.constantFrom(...DELIVERIES) }),
  },
  { weight: 1, arbitrary: record({ do: always('INTERRUPT') }) },
  { weight: 1, arbitrary: record({ do: always('UNREACHABLE'), is: fc.boolean() }) },
  { weight: 1, arbitrary: record({ do: always('FORGET'), which }) },
  { weight: 1, arbitrary: record({ do: always('REMEMBER') }) },
  {
    weight: 4,
    arbitrary: record({ do: always('WAIT'), seconds: fc.constantFrom(0, 1, 3, 10, 60, 1_000) }),
  },
);

class Story {
  readonly intents: IntentId[] = [];
  #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get desk(): Desk {
    return this.#desk;
  }

  async take(one: Step): Promise<void> {
    const { venue, engine } = this.#desk;
    switch (one.do) {
      case 'APPROVE':
        return this.#approve(one.idea, one.long);
      case 'EXECUTE': {
        const intent = pick(this.intents, one.which);
        if (intent === undefined) return;
        await Promise.all([engine.execute(intent), engine.execute(intent)]);
        return this.#desk.guard.settle();
      }
      case 'CRASH':
        return this.#crash(one.which, one.landed);
      case 'RESTART':
        return this.#restart();
      case 'ANSWER':
        venue.answer = () => one.as;
        return;
      case 'ANSWER_CANCEL':
        venue.answerCancel = () => one.as;
        return;
      case 'FILL':
        await this.#fill(one.which, one.tenths);
        return this.#desk.guard.settle();
      case 'END': {
        const id = pick([...venue.resting.keys()], one.which);
        if (id !== undefined) venue.end(id, one.as, 'so it says');
        return this.#desk.guard.settle();
      }
      case 'CANCEL': {
        const entries = this.#desk.book.liveOrders().filter(({ order }) => order.role === 'ENTRY');
        const entry = pick(entries, one.which);
        if (entry !== undefined) await engine.cancel(entry.order.id, 'a test');
        return this.#desk.guard.settle();
      }
      case 'DELIVER':
        venue.onTheWay = (reports) => delivered(one.as, reports);
        return;
      case 'INTERRUPT':
        return venue.interrupt();
      case 'UNREACHABLE':
        venue.unreachable = one.is;
        return;
      case 'FORGET': {
        const id = pick(venue.received, one.which)?.id;
        if (id !== undefined) venue.forgotten.add(id);
        return;
      }
      case 'REMEMBER':
        return venue.forgotten.clear();
      case 'WAIT':
        return this.wait(one.seconds);
    }
  }

  async wait(seconds: number): Promise<void> {
    const { clock } = this.#desk;
    clock.advanceTo(clock.now() + seconds * 1_000);
    for (const { instrument, mark } of IDEAS) this.#desk.mark(`${mark}`, instrument);
    await this.#desk.wait(0);
  }

  /** The venue is honest from now on, and says that something may have been missed. */
  async heal(): Promise<void> {
    const { venue } = this.#desk;
    venue.answer = () => 'ACCEPT';
    venue.answerCancel = () => 'ACCEPT';
    venue.onTheWay = (reports) => reports;
    venue.unreachable = false;
    venue.forgotten.clear();
    venue.interrupt();
    for (let times = 0; times < 30; times++) await this.wait(10);
    for (let times = 0; times < 5; times++) await this.wait((4 * MINUTE_MS) / 1_000);
  }

  async #approve(idea: number, long: boolean): Promise<void> {
    const plan = IDEAS[idea];
    if (plan === undefined) return;
    const up = long ? 1 : -1;
    const proposal = await this.#desk.request(
      this.#desk.proposal(`P${this.#desk.ledger.head.seq}`, {
        instrumentId: plan.instrument.id,
        strategyId: plan.strategyId,
        direction: long ? 'LONG' : 'SHORT',
        quantity: plan.size,
        referencePrice: `${plan.mark}`,
        stop: `${plan.mark * (1 - 0.02 * up)}`,
        target: `${plan.mark * (1 + 0.06 * up)}`,
      }),
    );
    const outcome = await this.#desk.decide(proposal);
    if (outcome.kind !== 'DECIDED' || outcome.status !== 'APPROVED') return;
    await this.#desk.approvals.record(proposal.id);
    this.intents.push(intentId(orderIdFor(proposal.id, 'ENTRY')));
  }

  async #fill(index: number, tenths: number): Promise<void> {
    const { venue } = this.#desk;
    const order = pick([...venue.resting.values()], index);
    if (order === undefined) return;
    const forgotten = venue.forgotten.delete(order.id);
    const reachable = !venue.unreachable;
    venue.unreachable = false;
    const filled = (await venue.order(order.id))?.filled ?? NO_QUANTITY;
    const { positions } = await venue.balances();
    venue.unreachable = !reachable;
    if (forgotten) venue.forgotten.add(order.id);
    const rest = subtract(order.quantity, filled);
    const part =
      tenths === 10 ? rest : proportion(rest, quantity(`${tenths}`), quantity('10'), 'up');
    // An honest venue never fills a reducing order beyond what there is to reduce.
    const there = absolute(positions.get(order.instrumentId) ?? NO_QUANTITY);
    const size = order.reduceOnly ? smaller(part, there) : part;
    const mark = IDEAS.find(({ instrument }) => instrument.id === order.instrumentId)?.mark;
    if (size > NO_QUANTITY) venue.fill(order.id, `${mark ?? 0}`, text(size));
  }

  async #crash(index: number, landed: boolean): Promise<void> {
    const intent = pick(this.intents, index);
    if (intent === undefined) return;
    const { venue, engine, ledger } = this.#desk;
    venue.onArrival = (order) => {
      if (landed) venue.land(order);
      return new Promise(() => {});
    };
    void engine.execute(intent);
    await ledger.flush();
    await Promise.resolve();
    venue.onArrival = async () => {};
    return this.#restart();
  }

  async #restart(): Promise<void> {
    const { clock, ledger, venue } = this.#desk;
    this.#desk = await openDesk({ clock, ledger, venue });
    await this.wait(0);
  }
}

const pick = <T>(from: readonly T[], index: number): T | undefined =>
  from.length === 0 ? undefined : from[index % from.length];

function delivered<T>(as: Delivery, reports: readonly T[]): readonly T[] {
  switch (as) {
    case 'ALL':
      return reports;
    case 'NONE':
      return [];
    case 'TWICE':
      return [...reports, ...reports];
    case 'BACKWARDS':
      return reports.toReversed();
    case 'EVERY_SECOND':
      return reports.filter((_, index) => index % 2 === 1);
  }
}

const sorted = (ids: Iterable<string>): readonly string[] => [...ids].toSorted();

const isLeaving = ({ book }: Desk, key: string): boolean =>
  book
    .liveOrders()
    .some(
      ({ order, state }) =>
        order.role === 'EXIT' &&
        (state === 'OPEN' || state === 'PARTIALLY_FILLED') &&
        positionKey(order.instrumentId, order.strategyId) === key,
    );

/** Σ fills by instrument, added up from the journal. */
async function sumsOf(desk: Desk): Promise<ReadonlyMap<string, Quantity>> {
  const sums = new Map<string, Quantity>();
  for (const { body } of await desk.eventsOf('order.filled')) {
    const size = quantity(body.quantity);
    const signed = body.side === 'BUY' ? size : negate(size);
    const key = `${body.instrumentId}:${body.strategyId}`;
    sums.set(key, add(sums.get(key) ?? NO_QUANTITY, signed));
  }
  return sums;
}

test('ledger and venue agree in the end, and no intent ever had two orders', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const story = new Story(await openDesk());
      await story.wait(0);
      for (const one of steps) await story.take(one);
      await story.heal();
      const { desk } = story;
      const { venue, book, ledger } = desk;
      expect(ledger.broken).toBeUndefined();
      // Nothing was ever sent twice, and nothing without its record.
      const heard: readonly ClientOrderId[] = venue.received.map(({ id }) => id);
      expect(new Set(heard).size).toBe(heard.length);
      const recorded = (await desk.eventsOf('order.submitting')).map(({ body }) => body.order.id);
      expect(new Set(recorded).size).toBe(recorded.length);
      for (const id of heard) expect(recorded).toContain(id);
      // The account is the venue's.
      expect(mismatches(book, await venue.balances())).toEqual([]);
      expect(sorted(book.liveOrders().map(({ order }) => order.id))).toEqual(
        sorted(venue.resting.keys()),
      );
      for (const [key, sum] of await sumsOf(desk))
        expect(book.portfolio.positions.get(key)?.quantity ?? NO_QUANTITY).toBe(sum);
      const fills = (await desk.eventsOf('order.filled')).map(({ body }) => body.fillId);
      expect(sorted(fills)).toEqual(sorted((await venue.fills()).map(({ fillId }) => fillId)));
      expect(desk.engine.reconciled).toBe(true);
      // What could not be protected in time is on its way out.
      for (const key of book.portfolio.positions.keys())
        expect([key, book.unprotectedSince(key) === undefined || isLeaving(desk, key)]).toEqual([
          key,
          true,
        ]);
    }),
    { numRuns: PROPERTY_RUNS / 10 },
  ));
