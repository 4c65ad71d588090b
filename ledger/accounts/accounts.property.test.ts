import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { DomainEvent, EventOf } from '../../domain/event.ts';
import { isLive, remainingHold, unfilled } from '../../domain/order-record.ts';
import { positionKey } from '../../domain/portfolio.ts';
import { absolute, add, type Money, NO_MONEY, NO_QUANTITY, quantity } from '../../domain/units.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { Book } from '../projections/book.ts';
import type { Saved } from '../snapshots/state-text.ts';
import { Accounts } from './accounts.ts';
import { disagreement } from './agreement.ts';
import { EXACT, type Grain, INSTRUMENTS, journals, UNEVEN } from './testing/journals.ts';

const numRuns = Math.ceil(PROPERTY_RUNS / 20);
const reborn = (saved: Saved): Accounts => {
  const accounts = new Accounts(INSTRUMENTS);
  accounts.load(JSON.parse(JSON.stringify(saved)) as Saved);
  return accounts;
};

/** Calls back after every event of random journals, with both folds that far. */
function afterEveryEvent(grain: Grain, look: (accounts: Accounts, book: Book) => void): void {
  fc.assert(
    fc.property(journals(grain), (events) => {
      const [accounts, book] = [new Accounts(INSTRUMENTS), new Book(INSTRUMENTS)];
      for (const event of events) {
        accounts.apply(event);
        book.apply(event);
        look(accounts, book);
      }
    }),
    { numRuns },
  );
}

const sums = (accounts: Accounts): ReadonlyMap<string, Money> => {
  const found = new Map<string, Money>();
  for (const { currency, balance } of accounts.trialBalance())
    found.set(currency, add(found.get(currency) ?? NO_MONEY, balance));
  return found;
};

describe.each([
  ['on tick and lot', EXACT],
  ['to the twelfth place', UNEVEN],
] as const)('fills %s, after every event', (_, grain) => {
  test('every currency sums to zero', () => {
    afterEveryEvent(grain, (accounts) => {
      for (const [currency, sum] of sums(accounts)) expect([currency, sum]).toEqual([currency, 0n]);
    });
  });

  test('every transfer is above zero, between two accounts, and of the event it follows from', () => {
    const growing = (events: readonly DomainEvent[]): void => {
      const accounts = new Accounts(INSTRUMENTS);
      for (const event of events) {
        for (const { amount, debit, credit, seq } of accounts.transfersOf(event))
          expect([amount > 0n, debit !== credit, seq]).toEqual([true, true, event.seq]);
        accounts.apply(event);
      }
    };
    fc.assert(fc.property(journals(grain), growing), { numRuns });
  });

  test('an order holds what its rest needs while it is live, and nothing when it is over', () => {
    afterEveryEvent(grain, (accounts, book) => {
      const rests = book
        .liveOrders()
        .map((record) => [record.order.id, remainingHold(record).notional] as const)
        .filter(([, rest]) => rest !== NO_MONEY);
      expect(accounts.holds()).toEqual(new Map(rests));
      const sum = rests.reduce((total, [, rest]) => add(total, rest), NO_MONEY);
      expect(accounts.balance('USD', 'HELD')).toBe(sum);
    });
  });

  test('cash, costs and fees are the book’s', () => {
    afterEveryEvent(grain, (accounts, { portfolio }) => {
      const on = (account: 'AVAILABLE' | 'HELD' | 'IN_POSITION' | 'FEES') =>
        accounts.balance('USD', account);
      expect(add(on('AVAILABLE'), on('HELD'))).toBe(portfolio.cash);
      const costs = [...portfolio.positions.values()].map(({ cost }) => cost);
      expect(on('IN_POSITION')).toBe(costs.reduce((total, cost) => add(total, cost), NO_MONEY));
      expect(on('FEES')).toBe(portfolio.fees);
    });
  });

  test('begun again from what was saved at any point, they say the same', () => {
    const cuts = fc.array(fc.nat(40), { maxLength: 5 });
    fc.assert(
      fc.property(journals(grain), cuts, (events, at) => {
        const growing = new Accounts(INSTRUMENTS);
        let stumbling = new Accounts(INSTRUMENTS);
        for (const [index, event] of events.entries()) {
          if (at.includes(index)) stumbling = reborn(stumbling.save());
          expect(stumbling.transfersOf(event)).toEqual(growing.transfersOf(event));
          growing.apply(event);
          stumbling.apply(event);
        }
        expect(JSON.stringify(stumbling.save())).toBe(JSON.stringify(growing.save()));
        expect(stumbling.holds()).toEqual(growing.holds());
        expect(stumbling.stakes()).toEqual(growing.stakes());
      }),
      { numRuns },
    );
  });
});

/** What a fill met, in words. */
function met(book: Book, { body }: EventOf<'order.filled'>): readonly string[] {
  const record = book.order(body.orderId);
  if (record === undefined) return [];
  const key = positionKey(body.instrumentId, body.strategyId);
  const open = book.portfolio.positions.get(key)?.quantity ?? NO_QUANTITY;
  const size = quantity(body.quantity);
  const opposes = open !== 0n && open > 0n !== (body.side === 'BUY');
  return [
    ...(isLive(record) ? [] : ['a late fill']),
    ...(size > unfilled(record) ? ['an overfill'] : []),
    ...(body.feeInBase === undefined ? [] : ['a fee in base']),
    ...(opposes && size < absolute(open) ? ['a part that closes'] : []),
    ...(opposes && size === absolute(open) ? ['an end'] : []),
    ...(opposes && size > absolute(open) ? ['a turn'] : []),
  ];
}

test('the journals that are tried have everything in them', () => {
  const seen = new Set<string>();
  for (const events of fc.sample(journals(EXACT), { numRuns: 200, seed: 1 })) {
    const book = new Book(INSTRUMENTS);
    for (const event of events) {
      seen.add(event.type);
      if (event.type === 'order.filled') for (const word of met(book, event)) seen.add(word);
      book.apply(event);
    }
  }
  for (const word of [
    'a late fill',
    'an overfill',
    'a fee in base',
    'a part that closes',
    'an end',
    'a turn',
    'order.suspected',
    'order.cancel-refused',
    'order.resurfaced',
  ])
    expect(seen).toContain(word);
});

test.each<[string, Grain]>([
  ['on tick and lot', EXACT],
  ['to the twelfth place', UNEVEN],
])('accounts and book agree after every event, %s', (_, grain) => {
  afterEveryEvent(grain, (accounts, book) => expect(disagreement(accounts, book)).toBeUndefined());
});
