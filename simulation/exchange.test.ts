import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type ClientOrderId, clientOrderId, instrumentId, ocoGroupId } from '../domain/ids.ts';
import type { Order, TimeInForce } from '../domain/order.ts';
import { BTC } from '../domain/testing/samples.ts';
import { money, NO_QUANTITY, price, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import type { Restored } from './exchange.ts';
import type { VenueFill } from '../execution/venue.ts';
import { LIVE_MODELS, type Models } from './models.ts';
import { isTouched } from './resting-order.ts';
import {
  buy,
  exit,
  holding,
  offering,
  sell,
  stop,
  stopLimit,
  SURE,
  target,
  TestExchange,
} from './testing/exchanges.ts';
import { contradictions } from './testing/rehearsal.ts';

const limit = (at: string): Partial<Order> => ({ type: 'LIMIT', limitPrice: price(at) });
const E1 = clientOrderId('E1P1');

describe('what is refused at the door', () => {
  const refused: readonly [string, Order, string][] = [
    [
      'an instrument it does not trade',
      buy({ instrumentId: instrumentId('XRP/USD') }),
      'XRP/USD is not traded here',
    ],
    ['a limit without its price', buy({ type: 'LIMIT' }), 'a LIMIT order needs a limit price'],
    [
      'a market order with a limit',
      buy({ limitPrice: price('1') }),
      'a MARKET order takes no limit price',
    ],
    ['a stop without its trigger', buy({ type: 'STOP' }), 'a STOP order needs a stop price'],
    [
      'a limit with a trigger',
      buy({ ...limit('49000'), stopPrice: price('49000') }),
      'a LIMIT order takes no stop price',
    ],
    [
      'a stop that may not wait',
      buy({ type: 'STOP', stopPrice: price('51000'), timeInForce: 'IOC' }),
      'a STOP order waits, so it can not be IOC',
    ],
    ['a post-only market order', buy({ postOnly: true }), 'a MARKET order can not be post-only'],
    [
      'a post-only order that may not wait',
      buy({ ...limit('49000'), postOnly: true, timeInForce: 'FOK' }),
      'an order that is FOK can not be post-only',
    ],
    ['nothing', buy({ quantity: quantity('0') }), 'a quantity of 0 is not above zero'],
    [
      'less than nothing',
      buy({ quantity: quantity('-0.01') }),
      'a quantity of -0.01 is not above zero',
    ],
    [
      'a part of a lot',
      buy({ quantity: quantity('0.010000001') }),
      'a quantity of 0.010000001 is not a multiple of the lot of 0.00000001',
    ],
    [
      'a limit between ticks',
      buy(limit('49000.001')),
      'a price of 49000.001 is not a multiple of the tick of 0.01',
    ],
    [
      'a trigger between ticks',
      buy({ type: 'STOP', stopPrice: price('51000.001') }),
      'a price of 51000.001 is not a multiple of the tick of 0.01',
    ],
    ['a price of nothing', buy(limit('0')), 'a price of 0 is not above zero'],
    [
      'a value below the minimum, at its limit',
      buy({ ...limit('999.99'), quantity: quantity('0.01') }),
      'an order worth 9.9999 is below the minimum of 10',
    ],
    [
      'a value below the minimum, at the last price',
      buy({ quantity: quantity('0.0001') }),
      'an order worth 5 is below the minimum of 10',
    ],
    [
      'post-only where it would trade, on the tick of the far side',
      buy({ ...limit('50005'), postOnly: true }),
      'a post-only order at 50005 would trade at once with 50005',
    ],
    [
      'the same for a sale',
      sell({ ...limit('49995'), postOnly: true }),
      'a post-only order at 49995 would trade at once with 49995',
    ],
  ];

  test.each(refused)('%s', (_, order, because) => {
    const exchange = new TestExchange().at('50000');
    expect(exchange.place(order, exchange.clock.now())).toEqual({ kind: 'REJECTED', because });
    expect(exchange.order(order.id)).toBeUndefined();
    expect(exchange.lastSeq).toBe(0);
  });

  test('a unit away from each of these bounds is accepted', () => {
    const exchange = new TestExchange().at('50000');
    exchange.accept(
      buy({ id: clientOrderId('A1'), ...limit('50004.99'), postOnly: true }),
      sell({ id: clientOrderId('A2'), ...limit('49995.01'), postOnly: true }),
      buy({ id: clientOrderId('A3'), ...limit('1000') }),
      buy({ id: clientOrderId('A4'), quantity: quantity('0.0002') }),
    );
    expect(exchange.openOrders()).toHaveLength(4);
  });

  test('a request is looked at from five seconds old to one second early', () => {
    const outcomeOf = (ageMs: number): unknown => {
      const exchange = new TestExchange();
      const placed = exchange.place(buy(), exchange.clock.now() - ageMs);
      return placed.kind === 'ACCEPTED' ? placed.kind : placed.because;
    };
    expect(outcomeOf(5_000)).toBe('ACCEPTED');
    expect(outcomeOf(-1_000)).toBe('ACCEPTED');
    expect(outcomeOf(5_001)).toBe(
      'the request was signed 5001 ms ago on the venue’s clock; 5000 ms is the most',
    );
    expect(outcomeOf(-1_001)).toBe(
      'the request was signed 1001 ms ahead of the venue’s clock; 1000 ms is the most',
    );
    expect(outcomeOf(Number.NaN)).toContain('clock');
  });
});

describe('ids', () => {
  test('an id is taken while its order is open, and free once it is over', () => {
    const exchange = new TestExchange().accept(buy(limit('49000')));
    expect(exchange.place(sell(), exchange.clock.now())).toEqual({
      kind: 'REJECTED',
      because: 'order E1P1 already rests here',
    });
    exchange.withdraw(E1);
    exchange.accept(buy()).at('50000').accept(buy()).at('50000');
    expect(exchange.history(0).map(({ venueOrderId }) => venueOrderId)).toEqual([
      'sim-E1P1',
      'sim-E1P1.2',
      'sim-E1P1.3',
    ]);
    expect(exchange.fills(0).map(({ fillId }) => fillId)).toEqual(['E1P1.2-1', 'E1P1.3-1']);
    expect(exchange.order(E1)?.venueOrderId).toBe('sim-E1P1.3');
  });
});

describe('a process that begins anew', () => {
  const record = (order: Order, filled = '0'): Restored['orders'][number] => ({
    order,
    filled: quantity(filled),
    submittedAtMs: 1,
    venueOrderId: null,
  });

  test('has its orders, what they filled, its cash and its positions again', () => {
    const exchange = new TestExchange();
    exchange.restore({
      ...holding('1', '500'),
      orders: [record(stop('49000'), '0.004'), record(target('53000'))],
      nextSeq: 17,
    });
    expect(exchange.openOrders()).toMatchObject([
      { clientId: 'S1P1', filled: quantity('0.004'), createdAtMs: 1 },
      { clientId: 'T1P1', filled: 0n },
    ]);
    expect(exchange.balances()).toMatchObject({
      cash: money('500'),
      positions: new Map([[BTC.id, quantity('1')]]),
    });
    exchange.at('53000');
    expect(exchange.reportsAfter(16).map(({ seq }) => seq)).toEqual([17, 18]);
  });

  test('gives no fill an id that was given before', () => {
    const thin = { ...SURE, ...offering('100') };
    const before = new TestExchange(thin).accept(buy()).at('50000').at('50000');
    const given = before.fills(0).map(({ fillId }) => fillId);
    const after = new TestExchange(thin);
    const filled = before.order(E1)?.filled ?? NO_QUANTITY;
    after.restore({ ...holding('1'), orders: [{ ...record(buy()), filled }] });
    for (let n = 0; n < 4; n++) after.at('50000');
    const all = [...given, ...after.fills(0).map(({ fillId }) => fillId)];
    expect(after.order(E1)?.status).toBe('FILLED');
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(5);
  });

  test('a stop that had traded goes on without being touched again', () => {
    const exchange = new TestExchange();
    exchange.restore({ ...holding('1'), orders: [record(stop('49000'), '0.004')] });
    expect(exchange.at('52000').told()).toEqual(['S1P1 SELL 0.006 at 51994.8']);
  });

  test('an exit whose position is gone is canceled rather than filled', () => {
    const exchange = new TestExchange();
    exchange.restore({ ...holding('0'), orders: [record(stop('49000'))] });
    expect(exchange.at('48000').told()).toEqual(['S1P1 CANCELED: there is nothing left to reduce']);
  });

  test('a DAY order of yesterday is over', () => {
    const exchange = new TestExchange();
    exchange.restore({ ...holding('1'), orders: [record(buy({ timeInForce: 'DAY' }))] });
    expect(exchange.openOrders()).toEqual([]);
  });

  test('names an instrument that it does not trade', () => {
    const strange = buy({ instrumentId: instrumentId('XRP/USD') });
    const exchange = new TestExchange();
    expect(() => exchange.restore({ ...holding('0'), orders: [record(strange)] })).toThrow(
      'XRP/USD is not traded here',
    );
    expect(() => exchange.print(strange.instrumentId, price('1'))).toThrow(
      'XRP/USD is not traded here',
    );
  });
});

interface Move {
  readonly send: Order | undefined;
  readonly withdraw: ClientOrderId;
  readonly waitMs: number;
  readonly low: number;
  readonly high: number;
  readonly how: 'PRINT' | 'RANGE';
}

const prices = fc.integer({ min: 49_000, max: 51_000 }).map(String);
const sizes = fc
  .integer({ min: 1, max: 40 })
  .map((tenths) => ({ quantity: quantity(`${tenths / 10}`) }));
const names = fc.integer({ min: 1, max: 12 }).map((n) => clientOrderId(`N${n}`));
const sides = fc.constantFrom('BUY' as const, 'SELL' as const);
const times = fc.constantFrom<TimeInForce>('GTC', 'IOC', 'FOK', 'DAY');
const kinds: fc.Arbitrary<Order> = fc.oneof(
  times.map((timeInForce) => buy({ timeInForce })),
  fc.tuple(prices, times).map(([at, timeInForce]) => buy({ ...limit(at), timeInForce })),
  times.map((timeInForce) => exit('X', { timeInForce })),
  prices.map((at) => stop(at)),
  prices.map((at) => target(at)),
  fc.tuple(prices, prices).map(([at, bound]) => stopLimit(at, bound)),
);
const sends = fc
  .tuple(kinds, names, sides, sizes, fc.constantFrom('G1', 'G2', undefined))
  .map(([order, id, side, size, group]): Order => {
    const { ocoGroupId: _, ...plain } = order;
    const grouped = group === undefined ? {} : { ocoGroupId: ocoGroupId(group) };
    return { ...plain, id, side, ...size, ...grouped };
  });
const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc
    .record({
      send: fc.option(sends, { nil: undefined, freq: 6 }),
      withdraw: names,
      waitMs: fc.constantFrom(1, 100, 60_000, 40_000_000),
      ends: fc.tuple(fc.integer({ min: 49_000, max: 51_000 }), fc.integer({ min: 0, max: 400 })),
      how: fc.constantFrom('PRINT' as const, 'RANGE' as const),
    })
    .map(({ ends: [low, width], ...move }) => ({ ...move, low, high: low + width })),
  { minLength: 1, maxLength: 40 },
);

/** What the exchange took, by its client's id: the newest where an id was used again. */
type Taken = Map<string, Order>;

function make(
  exchange: TestExchange,
  { send, withdraw, waitMs, low, high, how }: Move,
  taken: Taken = new Map(),
): void {
  if (send === undefined) exchange.withdraw(withdraw);
  else if (exchange.place(send, exchange.clock.now()).kind === 'ACCEPTED') taken.set(send.id, send);
  exchange.after(waitMs);
  if (how === 'PRINT') exchange.at(`${low}`);
  else exchange.between(`${low}`, `${high}`);
}

const thin: Models['depth'] = {
  ...LIVE_MODELS.depth,
  CRYPTO: { least: money('20000'), most: money('90000') },
};

describe('whatever is sent and traded', () => {
  test('the account adds up, no order overfills and no exit opens anything', () => {
    fc.assert(
      fc.property(moves, fc.boolean(), (played, live) => {
        const exchange = new TestExchange({ ...(live ? LIVE_MODELS : {}), depth: thin });
        const taken: Taken = new Map();
        for (const move of played) {
          const held = exchange.balances().positions.get(BTC.id) ?? NO_QUANTITY;
          const known = exchange.fills(0).length;
          make(exchange, move, taken);
          expectExitsReduced(exchange.fills(0).slice(known), held, taken);
        }
        expect(contradictions(exchange)).toEqual([]);
        for (const told of [...exchange.openOrders(), ...exchange.history(0)]) {
          expect(told.filled <= told.quantity).toBe(true);
          expect(told.status === 'FILLED').toBe(told.filled === told.quantity);
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test('a restart at any moment changes no fill that comes after it', () => {
    fc.assert(
      fc.property(moves, moves, (first, later) => {
        const taken: Taken = new Map();
        const lived = new TestExchange({ depth: thin });
        for (const move of first)
          make(lived, taken.has(move.send?.id ?? '') ? { ...move, send: undefined } : move, taken);
        // A stop that was touched and not yet filled forgets it: that is confessed.
        for (const { clientId, filled } of lived.openOrders()) {
          const since = first.findIndex(({ send }) => send?.id === clientId);
          if (filled === NO_QUANTITY && wasTouched(taken.get(clientId), first.slice(since)))
            lived.withdraw(clientId as ClientOrderId);
        }
        const sinceMs = lived.after(1).clock.now();
        const begun = begunAnew(lived, taken);
        for (const move of later) {
          make(lived, { ...move, send: undefined });
          make(begun, { ...move, send: undefined });
        }
        expect(begun.fills(0)).toEqual(lived.fills(sinceMs));
        expect(begun.balances()).toEqual(lived.balances());
        expect(begun.openOrders()).toEqual(lived.openOrders());
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});

const wasTouched = (order: Order | undefined, moves: readonly Move[]): boolean =>
  order?.stopPrice !== undefined &&
  moves.some(({ how, low, high }) =>
    isTouched(order, price(`${low}`), price(`${how === 'PRINT' ? low : high}`)),
  );

function begunAnew(lived: TestExchange, taken: Taken): TestExchange {
  const begun = new TestExchange({ depth: thin });
  begun.clock.advanceTo(lived.clock.now());
  const orders = lived.openOrders().flatMap(({ clientId, filled, createdAtMs, venueOrderId }) => {
    const order = taken.get(clientId);
    return order === undefined ? [] : { order, filled, submittedAtMs: createdAtMs, venueOrderId };
  });
  begun.restore({ ...lived.balances(), orders });
  return begun;
}

/** A reduce-only order may bring the position to nothing and never past it. */
function expectExitsReduced(fills: readonly VenueFill[], before: bigint, taken: Taken): void {
  let held = before;
  for (const { clientId, side, quantity } of fills) {
    const after = held + (side === 'BUY' ? quantity : -quantity);
    if (taken.get(clientId)?.reduceOnly)
      expect(held > 0n ? after >= 0n && after < held : after <= 0n && after > held).toBe(true);
    held = after;
  }
}
