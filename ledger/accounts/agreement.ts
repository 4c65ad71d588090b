/** The accounts and the book side by side: two folds of one journal that must say the same to the last digit. */
import type { InstrumentId } from '../../domain/ids.ts';
import { remainingHold } from '../../domain/order-record.ts';
import {
  add,
  type Money,
  negate,
  NO_MONEY,
  notional,
  type Price,
  text,
} from '../../domain/units.ts';
import type { ReadonlyBook } from '../projections/readonly-book.ts';
import type { Account } from './account.ts';
import type { Accounts } from './accounts.ts';
import { inUnits } from './postings.ts';

/** One amount as both sides have it. */
interface Claim {
  readonly what: string;
  readonly currency: string;
  readonly accounts: Money;
  readonly book: Money;
}

/**
 * The first thing they differ in, as a sentence; undefined when they agree. The portfolio's result is net
 * of fees and ours is not, so what was realised is compared before fees.
 */
export function disagreement(accounts: Accounts, book: ReadonlyBook): string | undefined {
  if (accounts.seq !== book.seq)
    return `the accounts stand at event ${accounts.seq}, the book at event ${book.seq}`;
  const { currency } = accounts;
  const ofBook = book.started ? book.portfolio.currency : undefined;
  if (currency !== ofBook)
    return `the accounts are in ${currency ?? 'nothing yet'}, the book in ${ofBook ?? 'nothing yet'}`;
  if (currency === undefined) return undefined;
  const claims = [...values(accounts, book, currency), ...units(accounts, book, currency)];
  const wrong = claims.find((claim) => claim.accounts !== claim.book);
  return (
    wrong &&
    `after event ${book.seq} the accounts have ${wrong.what} at ${text(wrong.accounts)} ${wrong.currency}, ` +
      `the book at ${text(wrong.book)}`
  );
}

/** What the accounts say everything is worth: cash, reserved or not, and the open positions at the marks. */
export function equityOf(
  accounts: Accounts,
  currency: string,
  markOf: (id: InstrumentId) => Price | undefined,
): Money {
  const cash = add(accounts.balance(currency, 'AVAILABLE'), accounts.balance(currency, 'HELD'));
  return [...accounts.stakes().values()].reduce((total, stake) => {
    const mark = markOf(stake.instrumentId);
    return add(total, mark === undefined ? stake.cost : notional(mark, stake.quantity));
  }, cash);
}

function values(accounts: Accounts, book: ReadonlyBook, currency: string): readonly Claim[] {
  const { portfolio } = book;
  const on = (account: Account): Money => accounts.balance(currency, account);
  const claim = (what: string, ours: Money, theirs: Money): Claim => ({
    what,
    currency,
    accounts: ours,
    book: theirs,
  });
  const markOf = (id: InstrumentId): Price | undefined => book.mark(id)?.price;
  const holds = book
    .liveOrders()
    .map((record) => [record.order.id, remainingHold(record).notional] as const);
  const costs = [...portfolio.positions.values()].map(({ cost }) => cost);
  return [
    claim('cash', add(on('AVAILABLE'), on('HELD')), portfolio.cash),
    ...holds.map(([id, held]) =>
      claim(`the hold of order ${id}`, accounts.holds().get(id) ?? NO_MONEY, held),
    ),
    claim('all holds', on('HELD'), sum(holds.map(([, held]) => held))),
    claim('the cost of positions', on('IN_POSITION'), sum(costs)),
    claim('fees', on('FEES'), portfolio.fees),
    claim(
      'the result before fees',
      negate(on('REALISED')),
      add(portfolio.realised, portfolio.fees),
    ),
    claim('what was put in', negate(on('EXTERNAL')), book.startingCash),
    claim('equity', equityOf(accounts, currency, markOf), book.equity()),
  ];
}

/** By base, because two instruments of one base hold the same units. */
function units(accounts: Accounts, book: ReadonlyBook, currency: string): readonly Claim[] {
  const bases = new Map<string, Money>();
  for (const { currency: base } of accounts.trialBalance())
    if (base !== currency) bases.set(base, NO_MONEY);
  for (const { instrumentId, quantity } of book.portfolio.positions.values()) {
    const base = accounts.instruments.get(instrumentId)?.base ?? instrumentId;
    bases.set(base, add(bases.get(base) ?? NO_MONEY, inUnits(quantity)));
  }
  return [...bases].map(([base, theirs]) => ({
    what: 'the units held',
    currency: base,
    accounts: accounts.balance(base, 'IN_POSITION'),
    book: theirs,
  }));
}

const sum = (amounts: readonly Money[]): Money =>
  amounts.reduce((total, amount) => add(total, amount), NO_MONEY);
