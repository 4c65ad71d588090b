import { describe, expect, test } from 'vitest';

import { DAY_MS } from '../domain/clock.ts';
import { clientOrderId, ocoGroupId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { BTC, EUR } from '../domain/testing/samples.ts';
import { type DecimalText, money, price, quantity, text } from '../domain/units.ts';
import { RETAIL_COSTS } from './costs.ts';
import { NO_QUEUE, queueAhead } from './queue.ts';
import {
  buy,
  exit,
  holding,
  isFill,
  offering,
  sell,
  stop,
  stopLimit,
  SURE,
  target,
  TestExchange,
} from './testing/exchanges.ts';

const cover = { side: 'BUY' as const };
const id = (value: string): Pick<Order, 'id'> => ({ id: clientOrderId(value) });

/** Enough held, on the side that the first order takes from, for every one of them to fill. */
function resting(...orders: readonly Order[]): TestExchange {
  const exchange = new TestExchange();
  if (orders[0]?.reduceOnly) exchange.restore(holding(orders[0].side === 'SELL' ? '10' : '-10'));
  return exchange.accept(...orders);
}
const afterPrint = (at: DecimalText, ...orders: readonly Order[]): readonly string[] =>
  resting(...orders)
    .at(at)
    .told();
const afterRange = (
  [low, high]: readonly [DecimalText, DecimalText],
  ...orders: readonly Order[]
): readonly string[] =>
  resting(...orders)
    .between(low, high)
    .told();

describe('a market order', () => {
  // Half of two basis points of spread is 5.00 at 50,000.
  test('fills whole at the next print, half the spread worse', () => {
    expect(afterPrint('50000', buy())).toEqual(['E1P1 BUY 0.01 at 50005']);
    expect(afterPrint('50000', sell())).toEqual(['E1P1 SELL 0.01 at 49995']);
  });

  test('is never filled by a range, nor by another instrument’s print', () => {
    expect(afterRange(['1', '100000'], buy())).toEqual([]);
    const exchange = resting(buy());
    exchange.print(EUR.id, price('1.1'));
    expect(exchange.told()).toEqual([]);
  });

  test('slips up to its maximum, always against the order and always on the tick', () => {
    const worst = 50_000 * (1 + (RETAIL_COSTS.CRYPTO.spreadBps / 2 + 3) / 10_000);
    const prices = new Set<bigint>();
    for (let seed = 1; seed <= 200; seed++) {
      const exchange = new TestExchange({}, { seed }).accept(buy()).at('50000');
      const [fill] = exchange.fills(0);
      if (fill === undefined) throw new Error('there was no fill');
      expect(fill.price >= price('50005')).toBe(true);
      expect(Number(text(fill.price))).toBeLessThanOrEqual(worst);
      expect(fill.price % BTC.tick).toBe(0n);
      prices.add(fill.price);
    }
    expect(prices.size).toBeGreaterThan(100);
  });

  test('is slipped to the next tick beyond, not to the nearest', () => {
    // 5.000001 of half spread: one whole tick more than 5.
    expect(afterPrint('50000.01', buy())).toEqual(['E1P1 BUY 0.01 at 50005.02']);
    expect(afterPrint('50000.01', sell())).toEqual(['E1P1 SELL 0.01 at 49995']);
  });

  test('sold where there is nearly no price still gets one tick', () => {
    expect(afterPrint('0.01', sell())).toEqual(['E1P1 SELL 0.01 at 0.01']);
  });
});

describe('a stop', () => {
  test('waits for its trigger and fills there, half the spread worse', () => {
    expect(afterRange(['49000.01', '50000'], stop('49000'))).toEqual([]);
    expect(afterRange(['49000', '50000'], stop('49000'))).toEqual(['S1P1 SELL 0.01 at 48995.1']);
    expect(afterRange(['50000', '50999.99'], stop('51000', cover))).toEqual([]);
    expect(afterRange(['50000', '51000'], stop('51000', cover))).toEqual([
      'S1P1 BUY 0.01 at 51005.1',
    ]);
  });

  test('that the market jumps over fills at the gap, not at its trigger', () => {
    expect(afterPrint('45000', stop('49000'))).toEqual(['S1P1 SELL 0.01 at 44995.5']);
    expect(afterPrint('55000', stop('51000', cover))).toEqual(['S1P1 BUY 0.01 at 55005.5']);
  });

  test('placed when the market is already beyond it gets no price that nobody traded at', () => {
    expect(afterRange(['44000', '45000'], stop('49000'))).toEqual(['S1P1 SELL 0.01 at 44995.5']);
    expect(afterRange(['55000', '56000'], stop('51000', cover))).toEqual([
      'S1P1 BUY 0.01 at 55005.5',
    ]);
  });

  test('that was touched and found too little goes on, wherever the price went', () => {
    const exchange = new TestExchange({ ...SURE, ...offering('300') });
    exchange.restore(holding('0.01'));
    exchange.accept(stop('49000')).at('49000');
    expect(exchange.told()).toEqual(['S1P1 SELL 0.0061231 at 48995.1'].map(roughly));
    exchange.at('52000');
    expect(exchange.told()).toHaveLength(1);
    expect(exchange.order(clientOrderId('S1P1'))?.status).toBe('FILLED');
  });
});

describe('a limit', () => {
  test('fills at its price once the market trades there, without slipping', () => {
    expect(afterRange(['50000', '52999.99'], target('53000'))).toEqual([]);
    expect(afterRange(['50000', '53000'], target('53000'))).toEqual(['T1P1 SELL 0.01 at 53000']);
    expect(afterRange(['47000', '50000'], target('47000', cover))).toEqual([
      'T1P1 BUY 0.01 at 47000',
    ]);
  });

  test('is better at a gap', () => {
    expect(afterPrint('54000', target('53000'))).toEqual(['T1P1 SELL 0.01 at 54000']);
    expect(afterPrint('46000', target('47000', cover))).toEqual(['T1P1 BUY 0.01 at 46000']);
    expect(afterRange(['54000', '55000'], target('53000'))).toEqual(['T1P1 SELL 0.01 at 54000']);
  });
});

describe('a stop-limit', () => {
  test('waits for its trigger, then fills like a stop but never beyond its limit', () => {
    expect(afterPrint('49000.01', stopLimit('49000', '48900'))).toEqual([]);
    expect(afterPrint('49000', stopLimit('49000', '48900'))).toEqual(['S1P1 SELL 0.01 at 48995.1']);
    expect(afterPrint('49000', stopLimit('49000', '48999'))).toEqual(['S1P1 SELL 0.01 at 48999']);
    expect(afterPrint('51000', stopLimit('51000', '51001', cover))).toEqual([
      'S1P1 BUY 0.01 at 51001',
    ]);
    expect(afterRange(['48000', '50000'], stopLimit('49000', '48900'))).toEqual([
      'S1P1 SELL 0.01 at 48995.1',
    ]);
  });

  test('that the market jumps over rests at its limit until the price is back', () => {
    const exchange = resting(stopLimit('49000', '48900')).at('48000');
    expect(exchange.told()).toEqual([]);
    expect(exchange.at('48899.99').told()).toEqual([]);
    expect(exchange.at('48900').told()).toEqual(['S1P1 SELL 0.01 at 48900']);
  });

  test('is not filled by the better extreme of the bar that touched it', () => {
    const exchange = resting(stopLimit('49000', '49100')).between('48000', '49200');
    expect(exchange.told()).toEqual([]);
    expect(exchange.between('48000', '49200').told()).toEqual(['S1P1 SELL 0.01 at 49100']);
  });

  test('is touched once: it need not be touched again to fill', () => {
    const exchange = resting(stopLimit('49000', '49100')).at('49000');
    expect(exchange.told()).toEqual([]);
    expect(exchange.at('49200').told()).toEqual(['S1P1 SELL 0.01 at 49200']);
  });
});

describe('time in force', () => {
  test('IOC takes what it can at the next print, and the rest is gone', () => {
    const thin = new TestExchange({ ...SURE, ...offering('100') });
    thin.accept(buy({ timeInForce: 'IOC' })).at('50000');
    const [fill, end] = thin.told();
    expect(fill).toMatch(/^E1P1 BUY 0.00199\d+ at 50005$/);
    expect(end).toBe('E1P1 EXPIRED: no more was to be had at once, and it was IOC');
    expect(thin.openOrders()).toEqual([]);
  });

  test('IOC at a limit that is not there is gone with the next print, untouched by a range', () => {
    const order = buy({ type: 'LIMIT', limitPrice: price('49000'), timeInForce: 'IOC' });
    const exchange = resting(order).between('48000', '52000');
    expect(exchange.told()).toEqual([]);
    expect(exchange.at('50000').told()).toEqual([
      'E1P1 EXPIRED: no more was to be had at once, and it was IOC',
    ]);
  });

  test('FOK fills whole or not at all', () => {
    expect(afterPrint('50000', buy({ timeInForce: 'FOK' }))).toEqual(['E1P1 BUY 0.01 at 50005']);
    const thin = new TestExchange({ ...SURE, ...offering('500') });
    expect(
      thin
        .accept(buy({ timeInForce: 'FOK' }))
        .at('50000')
        .told(),
    ).toEqual(['E1P1 EXPIRED: no more was to be had at once, and it was FOK']);
    expect(thin.fills(0)).toEqual([]);
  });

  test('FOK that may only reduce more than there is does not fill a part', () => {
    const exchange = new TestExchange();
    exchange.restore(holding('0.005'));
    const order = exit('X1P1', { timeInForce: 'FOK' });
    expect(exchange.accept(order).at('50000').told()).toEqual([
      'X1P1 EXPIRED: no more was to be had at once, and it was FOK',
    ]);
  });

  test('DAY ends at midnight UTC, and GTC does not', () => {
    const at = { type: 'LIMIT' as const, limitPrice: price('49000') };
    const exchange = resting(buy({ ...at, timeInForce: 'DAY' }), buy({ ...at, ...id('E1P2') }));
    const midnight = (Math.floor(exchange.clock.now() / DAY_MS) + 1) * DAY_MS;
    exchange.clock.advanceTo(midnight - 1);
    expect(exchange.at('49500').openOrders()).toHaveLength(2);
    exchange.clock.advanceTo(midnight);
    expect(exchange.at('48000').told()).toEqual([
      'E1P1 EXPIRED: its day is over',
      'E1P2 BUY 0.01 at 48000',
    ]);
  });

  test('DAY is over at midnight though nothing traded since', () => {
    const exchange = resting(buy({ timeInForce: 'DAY' })).after(DAY_MS);
    expect(exchange.openOrders()).toEqual([]);
    expect(exchange.order(clientOrderId('E1P1'))?.status).toBe('EXPIRED');
  });
});

describe('orders of one group', () => {
  test('a range that touches both fills the stop, whichever was placed first', () => {
    const expected = ['S1P1 SELL 0.01 at 48995.1', 'T1P1 CANCELED: S1P1 filled first'];
    expect(afterRange(['48000', '54000'], stop('49000'), target('53000'))).toEqual(expected);
    expect(afterRange(['48000', '54000'], target('53000'), stop('49000'))).toEqual(expected);
  });

  test('the first that fills cancels every other, and nothing outside the group', () => {
    const exchange = resting(
      stop('49000'),
      stop('48000', id('S2P1')),
      target('53000'),
      target('54000', { ...id('T1P2'), ocoGroupId: ocoGroupId('exits:P2') }),
    ).at('53000');
    expect(exchange.told()).toEqual([
      'T1P1 SELL 0.01 at 53000',
      'S1P1 CANCELED: T1P1 filled first',
      'S2P1 CANCELED: T1P1 filled first',
    ]);
    expect(exchange.openOrders()).toMatchObject([{ clientId: 'T1P2' }]);
  });

  test('a fill of a part cancels the others too, and the rest goes on alone', () => {
    const exchange = new TestExchange({ ...SURE, ...offering('265') });
    exchange.restore(holding('0.01'));
    exchange.accept(stop('49000'), target('53000')).at('53000');
    expect(exchange.told()).toEqual([
      'T1P1 SELL 0.005 at 53000',
      'S1P1 CANCELED: T1P1 filled first',
    ]);
    expect(exchange.at('53000').told()).toEqual(['T1P1 SELL 0.005 at 53000']);
  });
});

describe('reduce-only', () => {
  test('is refused when there is nothing to reduce, on either side', () => {
    for (const [held, side] of [
      ['0', 'SELL'],
      ['-1', 'SELL'],
      ['1', 'BUY'],
    ] as const) {
      const exchange = new TestExchange();
      exchange.restore(holding(held));
      expect(exchange.place(stop('49000', { side }), exchange.clock.now())).toEqual({
        kind: 'REJECTED',
        because: 'there is nothing left to reduce',
      });
    }
  });

  test('never fills beyond the position, and what can reduce nothing any more is canceled', () => {
    const exchange = new TestExchange();
    exchange.restore(holding('0.004'));
    const other = target('60000', { ...id('T9P9'), ocoGroupId: ocoGroupId('exits:P9') });
    exchange.accept(exit('X1P1', {}), other).at('50000');
    expect(exchange.told()).toEqual([
      'X1P1 SELL 0.004 at 49995',
      'X1P1 CANCELED: there is nothing left to reduce',
      'T9P9 CANCELED: there is nothing left to reduce',
    ]);
    expect(exchange.balances().positions.size).toBe(0);
  });

  test('leaves orders that may open a position alone', () => {
    const exchange = new TestExchange();
    exchange.restore(holding('0.01'));
    const entry = buy({ type: 'LIMIT', limitPrice: price('40000') });
    exchange.accept(entry, exit('X1P1', {})).at('50000');
    expect(exchange.openOrders()).toMatchObject([{ clientId: 'E1P1' }]);
  });
});

describe('what a print offers', () => {
  test('an order larger than it fills in parts over the next prints, and each has its id', () => {
    const exchange = new TestExchange({ ...SURE, ...offering('150') });
    const order = target('50000', { ...cover, reduceOnly: false });
    exchange.accept(order).at('50000').at('50000').at('50000').at('50000');
    expect(exchange.told()).toEqual([
      'T1P1 BUY 0.003 at 50000',
      'T1P1 BUY 0.003 at 50000',
      'T1P1 BUY 0.003 at 50000',
      'T1P1 BUY 0.001 at 50000',
    ]);
    expect(new Set(exchange.fills(0).map(({ fillId }) => fillId)).size).toBe(4);
  });

  test('is shared by those who want the same side, the oldest first, and not by the other side', () => {
    const exchange = new TestExchange({ ...SURE, ...offering('600') });
    const at = { type: 'LIMIT' as const, limitPrice: price('50000') };
    exchange.accept(buy(at), buy({ ...at, ...id('E1P2') }), sell({ ...at, ...id('E1P3') }));
    exchange.at('50000');
    expect(exchange.told()).toEqual([
      'E1P1 BUY 0.01 at 50000',
      'E1P2 BUY 0.002 at 50000',
      'E1P3 SELL 0.01 at 50000',
    ]);
  });

  test('is the same at the same instant of the same seed, whatever was drawn before', () => {
    const large = buy({ type: 'LIMIT', limitPrice: price('50000'), quantity: quantity('100') });
    const firstFill = (before: number, seed: number): unknown => {
      const exchange = new TestExchange({}, { seed });
      for (let n = 1; n <= before; n++) exchange.accept(buy(id(`X${n}`))).at('51000');
      return exchange
        .accept(large)
        .after(1_000)
        .at('50000')
        .fills(exchange.clock.now())
        .map((fill) => text(fill.quantity));
    };
    expect(firstFill(0, 1)).toEqual(firstFill(5, 1));
    expect(firstFill(0, 1)).not.toEqual(firstFill(0, 2));
  });

  test('is another at every instant', () => {
    const large = buy({ type: 'LIMIT', limitPrice: price('50000'), quantity: quantity('1000') });
    const exchange = new TestExchange({}).accept(large);
    for (let n = 0; n < 10; n++) exchange.after(1_000).at('50000');
    expect(new Set(exchange.fills(0).map((fill) => fill.quantity)).size).toBe(10);
  });

  test('is enough for an ordinary order of a small account', () => {
    const exchange = new TestExchange({});
    for (let n = 0; n < 100; n++) {
      exchange
        .accept(buy({ ...id(`E${n}`), quantity: quantity('2') }))
        .after(1_000)
        .at('50000');
      exchange.accept(sell({ ...id(`X${n}`), quantity: quantity('2') })).at('50000');
    }
    expect(exchange.fills(0)).toHaveLength(200);
  });
});

describe('the queue at a price', () => {
  const queue = (amount: DecimalText): TestExchange =>
    new TestExchange({
      ...SURE,
      ...offering('1000'),
      queue: { ...NO_QUEUE, CRYPTO: money(amount) },
    });
  const bid = buy({ type: 'LIMIT', limitPrice: price('50000') });

  test('is served first: at exactly its price a limit waits', () => {
    const exchange = queue('100000').accept(bid);
    let prints = 0;
    while (exchange.fills(0).length === 0 && prints < 1_000) {
      exchange.at('50000');
      prints += 1;
    }
    expect(prints).toBeGreaterThan(1);
    expect(prints).toBeLessThanOrEqual(101);
  });

  test('is gone once the price trades through it', () => {
    expect(queue('100000').accept(bid).at('49999.99').told()).toEqual([
      'E1P1 BUY 0.01 at 49999.99',
    ]);
    expect(queue('100000').accept(bid).between('49999.99', '51000').told()).toEqual([
      'E1P1 BUY 0.01 at 50000',
    ]);
    expect(queue('100000').accept(bid).between('50000', '51000').told()).toEqual([]);
  });

  test('is another for every order', () => {
    const lengths = Array.from({ length: 10 }, (_, n) =>
      queueAhead(1, { ...bid, ...id(`E${n}`) }, money('100000')),
    );
    expect(new Set(lengths).size).toBe(10);
  });

  test('is as long for the same order after a restart', () => {
    const waits = (exchange: TestExchange): number => {
      for (let prints = 1; ; prints++) if (exchange.at('50000').fills(0).length > 0) return prints;
    };
    const restored = queue('100000');
    const record = { order: bid, filled: quantity('0'), submittedAtMs: 0, venueOrderId: null };
    restored.restore({ ...holding('0'), orders: [record] });
    expect(waits(restored)).toBe(waits(queue('100000').accept(bid)));
  });
});

describe('latency', () => {
  const slow = (): TestExchange => new TestExchange({ ...SURE, latencyMsMax: 1_000 });

  test('no order trades before it arrived, and all have arrived after the longest', () => {
    const exchange = slow();
    for (let n = 1; n <= 50; n++) exchange.accept(buy(id(`E${n}`)));
    exchange.at('50000');
    expect(exchange.fills(0)).toEqual([]);
    exchange.after(500).at('50000');
    const early = exchange.fills(0).length;
    expect(early).toBeGreaterThan(5);
    expect(early).toBeLessThan(45);
    exchange.after(500).at('50000');
    expect(exchange.fills(0)).toHaveLength(50);
  });

  test('a stop is not touched by what traded while it was on its way', () => {
    const exchange = slow();
    exchange.restore(holding('1'));
    exchange.accept(stop('49000')).at('48000').after(1_000).at('50000');
    expect(exchange.told()).toEqual([]);
  });

  test('a post-only order meets the price that is there when it arrives', () => {
    const exchange = slow().at('50000');
    const order = buy({ type: 'LIMIT', limitPrice: price('49000'), postOnly: true });
    exchange.accept(order).at('48000').after(1_000).at('48000');
    expect(exchange.told()).toEqual([
      'E1P1 REJECTED: a post-only order at 49000 would trade at once with 48004.8',
    ]);
    expect(exchange.order(order.id)?.status).toBe('REJECTED');
  });
});

describe('a fill', () => {
  test('is reported whole, once, with an id of its order', () => {
    const exchange = resting(buy()).at('50000').at('50001');
    expect(exchange.fills(0)).toMatchObject([{ fillId: 'E1P1-1', quantity: quantity('0.01') }]);
    expect(exchange.openOrders()).toEqual([]);
  });

  test('costs its fee in quote, rounded up', () => {
    const least = resting(stop('0.01', { quantity: quantity('0.00000001') })).at('0.01');
    // 10⁻¹⁰ is the value and 10⁻¹³ a tenth of a percent of it; the smallest unit is 10⁻¹².
    expect(least.fills(0)).toMatchObject([{ fee: 1n }]);
    const [large] = resting(buy({ quantity: quantity('0.0028') }))
      .at('50000')
      .fills(0);
    expect(large && text(large.fee)).toBe('0.140014');
  });

  test('of the same seed is the same, and another seed gives others', () => {
    const pricesOf = (seed: number): readonly bigint[] => {
      const exchange = new TestExchange({}, { seed });
      for (let n = 1; n <= 20; n++) exchange.accept(buy(id(`E${n}P1`))).at(`${50_000 + n}`);
      return exchange.reportsAfter(0).flatMap(({ report }) => (isFill(report) ? report.price : []));
    };
    expect(pricesOf(1)).toEqual(pricesOf(1));
    expect(pricesOf(1)).not.toEqual(pricesOf(2));
  });
});

/** The depth decides the digits; what matters is which order, side and price. */
function roughly(line: string): unknown {
  const [name, side] = line.split(' ');
  return expect.stringMatching(new RegExp(`^${name} ${side} 0\\.006\\d+ at 48995\\.1$`));
}
