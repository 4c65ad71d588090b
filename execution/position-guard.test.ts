import { describe, expect, test } from 'vitest';

import { orderIdFor } from '../domain/entry-order.ts';
import type { OrderRole } from '../domain/order.ts';
import { orderToText } from '../domain/order-record.ts';
import { proposalId } from '../domain/ids.ts';
import { BTC, MOMENTUM } from '../domain/testing/samples.ts';
import { positionKey } from '../domain/portfolio.ts';
import { type DecimalText, quantity, text } from '../domain/units.ts';
import type { BreakerCode } from '../risk-kernel/breakers.ts';
import { LIMITS } from '../risk-kernel/limits.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import type { Answer } from './testing/lying-venue.ts';

const id = (role: OrderRole, count = 1, name = 'P1') => orderIdFor(proposalId(name), role, count);
const KEY = positionKey(BTC.id, MOMENTUM);
const held = (desk: Desk): DecimalText =>
  text(desk.book.portfolio.positions.get(KEY)?.quantity ?? quantity('0'));

/** What rests at the venue to end the position: role, size, and level. */
const resting = (desk: Desk): readonly string[] =>
  [...desk.venue.resting.values()].map(orderToText).map((order) => {
    const level = order.stopPrice ?? order.limitPrice ?? 'the market';
    return `${order.role} ${order.quantity} at ${level}`;
  });

/** An entry at the venue, not filled yet. */
async function entered(change = {}): Promise<Desk> {
  const desk = await openDesk();
  await desk.engine.execute(await desk.intend('P1', change));
  return desk;
}

describe('a filled entry', () => {
  test('gets its stop and its target: whole, opposite, reducing, in one group, caused by the fill', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50010');
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
    const exits = desk.venue.received.slice(1);
    expect(new Set(exits.map((order) => order.ocoGroupId)).size).toBe(1);
    for (const order of exits) expect(order).toMatchObject({ side: 'SELL', reduceOnly: true });
    const [fill] = await desk.eventsOf('order.filled');
    const reviews = (await desk.eventsOf('kernel.reviewed')).slice(-2);
    expect(reviews.map(({ causationSeq }) => causationSeq)).toEqual([fill?.seq, fill?.seq]);
  });

  test('that is short is bought back', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000', { direction: 'SHORT', stop: '51000', target: '47000' });
    expect(held(desk)).toBe('-0.01');
    expect(resting(desk)).toEqual(['STOP 0.01 at 51000', 'TARGET 0.01 at 47000']);
    expect(desk.venue.received.slice(1).map(({ side }) => side)).toEqual(['BUY', 'BUY']);
  });

  test('in parts is protected for what is held after each part', async () => {
    const desk = await entered();
    desk.venue.fill(id('ENTRY'), '50000', '0.004');
    await desk.guard.settle();
    expect(resting(desk).slice(1)).toEqual(['STOP 0.004 at 49000', 'TARGET 0.004 at 53000']);
    desk.venue.fill(id('ENTRY'), '50000', '0.006');
    await desk.guard.settle();
    expect(resting(desk).slice(1)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
  });

  test('in parts never has its larger stop behind the one it had', async () => {
    const desk = await entered({ trailBps: 200 });
    desk.venue.fill(id('ENTRY'), '50000', '0.004');
    await desk.guard.settle();
    await desk.bar('51200', '51500');
    expect(resting(desk)).toContain('STOP 0.004 at 50470');
    desk.venue.fill(id('ENTRY'), '51200', '0.006');
    await desk.guard.settle();
    expect(resting(desk)).toContain('STOP 0.01 at 50470');
  });

  test('twice settled is protected once', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    const before = desk.ledger.head.seq;
    await desk.guard.settle();
    await desk.guard.protectAll();
    expect(desk.ledger.head.seq).toBe(before);
  });
});

describe('an exit that fills', () => {
  test.each<[OrderRole, DecimalText]>([
    ['STOP', '49000'],
    ['TARGET', '53000'],
  ])('as %s ends the position, and nothing of its group is left', async (role, at) => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    desk.venue.fill(id(role), at);
    await desk.guard.settle();
    expect(held(desk)).toBe('0');
    expect(resting(desk)).toEqual([]);
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('in part leaves the rest protected', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    // The venue cancels the stop with the first fill of the group.
    desk.venue.fill(id('TARGET'), '53000', '0.004');
    await desk.guard.settle();
    expect(held(desk)).toBe('0.006');
    expect(resting(desk)).toContain('STOP 0.006 at 49000');
  });
});

describe('a stop the venue does not take', () => {
  test.each<[Answer, BreakerCode]>([
    ['REJECT', 'POSITION_UNPROTECTED'],
    // What became of the stop is not known; that alone stops new entries, before the close does.
    ['UNKNOWN', 'ORDER_UNRESOLVED'],
    ['TIMEOUT', 'ORDER_UNRESOLVED'],
    ['BREAK', 'ORDER_UNRESOLVED'],
  ])(
    'after %s the position is closed at the market, and nothing new is opened: %s',
    async (answer, code) => {
      const desk = await entered();
      desk.venue.answer = ({ role }) => (role === 'STOP' ? answer : 'ACCEPT');
      desk.venue.fill(id('ENTRY'), '50000');
      await desk.guard.settle();
      expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
      expect(desk.book).toMatchObject({ tradingState: 'REDUCING', tradingStateCode: code });
      desk.venue.fill(id('EXIT'), '49990');
      await desk.guard.settle();
      expect(held(desk)).toBe('0');
    },
  );

  test('and whose close it does not take either is tried again with every bar until one holds', async () => {
    const desk = await entered();
    desk.venue.answer = () => 'REJECT';
    desk.venue.fill(id('ENTRY'), '50000');
    await desk.guard.settle();
    expect(resting(desk)).toEqual([]);
    await desk.bar('50000');
    expect(resting(desk)).toEqual([]);
    desk.venue.answer = () => 'ACCEPT';
    await desk.bar('50000');
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000']);
    expect(desk.book.tradingState).toBe('REDUCING');
  });

  test('any more is placed anew with the next bar, where it was', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000', { trailBps: 200 });
    await desk.bar('51200', '51500');
    desk.venue.resting.delete(id('STOP', 2));
    desk.venue.report({ kind: 'CANCELED', orderId: id('STOP', 2), because: 'maintenance' });
    await desk.guard.settle();
    await desk.bar('51200');
    expect(resting(desk)).toContain('STOP 0.01 at 50470');
  });
});

describe('a trailing stop', () => {
  const trailing = async (): Promise<Desk> => {
    const desk = await openDesk();
    await desk.enter('P1', '50000', { trailBps: 200 });
    return desk;
  };
  const stops = (desk: Desk): readonly string[] =>
    resting(desk).filter((order) => order.startsWith('STOP'));

  test('stays until it would lock in the entry, then follows, and only ever up', async () => {
    const desk = await trailing();
    const levels: string[] = [];
    for (const high of ['51000', '51020', '51030', '51500', '51500', '50900', '52000']) {
      await desk.bar('50900', high);
      levels.push(...stops(desk));
    }
    expect(levels).toEqual([
      'STOP 0.01 at 49000',
      'STOP 0.01 at 49000',
      'STOP 0.01 at 50009.4',
      'STOP 0.01 at 50470',
      'STOP 0.01 at 50470',
      'STOP 0.01 at 50470',
      'STOP 0.01 at 50960',
    ]);
    expect(desk.book.liveOrders().filter(({ order }) => order.role === 'STOP')).toHaveLength(1);
  });

  test('rests before the one it replaces is canceled', async () => {
    const desk = await trailing();
    let together = 0;
    desk.venue.onArrival = async () => {
      together = stops(desk).length;
    };
    await desk.bar('51200', '51500');
    expect(together).toBe(1);
    const events = await desk.events();
    const accepted = events.findLastIndex((event) => event.type === 'order.accepted');
    const asked = events.findIndex((event) => event.type === 'order.cancel-requested');
    expect(events[accepted]?.body).toMatchObject({ orderId: id('STOP', 2) });
    expect(events[asked]?.body).toMatchObject({ orderId: id('STOP') });
    expect(asked).toBeGreaterThan(accepted);
  });

  test.each<Answer>(['REJECT', 'UNKNOWN', 'TIMEOUT'])(
    'keeps the old one when the new one meets %s',
    async (answer) => {
      const desk = await trailing();
      desk.venue.answer = () => answer;
      await desk.bar('51200', '51500');
      expect(stops(desk)).toEqual(['STOP 0.01 at 49000']);
      expect(held(desk)).toBe('0.01');
    },
  );
});

describe('a strategy that loses', () => {
  const lose = async (desk: Desk, name: string): Promise<void> => {
    desk.clock.advanceTo(desk.clock.now() + 3_600_000);
    desk.mark('50000');
    await desk.enter(name, '50000');
    desk.venue.fill(id('STOP', 1, name), '49000');
    await desk.guard.settle();
  };

  test('five times in a row is switched off, and the kernel keeps it off', async () => {
    const desk = await openDesk();
    for (let loss = 1; loss <= LIMITS.strategyLossStreakMax; loss++) {
      expect(await desk.eventsOf('strategy.disabled')).toEqual([]);
      await lose(desk, `P${loss}`);
    }
    const [disabled] = await desk.eventsOf('strategy.disabled');
    expect(disabled?.body).toEqual({ strategyId: MOMENTUM, because: '5 losses in a row' });
    const next = await desk.request(desk.proposal('P6'));
    expect(await desk.decide(next)).toMatchObject({
      status: 'INVALIDATED',
      sentence: expect.stringContaining('STRATEGY_LOSING_STREAK'),
    });
    const { clock, ledger, venue } = desk;
    const again = await openDesk({ clock, ledger, venue });
    expect(again.book.standings.get(MOMENTUM)).toEqual({
      enabled: false,
      lossStreak: 5,
      because: '5 losses in a row',
    });
  });

  test('a win between the losses begins the count again', async () => {
    const desk = await openDesk();
    for (const name of ['P1', 'P2', 'P3', 'P4']) await lose(desk, name);
    desk.clock.advanceTo(desk.clock.now() + 3_600_000);
    desk.mark('50000');
    await desk.enter('P5', '50000');
    desk.venue.fill(id('TARGET', 1, 'P5'), '53000');
    await desk.guard.settle();
    await lose(desk, 'P6');
    expect(desk.book.standings.get(MOMENTUM)).toMatchObject({ enabled: true, lossStreak: 1 });
  });
});

describe.each<BreakerCode>(['FEED_SILENT', 'ORDER_STORM', 'DRAWDOWN_EXCEEDS_MAXIMUM'])(
  'after %s',
  (code) => {
    test('what fills late is still protected, trailed and closed', async () => {
      const desk = await entered({ trailBps: 200 });
      await desk.engine.pull(code, 'a test');
      desk.venue.fill(id('ENTRY'), '50000');
      await desk.guard.settle();
      expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
      await desk.bar('51200', '51500');
      expect(resting(desk)).toContain('STOP 0.01 at 50470');
      desk.venue.fill(id('STOP', 2), '50470');
      await desk.guard.settle();
      expect(held(desk)).toBe('0');
      expect(desk.book.liveOrders()).toEqual([]);
    });

    test('a position whose stop is refused is still closed', async () => {
      const desk = await entered();
      await desk.engine.pull(code, 'a test');
      desk.venue.answer = ({ role }) => (role === 'STOP' ? 'REJECT' : 'ACCEPT');
      desk.venue.fill(id('ENTRY'), '50000');
      await desk.guard.settle();
      expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
    });
  },
);

describe('after a restart', () => {
  const restarted = async ({ clock, ledger, venue }: Desk): Promise<Desk> => {
    const desk = await openDesk({ clock, ledger, venue });
    await desk.guard.protectAll();
    return desk;
  };

  test('a protected position is not protected twice', async () => {
    const before = await openDesk();
    await before.enter('P1', '50000');
    const desk = await restarted(before);
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
    expect(desk.venue.received).toHaveLength(3);
  });

  test('a position whose entry filled as the process ended gets its stop and target', async () => {
    const before = await entered();
    before.venue.fill(id('ENTRY'), '50000');
    await before.engine.collect();
    expect(resting(await restarted(before))).toEqual([
      'STOP 0.01 at 49000',
      'TARGET 0.01 at 53000',
    ]);
  });

  test('a position whose entry filled while nobody listened gets its stop and target', async () => {
    const before = await entered();
    before.venue.fill(id('ENTRY'), '50000');
    expect(resting(await restarted(before))).toEqual([
      'STOP 0.01 at 49000',
      'TARGET 0.01 at 53000',
    ]);
  });

  test('a stop that never reached the venue is placed anew under another id', async () => {
    const before = await entered();
    before.venue.answer = ({ role }) => (role === 'ENTRY' ? 'ACCEPT' : 'TIMEOUT');
    before.venue.fill(id('ENTRY'), '50000');
    await before.guard.settle();
    before.venue.answer = () => 'ACCEPT';
    const desk = await restarted(before);
    expect(resting(desk)).toContain('STOP 0.01 at 49000');
    expect(desk.book.order(id('STOP'))?.state).toBe('REJECTED');
    expect(desk.book.order(id('STOP', 2))?.state).toBe('OPEN');
  });
});
