import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Fill, Side } from '../../domain/order.ts';
import { bookFill, equity, openPortfolio, type Portfolio } from '../../domain/portfolio.ts';
import { BTC, ETH, MOMENTUM, REVERSION, sampleFill } from '../../domain/testing/samples.ts';
import {
  type DecimalText,
  type Money,
  money,
  NO_MONEY,
  type Price,
  price,
  quantity,
} from '../../domain/units.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { type MarkOf, StrategyResults } from './strategy-results.ts';

const START = money('10000');
const at =
  (mark: DecimalText): MarkOf =>
  () =>
    price(mark);
const NOWHERE: MarkOf = () => undefined;

/** Results and portfolio, both told of the same fills. */
class Account {
  readonly results = new StrategyResults();
  portfolio: Portfolio = openPortfolio('USD', START);

  fill(fill: Fill): this {
    this.results.fill(fill);
    this.portfolio = bookFill(this.portfolio, fill, 'USD').portfolio;
    return this;
  }

  trade(side: Side, size: DecimalText, price: DecimalText, fee = '0', change = {}): this {
    return this.fill(sampleFill(side, size, price, fee, change));
  }

  total = (markOf: MarkOf, id = MOMENTUM): Money => this.results.total(id, this.portfolio, markOf);
  today = (markOf: MarkOf, id = MOMENTUM): Money => this.results.today(id, this.portfolio, markOf);
}

describe('a strategy', () => {
  test('that never traded won and lost nothing', () => {
    expect(new Account().total(at('1'))).toBe(NO_MONEY);
    expect(new Account().today(at('1'))).toBe(NO_MONEY);
  });

  test('that holds something answers for it at the mark, long and short', () => {
    const long = new Account().trade('BUY', '0.01', '50000');
    expect(long.total(at('51000'))).toBe(money('10'));
    const short = new Account().trade('SELL', '0.01', '50000');
    expect(short.total(at('51000'))).toBe(money('-10'));
  });

  test('whose position has no mark answers for its fees only', () => {
    expect(new Account().trade('BUY', '0.01', '50000', '0.5').total(NOWHERE)).toBe(money('-0.5'));
  });

  test('pays its fees, in quote and in base', () => {
    const quote = new Account().trade('BUY', '0.01', '50000', '0.5');
    expect(quote.total(at('50000'))).toBe(money('-0.5'));
    const base = new Account().trade('BUY', '0.01', '50000', '0', {
      feeInBase: quantity('0.0001'),
    });
    expect(base.total(at('50000'))).toBe(money('-5'));
  });

  test('keeps what it won when it is flat', () => {
    const account = new Account().trade('BUY', '0.01', '50000').trade('SELL', '0.01', '50500', '1');
    expect(account.total(NOWHERE)).toBe(money('4'));
  });

  test('is told apart from another in the same instrument', () => {
    const other = { strategyId: REVERSION };
    const account = new Account()
      .trade('BUY', '0.01', '50000')
      .trade('BUY', '0.02', '50000', '0', other);
    expect(account.total(at('51000'))).toBe(money('10'));
    expect(account.total(at('51000'), REVERSION)).toBe(money('20'));
  });
});

describe('the turn of the day', () => {
  test('is where the next day is counted from', () => {
    const account = new Account().trade('BUY', '0.01', '50000');
    account.results.turnDay(account.portfolio, at('51000'));
    expect(account.today(at('51000'))).toBe(NO_MONEY);
    expect(account.today(at('50500'))).toBe(money('-5'));
    expect(account.total(at('50500'))).toBe(money('5'));
    account.trade('SELL', '0.01', '50500');
    account.results.turnDay(account.portfolio, NOWHERE);
    expect(account.today(NOWHERE)).toBe(NO_MONEY);
  });

  test('leaves a strategy that begins after it at nothing', () => {
    const account = new Account();
    account.results.turnDay(account.portfolio, NOWHERE);
    account.trade('BUY', '0.01', '50000');
    expect(account.today(at('49000'))).toBe(money('-10'));
  });
});

test('whatever is traded, the strategies together won what the account won', () => {
  const fills = fc.array(
    fc.record({
      side: fc.constantFrom<Side>('BUY', 'SELL'),
      // Two places each for price and quantity: their product is exact, so nothing is rounded.
      quantity: fc.integer({ min: 1, max: 500 }).map((n) => quantity(`${n / 100}`)),
      price: fc.integer({ min: 1, max: 50_000 }).map((n) => price(`${n / 100}`)),
      fee: fc.nat(300).map((n) => money(`${n / 100}`)),
      strategyId: fc.constantFrom(MOMENTUM, REVERSION),
      instrumentId: fc.constantFrom(BTC.id, ETH.id),
    }),
    { maxLength: 12 },
  );
  const marks = fc.tuple(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: 1, max: 90_000 }));
  fc.assert(
    fc.property(fills, marks, (list, [btc, eth]) => {
      const account = new Account();
      for (const change of list) account.fill(sampleFill('BUY', '1', '1', '0', change));
      const markOf: MarkOf = (id) => (BigInt(id === BTC.id ? btc : eth) * 10n ** 10n) as Price;
      const won = equity(account.portfolio, markOf) - START;
      expect(account.total(markOf) + account.total(markOf, REVERSION)).toBe(won);
    }),
    { numRuns: PROPERTY_RUNS },
  );
});
