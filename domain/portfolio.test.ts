import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Fill } from './order.ts';
import {
  bookFill,
  CurrencyMismatch,
  equity,
  openPortfolio,
  type Portfolio,
  positionKey,
  unrealisedTotal,
} from './portfolio.ts';
import { cashFlow } from './position.ts';
import { BTC, ETH, MOMENTUM, REVERSION, sampleFill as fill } from './testing/samples.ts';
import { add, type Money, money, NO_MONEY, type Price, price, quantity, text } from './units.ts';

const START = money('10000');
const start = openPortfolio('USD', START);
const book = (fills: readonly Fill[], from: Portfolio = start): Portfolio =>
  fills.reduce((portfolio, one) => bookFill(portfolio, one, 'USD').portfolio, from);
const unmarked = (): undefined => undefined;
const markedAt = (mark: Price) => (): Price => mark;

/** On tick and lot, so that every notional is exact. */
const fills = (instruments = [BTC, ETH]): fc.Arbitrary<Fill[]> =>
  fc.array(
    fc
      .record({
        side: fc.constantFrom('BUY' as const, 'SELL' as const),
        lots: fc.integer({ min: 1, max: 1_000_000_000 }),
        ticks: fc.integer({ min: 1, max: 10_000_000 }),
        fee: fc.integer({ min: 0, max: 1_000_000 }),
        instrument: fc.constantFrom(...instruments),
        strategy: fc.constantFrom(MOMENTUM, REVERSION),
      })
      .map(({ side, lots, ticks, fee, instrument, strategy }) =>
        fill(side, '0', '0', '0', {
          quantity: (BigInt(lots) * instrument.lot) as Fill['quantity'],
          price: (BigInt(ticks) * instrument.tick) as Price,
          fee: BigInt(fee) as Money,
          instrumentId: instrument.id,
          strategyId: strategy,
        }),
      ),
    { maxLength: 25 },
  );
const anyMark = fc.integer({ min: 1, max: 10_000_000 }).map((n) => (BigInt(n) * BTC.tick) as Price);

/** Rounding of pro rata releases may be off by one unit of the twelfth place per fill. */
const near = (a: Money, b: Money, steps: number): boolean => {
  const distance = a > b ? a - b : b - a;
  return distance <= BigInt(steps);
};

describe('laws', () => {
  test('cash is what there was at the start and everything that flowed', () => {
    fc.assert(
      fc.property(fills(), (list) => {
        const flowed = list.reduce((sum, one) => add(sum, cashFlow(one)), START);
        expect(book(list).cash).toBe(flowed);
        expect(book(list).fees).toBe(list.reduce((sum, one) => add(sum, one.fee), NO_MONEY));
      }),
      { numRuns: 1_000 },
    );
  });

  test('cash and cost move only by what was realised', () => {
    fc.assert(
      fc.property(fills(), (list) => {
        const after = book(list);
        const cost = [...after.positions.values()].reduce((s, p) => add(s, p.cost), NO_MONEY);
        expect(add(after.cash, cost)).toBe(add(START, after.realised));
      }),
      { numRuns: 1_000 },
    );
  });

  test('equity at any mark is the start, the realised and the unrealised', () => {
    fc.assert(
      fc.property(fills(), anyMark, (list, mark) => {
        const after = book(list);
        const parts = add(add(START, after.realised), unrealisedTotal(after, markedAt(mark)));
        expect(near(equity(after, markedAt(mark)), parts, list.length)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the order in which independent instruments are booked does not matter', () => {
    fc.assert(
      fc.property(fills([BTC]), fills([ETH]), fc.infiniteStream(fc.boolean()), (a, b, coin) => {
        const left = [...a];
        const right = [...b];
        const mixed: Fill[] = [];
        for (const heads of coin) {
          const next = heads ? (left.shift() ?? right.shift()) : (right.shift() ?? left.shift());
          if (next === undefined) break;
          mixed.push(next);
        }
        expect(book(mixed)).toEqual(book([...a, ...b]));
      }),
      { numRuns: 300 },
    );
  });

  test('a position that is listed is open, and one that is flat is not listed', () => {
    fc.assert(
      fc.property(fills(), (list) => {
        for (const [key, position] of book(list).positions) {
          expect(position.quantity).not.toBe(0n);
          expect(key).toBe(positionKey(position.instrumentId, position.strategyId));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a trade that ends', () => {
  const closedResult = (...list: readonly Fill[]): string | undefined => {
    const result = bookFill(book(list.slice(0, -1)), list.at(-1)!, 'USD').closedResult;
    return result === undefined ? undefined : text(result);
  };

  test('has no result while it goes on', () => {
    expect(closedResult(fill('BUY', '2', '100', '1'))).toBeUndefined();
    expect(
      closedResult(fill('BUY', '2', '100', '1'), fill('SELL', '1', '90', '1')),
    ).toBeUndefined();
  });

  test('has the result of all its parts, every fee included', () => {
    const trade = [
      fill('BUY', '2', '100', '1'),
      fill('SELL', '1', '110', '1'),
      fill('SELL', '1', '120', '1'),
    ];
    expect(closedResult(...trade)).toBe('27');
  });

  test('ends when it turns around, and the new one starts from nothing', () => {
    const trade = [fill('BUY', '1', '100'), fill('SELL', '3', '110')];
    expect(closedResult(...trade)).toBe('10');
    const turned = book(trade).positions.get(positionKey(BTC.id, MOMENTUM));
    expect(turned?.realised).toBe(NO_MONEY);
    expect(text(turned!.quantity)).toBe('-2');
    expect(text(book(trade).realised)).toBe('10');
  });

  test('of one strategy leaves another strategy’s position alone', () => {
    const after = book([
      fill('BUY', '1', '100'),
      fill('BUY', '1', '100', '0', { strategyId: REVERSION }),
      fill('SELL', '1', '120'),
    ]);
    expect([...after.positions.keys()]).toEqual([positionKey(BTC.id, REVERSION)]);
  });
});

test('a fee in base keeps the books: equity is cash and what is left at the mark', () => {
  const bought = fill('BUY', '2', '100', '0.2', { feeInBase: quantity('0.002') });
  const after = book([bought]);
  expect(text(after.cash)).toBe('9800');
  expect(text(after.realised)).toBe('-0.2');
  expect(text(after.fees)).toBe('0.2');
  expect(text(equity(after, markedAt(price('110'))))).toBe('10019.78');
  expect(text(unrealisedTotal(after, markedAt(price('110'))))).toBe('19.98');
});

test('a position without a mark counts at its cost', () => {
  const after = book([fill('BUY', '2', '100', '1')]);
  expect(text(equity(after, unmarked))).toBe('9999');
  expect(unrealisedTotal(after, unmarked)).toBe(NO_MONEY);
});

test('money of another currency is refused, naming the fill and both currencies', () => {
  expect(() => bookFill(start, fill('BUY', '1', '1'), 'EUR')).toThrow(CurrencyMismatch);
  expect(() => bookFill(start, fill('BUY', '1', '1'), 'EUR')).toThrow(
    'fill f1 is in EUR, the account in USD; they cannot be added',
  );
});

test('booking changes nothing but the copy it returns', () => {
  const before = book([fill('BUY', '1', '100')]);
  const held = [...before.positions];
  book([fill('SELL', '1', '90')], before);
  expect([...before.positions]).toEqual(held);
});
