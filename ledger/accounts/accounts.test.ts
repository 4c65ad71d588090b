import { describe, expect, test } from 'vitest';

import type { DomainEvent } from '../../domain/event.ts';
import { clientOrderId, instrumentId, venueOrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { CurrencyMismatch } from '../../domain/portfolio.ts';
import { BTC, ETH, REVERSION, sampleEvent, sampleOrder } from '../../domain/testing/samples.ts';
import { price, quantity, text } from '../../domain/units.ts';
import type { Saved } from '../snapshots/state-text.ts';
import { Accounts, statement } from './accounts.ts';
import { disagreement, equityOf } from './agreement.ts';
import { OutOfBalance } from './balances.ts';
import { BothFolds } from './testing/both-folds.ts';
import { INSTRUMENTS, startBody } from './testing/journals.ts';

let orders = 0;
const order = (side: Order['side'], size: string, change: Partial<Order> = {}): Order =>
  sampleOrder({ id: clientOrderId(`O${++orders}`), side, quantity: quantity(size), ...change });
const buy = (size: string, change: Partial<Order> = {}): Order => order('BUY', size, change);
const sell = (size: string, change: Partial<Order> = {}): Order => order('SELL', size, change);

describe('the start', () => {
  test('brings the cash from outside', () => {
    const folds = new BothFolds('10000');
    expect(folds.moved).toEqual(['10000 USD EXTERNAL→AVAILABLE']);
    expect(folds.standing()).toEqual({ AVAILABLE: '10000', EXTERNAL: '-10000' });
  });

  test('brings it once; a later start finds what is there', () => {
    const folds = new BothFolds('10000').tell('system.started', startBody('99999', true));
    expect(folds.moved).toEqual([]);
    expect(folds.standing()).toEqual({ AVAILABLE: '10000', EXTERNAL: '-10000' });
  });
});

describe('a long round trip', () => {
  test('moves the cost into the position, and back with what was won; fees stand apart', () => {
    const folds = new BothFolds().trade(buy('2'), '100', { fee: '0.2' });
    expect(folds.moved).toEqual([
      '2 BTC EXTERNAL→IN_POSITION',
      '200 USD AVAILABLE→IN_POSITION',
      '0.2 USD AVAILABLE→FEES',
    ]);
    expect(folds.standing()).toEqual({
      AVAILABLE: '9799.8',
      IN_POSITION: '200',
      FEES: '0.2',
      EXTERNAL: '-10000',
    });
    folds.trade(sell('2'), '110', { fee: '0.22' });
    expect(folds.moved).toEqual([
      '2 BTC IN_POSITION→EXTERNAL',
      '200 USD IN_POSITION→AVAILABLE',
      '20 USD REALISED→AVAILABLE',
      '0.22 USD AVAILABLE→FEES',
    ]);
    expect(folds.standing()).toEqual({
      AVAILABLE: '10019.58',
      FEES: '0.42',
      REALISED: '-20',
      EXTERNAL: '-10000',
    });
    expect(folds.standing('BTC')).toEqual({});
  });

  test('that lost leaves its loss on the result', () => {
    const folds = new BothFolds().trade(buy('2'), '100').trade(sell('2'), '90');
    expect(folds.moved.at(-1)).toBe('20 USD AVAILABLE→REALISED');
    expect(folds.standing()).toEqual({ AVAILABLE: '9980', REALISED: '20', EXTERNAL: '-10000' });
  });

  test('in parts gives back the part of the cost, to the twelfth place', () => {
    const folds = new BothFolds()
      .trade(buy('2'), '30')
      .trade(buy('1'), '40')
      .trade(sell('1'), '40');
    expect(folds.moved).toEqual([
      '1 BTC IN_POSITION→EXTERNAL',
      '33.333333333333 USD IN_POSITION→AVAILABLE',
      '6.666666666667 USD REALISED→AVAILABLE',
    ]);
    folds.trade(sell('2'), '40');
    expect(folds.standing()).toEqual({ AVAILABLE: '10020', REALISED: '-20', EXTERNAL: '-10000' });
  });
});

describe('a short', () => {
  test('brings cash at once, against a position below zero', () => {
    const folds = new BothFolds().trade(sell('2'), '100', { fee: '0.5' });
    expect(folds.moved).toEqual([
      '2 BTC IN_POSITION→EXTERNAL',
      '200 USD IN_POSITION→AVAILABLE',
      '0.5 USD AVAILABLE→FEES',
    ]);
    expect(folds.standing('BTC')).toEqual({ IN_POSITION: '-2', EXTERNAL: '2' });
  });

  test('bought back lower has won the difference', () => {
    const folds = new BothFolds().trade(sell('2'), '100').trade(buy('2'), '90');
    expect(folds.moved).toEqual([
      '2 BTC EXTERNAL→IN_POSITION',
      '200 USD AVAILABLE→IN_POSITION',
      '20 USD REALISED→AVAILABLE',
    ]);
    expect(folds.standing()).toEqual({
      AVAILABLE: '10020',
      REALISED: '-20',
      EXTERNAL: '-10000',
    });
  });

  test('bought back higher, in part, has lost it on that part', () => {
    const folds = new BothFolds().trade(sell('4'), '100').trade(buy('1'), '130');
    expect(folds.standing()).toMatchObject({ IN_POSITION: '-300', REALISED: '30' });
  });
});

describe('a position that turns around', () => {
  test('closes what there was and opens the rest the other way', () => {
    const folds = new BothFolds().trade(buy('2'), '100').trade(sell('5'), '110', { fee: '3' });
    expect(folds.moved).toEqual([
      '5 BTC IN_POSITION→EXTERNAL',
      '200 USD IN_POSITION→AVAILABLE',
      '20 USD REALISED→AVAILABLE',
      '330 USD IN_POSITION→AVAILABLE',
      '3 USD AVAILABLE→FEES',
    ]);
    expect(folds.standing()).toEqual({
      AVAILABLE: '10347',
      IN_POSITION: '-330',
      FEES: '3',
      REALISED: '-20',
      EXTERNAL: '-10000',
    });
  });

  test('loses no unit where neither part can be exact', () => {
    // Half a unit of the twelfth place on either side: rounding both to even would lose one.
    const folds = new BothFolds()
      .trade(buy('0.00000000003'), '1')
      .trade(sell('0.00000000006'), '50000.05');
    const { cash } = folds.book.portfolio;
    expect(folds.standing()['AVAILABLE']).toBe(text(cash));
    expect(folds.standing()).toMatchObject({ IN_POSITION: '-0.000001500002' });
  });
});

describe('a fee in base', () => {
  test('leaves the position with less than was bought, and is counted in both currencies', () => {
    const folds = new BothFolds().trade(buy('2'), '100', { fee: '0.2', feeInBase: '0.002' });
    expect(folds.moved).toEqual([
      '2 BTC EXTERNAL→IN_POSITION',
      '200 USD AVAILABLE→IN_POSITION',
      '0.002 BTC IN_POSITION→FEES',
      '0.2 USD IN_POSITION→FEES',
    ]);
    expect(folds.standing()).toEqual({
      AVAILABLE: '9800',
      IN_POSITION: '199.8',
      FEES: '0.2',
      EXTERNAL: '-10000',
    });
    expect(folds.standing('BTC')).toEqual({ IN_POSITION: '1.998', FEES: '0.002', EXTERNAL: '-2' });
    expect(disagreement(folds.accounts, folds.book)).toBeUndefined();
  });

  test('that the venue counts as more than it was worth is partly a gain on what paid for it', () => {
    const folds = new BothFolds().trade(buy('2'), '100', { fee: '0.25', feeInBase: '0.002' });
    expect(folds.standing()).toMatchObject({ FEES: '0.25', REALISED: '-0.05' });
    expect(disagreement(folds.accounts, folds.book)).toBeUndefined();
  });

  test('that takes the last of a position leaves no cost behind', () => {
    const folds = new BothFolds()
      .trade(buy('1'), '100')
      .trade(sell('0.999'), '110', { fee: '0.11', feeInBase: '0.001' });
    expect(folds.moved.at(-1)).toBe('0.01 USD REALISED→IN_POSITION');
    expect(folds.standing()).toEqual({
      AVAILABLE: '10009.89',
      FEES: '0.11',
      REALISED: '-10',
      EXTERNAL: '-10000',
    });
  });
});

test('a rebate is a fee the other way', () => {
  const folds = new BothFolds().trade(buy('2'), '100', { fee: '-0.1' });
  expect(folds.moved.at(-1)).toBe('0.1 USD FEES→AVAILABLE');
  expect(disagreement(folds.accounts, folds.book)).toBeUndefined();
});

describe('a hold', () => {
  const entry = buy('4');

  test('is pending from the sending, posted part by part, and voided for the rest', () => {
    const folds = new BothFolds().send(entry, '408');
    expect(folds.moved).toEqual(['408 USD AVAILABLE→HELD PENDING']);
    expect(folds.standing()).toEqual({ AVAILABLE: '9592', HELD: '408', EXTERNAL: '-10000' });
    folds.fill(entry, '1', '100');
    expect(folds.moved).toEqual([
      '102 USD HELD→AVAILABLE POSTED',
      '1 BTC EXTERNAL→IN_POSITION',
      '100 USD AVAILABLE→IN_POSITION',
    ]);
    folds.cancel(entry);
    expect(folds.moved).toEqual(['306 USD HELD→AVAILABLE VOIDED']);
    expect(folds.standing()).toEqual({
      AVAILABLE: '9900',
      IN_POSITION: '100',
      EXTERNAL: '-10000',
    });
    expect(folds.accounts.holds().size).toBe(0);
  });

  test('is posted whole by the fill that completes the order, whatever rounding had kept back', () => {
    const third = buy('3');
    const folds = new BothFolds().send(third, '100').fill(third, '1', '30');
    expect(folds.moved[0]).toBe('33.333333333333 USD HELD→AVAILABLE POSTED');
    folds.fill(third, '2', '30');
    expect(folds.moved[0]).toBe('66.666666666667 USD HELD→AVAILABLE POSTED');
    expect(folds.standing()['HELD']).toBeUndefined();
  });

  test('stays while nobody knows where the order is', () => {
    const folds = new BothFolds().send(entry, '408');
    const { id: orderId } = entry;
    for (const [type, extra] of [
      ['order.unknown', {}],
      ['order.accepted', { venueOrderId: venueOrderId('v1') }],
      ['order.suspected', {}],
    ] as const) {
      folds.tell(type, { orderId, because: 'a test', ...extra } as never);
      expect([type, folds.moved, folds.standing()['HELD']]).toEqual([type, [], '408']);
    }
  });

  test.each(['order.rejected', 'order.expired', 'order.canceled'] as const)(
    'is voided by %s',
    (type) => {
      const folds = new BothFolds().send(entry, '408');
      folds.tell(type, { orderId: entry.id, because: 'a test' });
      expect(folds.moved).toEqual(['408 USD HELD→AVAILABLE VOIDED']);
    },
  );

  test('is made again for an order that was over and is found alive: for its rest', () => {
    const folds = new BothFolds().send(entry, '408').fill(entry, '1', '100').cancel(entry);
    folds.tell('order.resurfaced', {
      orderId: entry.id,
      venueOrderId: venueOrderId('v1'),
      because: 'a test',
    });
    expect(folds.moved).toEqual(['306 USD AVAILABLE→HELD PENDING']);
    expect(disagreement(folds.accounts, folds.book)).toBeUndefined();
  });

  test('is not touched by a fill that comes after the end; the fill is booked all the same', () => {
    const folds = new BothFolds().send(entry, '408').cancel(entry).fill(entry, '1', '100');
    expect(folds.moved).toEqual(['1 BTC EXTERNAL→IN_POSITION', '100 USD AVAILABLE→IN_POSITION']);
    expect(disagreement(folds.accounts, folds.book)).toBeUndefined();
  });

  test('is not overdrawn by more than was ordered', () => {
    const folds = new BothFolds().send(entry, '408').fill(entry, '5', '100');
    expect(folds.moved[0]).toBe('408 USD HELD→AVAILABLE POSTED');
    folds.fill(entry, '1', '100');
    expect(folds.moved).toEqual(['1 BTC EXTERNAL→IN_POSITION', '100 USD AVAILABLE→IN_POSITION']);
    expect(disagreement(folds.accounts, folds.book)).toBeUndefined();
  });

  test('may be more than there is: what may be sent is for the kernel to say', () => {
    const folds = new BothFolds('100').send(entry, '408');
    expect(folds.standing()).toEqual({ AVAILABLE: '-308', HELD: '408', EXTERNAL: '-100' });
  });
});

test('the units of one base are added up over strategies, and bases are kept apart', () => {
  const folds = new BothFolds()
    .trade(buy('2'), '100')
    .trade(sell('0.5', { strategyId: REVERSION }), '100')
    .trade(buy('3', { instrumentId: ETH.id }), '10');
  expect(folds.standing('BTC')).toEqual({ IN_POSITION: '1.5', EXTERNAL: '-1.5' });
  expect(folds.standing('ETH')).toEqual({ IN_POSITION: '3', EXTERNAL: '-3' });
  expect(folds.standing()['IN_POSITION']).toBe('180');
  expect(disagreement(folds.accounts, folds.book)).toBeUndefined();
});

test('the trial balance lists all six accounts of every currency', () => {
  const { accounts } = new BothFolds().trade(buy('2'), '100');
  const lines = accounts
    .trialBalance()
    .map((line) => [line.currency, line.account, text(line.balance)]);
  expect(lines).toEqual([
    ['USD', 'AVAILABLE', '9800'],
    ['USD', 'HELD', '0'],
    ['USD', 'IN_POSITION', '200'],
    ['USD', 'FEES', '0'],
    ['USD', 'REALISED', '0'],
    ['USD', 'EXTERNAL', '-10000'],
    ['BTC', 'AVAILABLE', '0'],
    ['BTC', 'HELD', '0'],
    ['BTC', 'IN_POSITION', '2'],
    ['BTC', 'FEES', '0'],
    ['BTC', 'REALISED', '0'],
    ['BTC', 'EXTERNAL', '-2'],
  ]);
});

test('equity is the cash, held or not, and what is open at its marks', () => {
  const folds = new BothFolds().trade(buy('2'), '100').send(buy('1'), '102');
  const at = (mark: string | undefined) =>
    text(equityOf(folds.accounts, 'USD', () => (mark === undefined ? undefined : price(mark))));
  expect(at('130')).toBe('10060');
  expect(at(undefined)).toBe('10000');
});

test('a statement is every transfer of the journal, and adds up to the balances', () => {
  const entry = buy('2');
  const folds = new BothFolds().send(entry, '210').fill(entry, '2', '100', { fee: '1' });
  const totals = new Map<string, bigint>();
  for (const { currency, debit, credit, amount } of statement(folds.events, INSTRUMENTS)) {
    for (const [account, change] of [
      [debit, amount],
      [credit, -amount],
    ] as const) {
      const key = `${currency} ${account}`;
      totals.set(key, (totals.get(key) ?? 0n) + change);
    }
  }
  for (const { currency, account, balance } of folds.accounts.trialBalance())
    expect([currency, account, totals.get(`${currency} ${account}`) ?? 0n]).toEqual([
      currency,
      account,
      balance,
    ]);
});

test('every transfer names the order or the fill that moved it, and its event', () => {
  const entry = buy('2');
  const folds = new BothFolds().send(entry, '210').fill(entry, '2', '100');
  const named = [...statement(folds.events, INSTRUMENTS)].map(({ subject, seq }) => [subject, seq]);
  expect(named).toEqual([
    [null, 1],
    [entry.id, 2],
    [entry.id, 3],
    ['f2', 3],
    ['f2', 3],
  ]);
});

describe('what cannot be booked', () => {
  const unknown = buy('1', { instrumentId: instrumentId('DOGE/USD') });

  test.each<[string, (folds: BothFolds) => unknown, string]>([
    [
      'an order spoken of before it was sent',
      (folds) => folds.cancel(buy('1')),
      'before submitting it',
    ],
    ['a fill of an instrument nobody knows', (folds) => folds.trade(unknown, '1'), 'DOGE/USD'],
    [
      'a step the table of an order’s life does not have',
      (folds) => {
        const entry = buy('1');
        return folds.send(entry).cancel(entry).cancel(entry);
      },
      'CANCEL is not legal in CANCELED',
    ],
  ])('%s is refused', (_, act, sentence) => {
    expect(() => act(new BothFolds())).toThrow(sentence);
  });

  test('is not booked in part', () => {
    const folds = new BothFolds();
    folds.send(unknown, '5');
    const before = JSON.stringify(folds.accounts.save());
    expect(() => folds.fill(unknown, '1', '1')).toThrow('DOGE/USD');
    expect(JSON.stringify(folds.accounts.save())).toBe(before);
  });

  test('another currency than the account’s is never added to it', () => {
    const yen = { ...BTC, quote: 'JPY' };
    const accounts = new Accounts(new Map([[BTC.id, yen]]));
    const entry = buy('1');
    const { events } = new BothFolds().trade(entry, '100');
    expect(() => events.forEach((event) => accounts.apply(event))).toThrow(CurrencyMismatch);
  });

  test('nothing is sent before the first start', () => {
    const [, sent] = new BothFolds().send(buy('1'), '5').events;
    expect(() => new Accounts(INSTRUMENTS).apply(sent!)).toThrow('before any start');
  });
});

test('what is no matter of money moves nothing, but is counted', () => {
  const accounts = new Accounts(INSTRUMENTS);
  accounts.apply(sampleEvent('operator.added', { name: 'ann' }, 7) as DomainEvent);
  expect([accounts.seq, accounts.trialBalance()]).toEqual([7, []]);
});

describe('what was saved', () => {
  const loaded = (state: Saved): Accounts => {
    const accounts = new Accounts(INSTRUMENTS);
    accounts.load(state);
    return accounts;
  };
  /** What two coins at a hundred leave, its text changed. */
  const tampered = (from: string, to: string): Saved => {
    const state = JSON.stringify(new BothFolds().trade(buy('2'), '100').accounts.save());
    expect(state).toContain(from);
    return JSON.parse(state.replace(from, to)) as Saved;
  };

  test('is plain data', () => {
    const state = new BothFolds().trade(buy('2'), '100').accounts.save();
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  test('is taken up whole: balances, stakes, orders and how far the journal was read', () => {
    const { accounts } = new BothFolds().trade(buy('2'), '100').send(buy('1'), '50');
    const again = loaded(accounts.save());
    expect(again.save()).toEqual(accounts.save());
    expect([again.seq, again.currency]).toEqual([4, 'USD']);
    expect([again.holds(), again.stakes()]).toEqual([accounts.holds(), accounts.stakes()]);
    expect(again.trialBalance()).toEqual(accounts.trialBalance());
  });

  test('is refused when it does not balance, and the currency and the difference are named', () => {
    const richer = tampered('"9800000000000000"', '"9800010000000000"');
    expect(() => loaded(richer)).toThrow(
      new OutOfBalance('as they were saved the accounts in USD sum to 0.01, not to 0'),
    );
  });

  test('is refused when an account is missing', () => {
    expect(() => loaded(tampered('"HELD":', '"HOLD":'))).toThrow('$.HOLD');
  });

  test('is refused when it is of something else', () => {
    expect(() => loaded({ own: {} })).toThrow('$ should have own, balances, and has own');
    expect(() => loaded(tampered('"stakes":', '"steaks":'))).toThrow('$.steaks');
  });

  test('before the first start is nothing at all', () => {
    const state = new Accounts(INSTRUMENTS).save();
    expect(loaded(state).currency).toBeUndefined();
    expect(loaded(state).save()).toEqual(state);
  });
});
