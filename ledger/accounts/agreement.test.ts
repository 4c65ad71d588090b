import { describe, expect, test } from 'vitest';

import { clientOrderId } from '../../domain/ids.ts';
import { type Portfolio, positionKey } from '../../domain/portfolio.ts';
import { BTC, MOMENTUM, sampleOrder } from '../../domain/testing/samples.ts';
import { add, type Money, money, price, quantity } from '../../domain/units.ts';
import { Book } from '../projections/book.ts';
import type { ReadonlyBook } from '../projections/readonly-book.ts';
import { Accounts } from './accounts.ts';
import { disagreement } from './agreement.ts';
import { BothFolds } from './testing/both-folds.ts';
import { INSTRUMENTS } from './testing/journals.ts';

const KEY = positionKey(BTC.id, MOMENTUM);
const RESTING = sampleOrder({ id: clientOrderId('O2') });

/** Two coins at a hundred, two of fees, and an order that holds fifty. */
const folds = () =>
  new BothFolds()
    .trade(sampleOrder({ quantity: quantity('2') }), '100', { fee: '2' })
    .send(RESTING, '50');

/** The book, but for what a test says is otherwise. */
const lying = (book: Book, lies: Partial<ReadonlyBook>): ReadonlyBook =>
  new Proxy<ReadonlyBook>(book, {
    get(target, name) {
      if (name in lies) return lies[name as keyof ReadonlyBook];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const more = (amount: Money): Money => add(amount, money('0.000000000001'));

function told(lie: (book: Book) => Partial<ReadonlyBook>): string | undefined {
  const { accounts, book } = folds();
  return disagreement(accounts, lying(book, lie(book)));
}
const inPortfolio = (change: (portfolio: Portfolio) => Partial<Portfolio>) =>
  told(({ portfolio }) => ({ portfolio: { ...portfolio, ...change(portfolio) } }));

describe('accounts and book', () => {
  test('of one journal agree, and so do those of none', () => {
    expect(told(() => ({}))).toBeUndefined();
    expect(disagreement(new Accounts(INSTRUMENTS), new Book(INSTRUMENTS))).toBeUndefined();
  });

  test('that stand at different events are not compared', () => {
    expect(told(() => ({ seq: 9 }))).toBe('the accounts stand at event 4, the book at event 9');
  });

  test('of different currencies are not compared', () => {
    expect(inPortfolio(() => ({ currency: 'EUR' }))).toBe(
      'the accounts are in USD, the book in EUR',
    );
    expect(told(() => ({ started: false }))).toBe(
      'the accounts are in USD, the book in nothing yet',
    );
  });
});

describe('one unit of the twelfth place is found', () => {
  test('in the cash', () => {
    expect(inPortfolio(({ cash }) => ({ cash: more(cash) }))).toBe(
      'after event 4 the accounts have cash at 9798 USD, the book at 9798.000000000001',
    );
  });

  test('in the fees', () => {
    expect(inPortfolio(({ fees }) => ({ fees: more(fees) }))).toContain('have fees at 2 USD');
  });

  test('in the result', () => {
    expect(inPortfolio(({ realised }) => ({ realised: more(realised) }))).toContain(
      'have the result before fees at 0 USD, the book at 0.000000000001',
    );
  });

  test('in the cost and in the units of a position', () => {
    const position = (change: (one: never) => object) =>
      inPortfolio(({ positions }) => {
        const one = positions.get(KEY)!;
        return { positions: new Map([[KEY, { ...one, ...change(one as never) }]]) };
      });
    expect(position(({ cost }) => ({ cost: more(cost) }))).toContain('have the cost of positions');
    expect(position(({ quantity }) => ({ quantity: more(quantity) }))).toBe(
      'after event 4 the accounts have the units held at 2 BTC, the book at 2.000000000001',
    );
  });

  test('in the cash there was at the start', () => {
    expect(told(({ startingCash }) => ({ startingCash: more(startingCash) }))).toContain(
      'have what was put in at 10000 USD',
    );
  });

  test('in the equity', () => {
    const { accounts, book } = folds();
    const other = lying(book, { equity: () => more(book.equity()) });
    expect(disagreement(accounts, other)).toContain('have equity at 9998 USD');
    const marked = lying(book, { mark: () => ({ price: price('101'), atMs: 0 }) });
    expect(disagreement(accounts, marked)).toContain('have equity at 10000 USD');
  });
});

describe('a hold', () => {
  test('that the book knows otherwise is named by its order', () => {
    const { accounts, book } = folds();
    const holding = book.liveOrders().map((record) => ({
      ...record,
      hold: { ...record.hold, notional: money('51') },
    }));
    expect(disagreement(accounts, lying(book, { liveOrders: () => holding }))).toBe(
      'after event 4 the accounts have the hold of order O2 at 50 USD, the book at 51',
    );
  });

  test('for an order that is over is found in the sum', () => {
    expect(told(() => ({ liveOrders: () => [] }))).toBe(
      'after event 4 the accounts have all holds at 50 USD, the book at 0',
    );
  });
});

test('units of a position that the book has closed are missed', () => {
  const { accounts, book } = folds();
  const positions = new Map([
    [KEY, { ...book.portfolio.positions.get(KEY)!, quantity: 0n as never }],
  ]);
  const other = lying(book, { portfolio: { ...book.portfolio, positions } });
  expect(disagreement(accounts, other)).toContain('the units held at 2 BTC, the book at 0');
});
