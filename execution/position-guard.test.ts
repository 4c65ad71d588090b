import { describe, expect, test } from 'vitest';

import { draft } from '../domain/draft.ts';
import { venueOrderId } from '../domain/ids.ts';
import type { ManagementText } from '../domain/management.ts';
import type { OrderRole } from '../domain/order.ts';
import { BTC, MOMENTUM } from '../domain/testing/samples.ts';
import { type DecimalText, price, quantity } from '../domain/units.ts';
import type { BreakerCode } from '../risk-kernel/breakers.ts';
import { LIMITS } from '../risk-kernel/limits.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { entered, held, id, KEY, opened, restarted, resting } from './testing/at-venue.ts';
import type { Answer } from './testing/lying-venue.ts';

const TRAIL: ManagementText = { trail: { distance: { bps: 200 }, armed: 'AT_ENTRY' } };
const TARGETS: ManagementText = {
  partialTargets: [
    { price: '51000', quantity: '0.003' },
    { price: '52000', quantity: '0.002' },
  ],
};
const LADDER: ManagementText = { ...TARGETS, breakEven: true };

const settleFill = async (
  desk: Desk,
  role: OrderRole,
  count: number,
  at: DecimalText,
  part?: DecimalText,
): Promise<void> => {
  desk.venue.fill(id(role, count), at, part);
  await desk.guard.settle();
};

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
    const desk = await opened({ direction: 'SHORT', stop: '51000', target: '47000' });
    expect(held(desk)).toBe('-0.01');
    expect(resting(desk)).toEqual(['STOP 0.01 at 51000', 'TARGET 0.01 at 47000']);
    expect(desk.venue.received.slice(1).map(({ side }) => side)).toEqual(['BUY', 'BUY']);
  });

  test('in parts is protected for what is held after each part', async () => {
    const desk = await entered();
    await settleFill(desk, 'ENTRY', 1, '50000', '0.004');
    expect(resting(desk, 'STOP', 'TARGET')).toEqual([
      'STOP 0.004 at 49000',
      'TARGET 0.004 at 53000',
    ]);
    await settleFill(desk, 'ENTRY', 1, '50000', '0.006');
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
  });

  test('in parts never has its larger stop behind the one it had', async () => {
    const desk = await entered({ management: TRAIL });
    await settleFill(desk, 'ENTRY', 1, '50000', '0.004');
    await desk.bar('51200', '51500');
    expect(resting(desk)).toContain('STOP 0.004 at 50470');
    await settleFill(desk, 'ENTRY', 1, '51200', '0.006');
    expect(resting(desk)).toContain('STOP 0.01 at 50470');
  });

  test('is protected although the entry was over for us', async () => {
    const desk = await entered();
    desk.venue.end(id('ENTRY'), 'CANCELED', 'maintenance');
    await desk.guard.settle();
    await settleFill(desk, 'ENTRY', 1, '50000', '0.004');
    expect(resting(desk)).toEqual(['STOP 0.004 at 49000', 'TARGET 0.004 at 53000']);
  });

  test('is protected although the entry had been refused', async () => {
    const desk = await entered();
    desk.venue.end(id('ENTRY'), 'REJECTED', 'no margin');
    await desk.guard.settle();
    await settleFill(desk, 'ENTRY', 1, '50000');
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
  });

  test('that paid its fee in base is protected for what was received, and its dust for nothing', async () => {
    const desk = await entered();
    const fill = desk.venue.fill(id('ENTRY'), '50000');
    desk.venue.loseNews();
    desk.venue.report({ kind: 'FILL', ...fill, feeInBase: quantity('0.000010000001') });
    await desk.guard.settle();
    expect(held(desk)).toBe('0.009989999999');
    expect(resting(desk)).toEqual(['STOP 0.00998999 at 49000', 'TARGET 0.00998999 at 53000']);
    const before = desk.venue.received.length;
    await desk.wait(60_000);
    expect(desk.venue.received).toHaveLength(before);
    expect(desk.book.halted.size).toBe(0);
  });

  test('twice settled is protected once', async () => {
    const desk = await opened();
    const before = desk.ledger.head.seq;
    await desk.guard.settle();
    await desk.guard.tend();
    await desk.guard.protectAll();
    expect(desk.ledger.head.seq).toBe(before);
  });
});

describe('a position with several targets', () => {
  const SLICES = [
    'STOP 0.003 at 49000',
    'STOP 0.002 at 49000',
    'STOP 0.005 at 49000',
    'TARGET 0.003 at 51000',
    'TARGET 0.002 at 52000',
    'TARGET 0.005 at 53000',
  ];

  test('has a stop and a target for each slice, in a group of its own, all stops first', async () => {
    const desk = await opened({ management: TARGETS });
    expect(resting(desk)).toEqual(SLICES);
    const groups = desk.venue.received.slice(1).map(({ ocoGroupId }) => ocoGroupId);
    expect(groups.slice(0, 3)).toEqual(groups.slice(3));
    expect(new Set(groups).size).toBe(3);
  });

  test('keeps the stops and targets of the others when one target fills', async () => {
    const desk = await opened({ management: TARGETS });
    await settleFill(desk, 'TARGET', 1, '51000');
    expect(held(desk)).toBe('0.007');
    expect(resting(desk)).toEqual(SLICES.filter((order) => !order.includes('0.003')));
    expect(desk.venue.received).toHaveLength(7);
  });

  test('ends with its last target', async () => {
    const desk = await opened({ management: TARGETS });
    await settleFill(desk, 'TARGET', 1, '51000');
    await settleFill(desk, 'TARGET', 2, '52000');
    await settleFill(desk, 'TARGET', 3, '53000');
    expect(held(desk)).toBe('0');
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('serves the nearest target first while the entry fills in parts', async () => {
    const desk = await entered({ management: TARGETS });
    await settleFill(desk, 'ENTRY', 1, '50000', '0.004');
    expect(resting(desk, 'STOP', 'TARGET')).toEqual([
      'STOP 0.003 at 49000',
      'STOP 0.001 at 49000',
      'TARGET 0.003 at 51000',
      'TARGET 0.001 at 52000',
    ]);
    await settleFill(desk, 'ENTRY', 1, '50000', '0.006');
    expect([...resting(desk)].sort()).toEqual([...SLICES].sort());
  });

  test('moves its stops to the entry with the first target, then to the target before', async () => {
    const desk = await opened({ management: LADDER });
    await settleFill(desk, 'TARGET', 1, '51000');
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.002 at 50000', 'STOP 0.005 at 50000']);
    await settleFill(desk, 'TARGET', 2, '52000');
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.005 at 51000']);
  });

  test('does not move its stops for a target that filled in part', async () => {
    const desk = await opened({ management: LADDER });
    await settleFill(desk, 'TARGET', 1, '51000', '0.001');
    expect(resting(desk, 'STOP')).toEqual([
      'STOP 0.002 at 49000',
      'STOP 0.005 at 49000',
      'STOP 0.002 at 49000',
    ]);
    await settleFill(desk, 'TARGET', 1, '51000', '0.002');
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.002 at 50000', 'STOP 0.005 at 50000']);
  });

  test('trails once so many targets have filled, and not before', async () => {
    const trail = { distance: { bps: 200 }, armed: { targetsFilled: 1 } } as const;
    const desk = await opened({ management: { ...TARGETS, trail } });
    await desk.bar('50900', '50990');
    expect(resting(desk, 'STOP')).toHaveLength(3);
    expect(resting(desk, 'STOP').every((stop) => stop.endsWith('49000'))).toBe(true);
    await settleFill(desk, 'TARGET', 1, '51000');
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.002 at 49980', 'STOP 0.005 at 49980']);
  });
});

describe('an exit that fills', () => {
  test.each<[OrderRole, DecimalText]>([
    ['STOP', '49000'],
    ['TARGET', '53000'],
  ])('as %s ends the position, and nothing of its group is left', async (role, at) => {
    const desk = await opened();
    await settleFill(desk, role, 1, at);
    expect(held(desk)).toBe('0');
    expect(resting(desk)).toEqual([]);
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('in parts as a target leaves the rest protected after each part, without a pause', async () => {
    const desk = await opened();
    for (const rest of ['0.008', '0.006', '0.004']) {
      // The venue cancels the stop with each fill of the group.
      await settleFill(desk, 'TARGET', 1, '53000', '0.002');
      expect(held(desk)).toBe(rest);
      expect(resting(desk)).toEqual(['TARGET 0.01 at 53000', `STOP ${rest} at 49000`]);
    }
  });

  test('in parts as a stop is not replaced, wherever it should rest by now', async () => {
    const desk = await opened({ management: TRAIL });
    await settleFill(desk, 'STOP', 1, '49000', '0.004');
    await desk.bar('51200', '51500');
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000']);
  });

  test('with a fee in base leaves dust the other way, which alarms nobody', async () => {
    const desk = await opened();
    const fill = desk.venue.fill(id('TARGET'), '53000');
    desk.venue.loseNews();
    desk.venue.report({ kind: 'FILL', ...fill, feeInBase: quantity('0.000000005') });
    await desk.guard.settle();
    await desk.wait(60_000);
    expect(held(desk)).toBe('-0.000000005');
    expect(desk.book.halted.size).toBe(0);
    expect(await desk.eventsOf('position.close-requested')).toEqual([]);
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('in parts as a stop is left to its work', async () => {
    const desk = await opened();
    await settleFill(desk, 'STOP', 1, '49000', '0.004');
    await desk.wait(60_000);
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000']);
    expect(desk.venue.received).toHaveLength(3);
  });
});

describe('a stop the venue refuses', () => {
  const refused = async (...answers: readonly Answer[]): Promise<Desk> => {
    const desk = await entered();
    const next = [...answers];
    desk.venue.answer = ({ role }) => (role === 'STOP' ? (next.shift() ?? 'ACCEPT') : 'ACCEPT');
    await settleFill(desk, 'ENTRY', 1, '50000');
    return desk;
  };

  test('has its position closed at the market at once, its instrument halted, a person told', async () => {
    const desk = await refused('REJECT');
    expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
    expect(desk.book.halted.get(BTC.id)?.code).toBe('POSITION_UNPROTECTED');
    const [alarm] = await desk.eventsOf('alarm.raised');
    expect(alarm?.body).toMatchObject({ code: 'POSITION_UNPROTECTED', subject: KEY });
    expect(desk.book.tradingState).toBe('ACTIVE');
    await settleFill(desk, 'EXIT', 1, '49990');
    expect(held(desk)).toBe('0');
  });

  test('after it had taken it has its position closed too', async () => {
    const desk = await opened();
    desk.venue.end(id('STOP'), 'REJECTED', 'would trigger at once');
    await desk.guard.settle();
    expect(resting(desk, 'EXIT')).toEqual(['EXIT 0.01 at the market']);
    expect(desk.book.halted.has(BTC.id)).toBe(true);
  });

  test('because it is busy is sent again a little later, and nothing else happens', async () => {
    const desk = await refused('BUSY', 'BUSY');
    expect(resting(desk)).toEqual([]);
    await desk.wait(999);
    expect(desk.venue.received).toHaveLength(2);
    await desk.wait(1);
    expect(resting(desk)).toEqual([]);
    await desk.wait(2_000);
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
    expect(desk.book.halted.size).toBe(0);
  });

  test('because it is busy for longer than five seconds has its position closed', async () => {
    const desk = await refused('BUSY', 'BUSY', 'BUSY', 'BUSY', 'BUSY');
    await desk.wait(4_999);
    expect(resting(desk)).toEqual([]);
    await desk.wait(1);
    expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
    expect(desk.book.halted.get(BTC.id)?.code).toBe('POSITION_UNPROTECTED');
  });

  test('is sent again before it is too late, and not closed when that one rests', async () => {
    const desk = await refused('BUSY');
    await desk.wait(5_000);
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
  });
});

describe('a stop of which nobody knows whether it arrived', () => {
  const unknown = async (answer: Answer): Promise<Desk> => {
    const desk = await entered();
    desk.venue.answer = ({ role }) => (role === 'STOP' ? answer : 'ACCEPT');
    await settleFill(desk, 'ENTRY', 1, '50000');
    return desk;
  };
  const stopsSent = (desk: Desk): number =>
    desk.venue.received.filter(({ role }) => role === 'STOP').length;

  test.each<Answer>(['UNKNOWN', 'TIMEOUT', 'BREAK'])(
    'after %s is never sent a second time; at the deadline its position is closed',
    async (answer) => {
      const desk = await unknown(answer);
      for (let passed = 0; passed < 4_900; passed += 700) await desk.wait(700);
      expect(stopsSent(desk)).toBe(1);
      expect(resting(desk)).toEqual([]);
      await desk.wait(100);
      expect(stopsSent(desk)).toBe(1);
      expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
      expect(desk.book.halted.has(BTC.id)).toBe(true);
    },
  );

  test('and is found in time guards the position like any other', async () => {
    const desk = await unknown('LOST');
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000']);
    await desk.wait(1_000);
    await desk.wait(1_000);
    await desk.wait(8_000);
    expect(stopsSent(desk)).toBe(1);
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
    expect(desk.book.halted.size).toBe(0);
  });
});

describe('a stop that is there no more', () => {
  test('because the venue canceled it is placed anew at once, where it was', async () => {
    const desk = await opened({ management: TRAIL });
    await desk.bar('51200', '51500');
    await desk.wait(1_000);
    desk.venue.end(id('STOP', 2), 'CANCELED', 'maintenance');
    await desk.guard.settle();
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.01 at 50470']);
  });

  test('again and again is placed anew once a second and not in a storm', async () => {
    const desk = await opened();
    const sentBefore = desk.venue.received.length;
    for (let count = 1; count <= 20; count++) {
      const last = [...desk.venue.resting.values()].findLast(({ role }) => role === 'STOP');
      if (last !== undefined) desk.venue.end(last.id, 'CANCELED', 'maintenance');
      await desk.guard.settle();
      await desk.wait(200);
    }
    expect(desk.venue.received.length - sentBefore).toBeLessThanOrEqual(5);
    expect(resting(desk, 'STOP')).toHaveLength(1);
  });

  test('for all we know is replaced at once, and let go only when the new one rests', async () => {
    const desk = await opened();
    const actor = { kind: 'SYSTEM', name: 'test' } as const;
    const body = { orderId: id('STOP'), because: 'not found' };
    await desk.ledger.append(draft('order.suspected', actor, 'cycle-P1', null, body));
    let letGoBefore: readonly string[] = [];
    desk.venue.onArrival = async () => {
      letGoBefore = [...desk.venue.canceled];
    };
    await desk.guard.tend();
    expect(letGoBefore).toEqual([]);
    expect(desk.venue.canceled).toEqual([id('STOP')]);
    expect([...desk.venue.resting.keys()]).toEqual([id('TARGET'), id('STOP', 2)]);
  });
});

describe('a stop that is smaller than its slice', () => {
  const grown = async (answer: Answer): Promise<Desk> => {
    const desk = await entered();
    await settleFill(desk, 'ENTRY', 1, '50000', '0.004');
    desk.venue.answer = ({ role }) => (role === 'STOP' ? answer : 'ACCEPT');
    await settleFill(desk, 'ENTRY', 1, '50000', '0.006');
    return desk;
  };

  test('stays while the larger one is awaited, and no target grows before it', async () => {
    const desk = await grown('TIMEOUT');
    expect(resting(desk)).toEqual(['STOP 0.004 at 49000', 'TARGET 0.004 at 53000']);
  });

  test('is not enough at the deadline', async () => {
    const desk = await grown('TIMEOUT');
    await desk.wait(4_999);
    expect(resting(desk, 'EXIT')).toEqual([]);
    await desk.wait(1);
    expect(resting(desk, 'EXIT')).toEqual(['EXIT 0.01 at the market']);
  });

  test('is not enough when the larger one is refused', async () => {
    expect(resting(await grown('REJECT'), 'STOP', 'EXIT')).toEqual([
      'STOP 0.004 at 49000',
      'EXIT 0.01 at the market',
    ]);
  });
});

describe('a stop that the kernel denies, because an older exit would take as much', () => {
  /** The stop of a position that is over rests again, and will not be canceled. */
  const haunted = async (): Promise<Desk> => {
    const desk = await opened();
    await settleFill(desk, 'TARGET', 1, '53000');
    const old = desk.book.order(id('STOP'));
    if (old === undefined) throw new Error('there was a stop');
    desk.venue.answerCancel = () => 'REFUSE';
    desk.venue.land(old.order);
    const body = { orderId: id('STOP'), venueOrderId: venueOrderId('v'), because: 'found' };
    await desk.wait(60_000);
    desk.mark('50000');
    await desk.engine.execute(await desk.intend('P2'));
    const actor = { kind: 'VENUE', name: 'lying' } as const;
    await desk.ledger.append(draft('order.resurfaced', actor, 'cycle-P1', null, body));
    desk.venue.fill(id('ENTRY', 1, 'P2'), '50000');
    await desk.guard.settle();
    return desk;
  };

  test('is asked for once a second, and rests as soon as the older one is gone', async () => {
    const desk = await haunted();
    for (let tenth = 0; tenth < 30; tenth++) await desk.wait(100);
    expect((await desk.eventsOf('order.denied')).length).toBeLessThanOrEqual(4);
    desk.venue.answerCancel = () => 'ACCEPT';
    desk.venue.end(id('STOP'), 'CANCELED', 'gone at last');
    await desk.wait(1_000);
    expect([...desk.venue.resting.keys()]).toEqual([id('STOP', 1, 'P2'), id('TARGET', 1, 'P2')]);
  });

  test('is no reason to close: the older one guards the position meanwhile', async () => {
    const desk = await haunted();
    await desk.wait(60_000);
    expect(held(desk)).toBe('0.01');
    expect(desk.book.closing.size).toBe(0);
  });
});

describe('a target', () => {
  const targets = (desk: Desk): readonly string[] => resting(desk, 'TARGET');

  test('the venue refuses is sent again after a minute, and not with every price', async () => {
    const desk = await entered();
    desk.venue.answer = ({ role }) => (role === 'TARGET' ? 'REJECT' : 'ACCEPT');
    await settleFill(desk, 'ENTRY', 1, '50000');
    for (let second = 1; second < 60; second++) await desk.wait(1_000);
    expect(desk.venue.received.filter(({ role }) => role === 'TARGET')).toHaveLength(1);
    desk.venue.answer = () => 'ACCEPT';
    await desk.wait(1_000);
    expect(targets(desk)).toEqual(['TARGET 0.01 at 53000']);
  });

  test('that may be at the venue is not sent a second time', async () => {
    const desk = await opened();
    const actor = { kind: 'SYSTEM', name: 'test' } as const;
    const body = { orderId: id('TARGET'), because: 'not found' };
    await desk.ledger.append(draft('order.suspected', actor, 'cycle-P1', null, body));
    await desk.guard.tend();
    expect(targets(desk)).toEqual(['TARGET 0.01 at 53000']);
    expect(desk.venue.received).toHaveLength(3);
  });

  test('the venue took away is placed anew', async () => {
    const desk = await opened();
    desk.venue.end(id('TARGET'), 'CANCELED', 'maintenance');
    await desk.guard.settle();
    await desk.wait(1_000);
    expect(targets(desk)).toEqual(['TARGET 0.01 at 53000']);
  });
});

describe('two that look at once', () => {
  test('send everything once, and neither keeps the other from what comes next', async () => {
    const adds = [{ price: '49800', quantity: '0.002' }];
    const desk = await entered({ management: { adds } });
    desk.venue.fill(id('ENTRY'), '50000');
    await desk.engine.collect();
    await Promise.all([desk.guard.tend(), desk.guard.tend()]);
    await desk.guard.tend();
    expect(resting(desk)).toEqual([
      'STOP 0.01 at 49000',
      'TARGET 0.01 at 53000',
      'ENTRY 0.002 at 49800',
    ]);
    await settleFill(desk, 'ENTRY', 2, '49800');
    expect(resting(desk)).toEqual(['STOP 0.012 at 49000', 'TARGET 0.012 at 53000']);
  });
});

describe('two that close at once', () => {
  test('send one close, and no breaker is pulled for the other', async () => {
    const desk = await opened({ management: { closeAfterMs: 60_000 } });
    desk.clock.advanceTo(desk.clock.now() + 60_000);
    desk.venue.end(id('STOP'), 'CANCELED', 'maintenance');
    desk.venue.answer = ({ role }) => (role === 'STOP' ? 'REJECT' : 'ACCEPT');
    // The venue takes its time, so that the second one asks while the first one's order is on its way.
    desk.venue.onArrival = async () => {
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    };
    await desk.engine.collect();
    await Promise.all([desk.guard.tend(), desk.guard.tend()]);
    await desk.guard.tend();
    expect(resting(desk, 'EXIT')).toEqual(['EXIT 0.01 at the market']);
    expect(desk.book.tradingState).toBe('ACTIVE');
  });
});

test('a close waits for the exits of slices that are gone, for which it would be denied', async () => {
  const desk = await opened({ management: TARGETS });
  // The stop of the slice that the target takes off goes at the venue, and nobody hears of it.
  desk.venue.onTheWay = (reports) => reports.filter(({ report }) => report.kind !== 'CANCELED');
  await settleFill(desk, 'TARGET', 1, '51000');
  const body = { instrumentId: BTC.id, strategyId: MOMENTUM, because: 'a test' };
  const test = { kind: 'SYSTEM', name: 'test' } as const;
  await desk.ledger.append(draft('position.close-requested', test, 'test', null, body));
  await desk.guard.tend();
  expect(resting(desk, 'STOP', 'EXIT')).toEqual(['STOP 0.002 at 49000', 'STOP 0.005 at 49000']);
  for (let second = 0; second < 5; second++) await desk.wait(1_000);
  expect(resting(desk, 'EXIT')).toEqual(['EXIT 0.002 at the market', 'EXIT 0.005 at the market']);
  expect(await desk.eventsOf('order.denied')).toEqual([]);
  expect(desk.book.tradingState).toBe('ACTIVE');
});

describe('a close the venue does not take', () => {
  const stuck = async (...closes: readonly Answer[]): Promise<Desk> => {
    const desk = await entered();
    const next = [...closes];
    desk.venue.answer = ({ role }) => {
      if (role === 'STOP') return 'REJECT';
      return role === 'EXIT' ? (next.shift() ?? 'ACCEPT') : 'ACCEPT';
    };
    await settleFill(desk, 'ENTRY', 1, '50000');
    return desk;
  };
  const closes = (desk: Desk): number =>
    desk.venue.received.filter(({ role }) => role === 'EXIT').length;

  test('takes the whole account to exits only', async () => {
    const desk = await stuck('REJECT');
    expect(desk.book).toMatchObject({
      tradingState: 'REDUCING',
      tradingStateCode: 'POSITION_UNPROTECTED',
    });
  });

  test('is tried again, with a pause that doubles', async () => {
    const desk = await stuck('REJECT', 'REJECT', 'REJECT', 'REJECT');
    const atSeconds: number[] = [0];
    for (let second = 1; second <= 20; second++) {
      const before = closes(desk);
      await desk.wait(1_000);
      if (closes(desk) > before) atSeconds.push(second);
    }
    expect(atSeconds).toEqual([0, 1, 3, 7, 15]);
    expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
  });

  test('leaves the position to a stop, when one is taken meanwhile', async () => {
    const desk = await stuck('REJECT', 'REJECT');
    desk.venue.answer = ({ role }) => (role === 'EXIT' ? 'REJECT' : 'ACCEPT');
    await desk.wait(2_000);
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000']);
    desk.venue.answer = () => 'ACCEPT';
    await desk.wait(2_000);
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'EXIT 0.01 at the market']);
    await settleFill(desk, 'EXIT', 3, '49990');
    expect([held(desk), resting(desk)]).toEqual(['0', []]);
  });

  test.each<Answer>(['UNKNOWN', 'TIMEOUT', 'LOST'])(
    'or that may have arrived, %s, is not sent a second time',
    async (answer) => {
      const desk = await stuck(answer);
      desk.venue.forgotten.add(id('EXIT'));
      for (let passed = 0; passed < 6; passed++) await desk.wait(900);
      expect(closes(desk)).toBe(1);
    },
  );

  test('for a while only is not forgotten by a restart', async () => {
    const desk = await restarted(await stuck('REJECT'));
    expect(closes(desk)).toBe(1);
    await desk.wait(1_000);
    expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
    expect(await desk.eventsOf('position.close-requested')).toHaveLength(1);
  });
});

describe('a trailing stop', () => {
  const stops = (desk: Desk): readonly string[] => resting(desk, 'STOP');

  test('stays until it would lock in the entry, then follows, and only ever up', async () => {
    const desk = await opened({ management: TRAIL });
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

  test('follows bars and not the prices between them', async () => {
    const desk = await opened({ management: TRAIL });
    desk.mark('52000');
    await desk.wait(1_000);
    expect(stops(desk)).toEqual(['STOP 0.01 at 49000']);
  });

  test('by the average true range follows once there are bars enough', async () => {
    const trail = { distance: { atrTenths: 20, atrBars: 3 }, armed: { gainBps: 100 } } as const;
    const desk = await opened({ management: { trail } });
    for (const high of ['50200', '50400', '50600']) await desk.bar(high, high, '50000');
    expect(stops(desk)).toEqual(['STOP 0.01 at 49000']);
    await desk.bar('50700', '50700', '50500');
    // Ranges of 400, 600 and 200; twice their mean below 50,700.
    expect(stops(desk)).toEqual(['STOP 0.01 at 49900']);
  });

  test('rests before the one it replaces is canceled', async () => {
    const desk = await opened({ management: TRAIL });
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

  test.each<Answer>(['REJECT', 'BUSY', 'UNKNOWN', 'TIMEOUT'])(
    'keeps the old one when the new one meets %s, and closes nothing',
    async (answer) => {
      const desk = await opened({ management: TRAIL });
      desk.venue.answer = () => answer;
      await desk.bar('51200', '51500');
      await desk.wait(20_000);
      expect(stops(desk)).toEqual(['STOP 0.01 at 49000']);
      expect(desk.venue.canceled).toEqual([]);
      expect(held(desk)).toBe('0.01');
      expect(desk.book.halted.size).toBe(0);
    },
  );

  test('that arrived unheard takes over when it is found, and not before', async () => {
    const desk = await opened({ management: TRAIL });
    desk.venue.answer = () => 'LOST';
    await desk.bar('51200', '51500');
    expect(stops(desk)).toEqual(['STOP 0.01 at 49000', 'STOP 0.01 at 50470']);
    await desk.wait(1);
    expect(desk.venue.canceled).toEqual([]);
    for (let second = 0; second < 10; second++) await desk.wait(1_000);
    expect(desk.venue.canceled).toEqual([id('STOP')]);
    expect(stops(desk)).toEqual(['STOP 0.01 at 50470']);
  });

  test('on its way is not called back when the swings grow, because it may have arrived', async () => {
    const trail = { distance: { atrTenths: 20, atrBars: 1 }, armed: { gainBps: 100 } } as const;
    const desk = await opened({ management: { trail } });
    await desk.bar('50500', '50500', '50000');
    desk.venue.answer = () => 'TIMEOUT';
    await desk.bar('50500', '50500', '50400');
    expect(desk.book.order(id('STOP', 2))?.order.stopPrice).toBe(price('50300'));
    await desk.bar('50500', '50500', '49500');
    expect(desk.book.order(id('STOP', 2))?.cancelWanted).toBe(false);
    expect(desk.book.order(id('STOP', 2))?.state).toBe('SUBMIT_UNKNOWN');
  });

  test('that was refused is asked for once a minute, not with every price', async () => {
    const desk = await opened({ management: TRAIL });
    desk.venue.answer = () => 'REJECT';
    await desk.bar('51200', '51500');
    const before = desk.venue.received.length;
    for (let second = 1; second < 60; second++) await desk.wait(1_000);
    expect(desk.venue.received).toHaveLength(before);
    desk.venue.answer = () => 'ACCEPT';
    await desk.wait(1_000);
    expect(stops(desk)).toEqual(['STOP 0.01 at 50470']);
  });

  test('whose predecessor the venue will not cancel asks for that again, every five seconds', async () => {
    const desk = await opened({ management: TRAIL });
    desk.venue.answerCancel = () => 'REFUSE';
    await desk.bar('51200', '51500');
    expect(stops(desk)).toEqual(['STOP 0.01 at 49000', 'STOP 0.01 at 50470']);
    for (let second = 1; second <= 12; second++) await desk.wait(1_000);
    expect(desk.venue.canceled).toEqual([id('STOP'), id('STOP'), id('STOP')]);
    desk.venue.answerCancel = () => 'ACCEPT';
    await desk.wait(5_000);
    expect(stops(desk)).toEqual(['STOP 0.01 at 50470']);
  });
});

describe('a position that turned around', () => {
  /** More was sold at the stop than was held. */
  const turned = async (): Promise<Desk> => {
    const desk = await opened({ management: TARGETS });
    await settleFill(desk, 'STOP', 3, '49000', '0.015');
    return desk;
  };

  test('is closed at the market on its own side, its instrument halted, a person told', async () => {
    const desk = await turned();
    expect(held(desk)).toBe('-0.005');
    const last = desk.venue.received.at(-1);
    expect(last).toMatchObject({ role: 'EXIT', side: 'BUY', quantity: quantity('0.005') });
    expect(desk.book.halted.get(BTC.id)?.code).toBe('POSITION_UNPROTECTED');
    expect((await desk.eventsOf('alarm.raised')).map(({ body }) => body.code)).toContain(
      'POSITION_UNPROTECTED',
    );
  });

  test('has every exit canceled that would take it further', async () => {
    const desk = await turned();
    expect(resting(desk)).toEqual(['EXIT 0.005 at the market']);
    await settleFill(desk, 'EXIT', 1, '49000');
    expect(held(desk)).toBe('0');
    expect(desk.book.liveOrders()).toEqual([]);
  });
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

  test('is switched off although the process ended before it could be', async () => {
    const desk = await openDesk();
    for (const name of ['P1', 'P2', 'P3', 'P4']) await lose(desk, name);
    desk.clock.advanceTo(desk.clock.now() + 3_600_000);
    desk.mark('50000');
    await desk.enter('P5', '50000');
    desk.venue.fill(id('STOP', 1, 'P5'), '49000');
    await desk.engine.collect();
    expect(await desk.eventsOf('strategy.disabled')).toEqual([]);
    const again = await restarted(desk);
    expect(again.book.standings.get(MOMENTUM)).toMatchObject({ enabled: false, lossStreak: 5 });
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
      const desk = await entered({ management: TRAIL });
      await desk.engine.pull(code, 'a test');
      await settleFill(desk, 'ENTRY', 1, '50000');
      expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
      await desk.bar('51200', '51500');
      expect(resting(desk)).toContain('STOP 0.01 at 50470');
      await settleFill(desk, 'STOP', 2, '50470');
      expect(held(desk)).toBe('0');
      expect(desk.book.liveOrders()).toEqual([]);
    });

    test('a position whose stop is refused is still closed', async () => {
      const desk = await entered();
      await desk.engine.pull(code, 'a test');
      desk.venue.answer = ({ role }) => (role === 'STOP' ? 'REJECT' : 'ACCEPT');
      await settleFill(desk, 'ENTRY', 1, '50000');
      expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
    });
  },
);

describe('after a restart', () => {
  test('a protected position is not protected twice', async () => {
    const desk = await restarted(await opened());
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

  test('long after its entry filled a position gets its stop, rather than being closed for having had none', async () => {
    const before = await entered();
    before.venue.fill(id('ENTRY'), '50000');
    await before.engine.collect();
    before.clock.advanceTo(before.clock.now() + 3_600_000);
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

  test('the stop that was replaced as the process ended is canceled', async () => {
    const before = await opened({ management: TRAIL });
    before.venue.answerCancel = () => 'REFUSE';
    await before.bar('51200', '51500');
    before.venue.answerCancel = () => 'ACCEPT';
    expect(resting(await restarted(before), 'STOP')).toEqual(['STOP 0.01 at 50470']);
  });

  test('the deadline of a stop goes on where it was', async () => {
    const before = await entered();
    before.venue.answer = ({ role }) => (role === 'STOP' ? 'TIMEOUT' : 'ACCEPT');
    await settleFill(before, 'ENTRY', 1, '50000');
    await before.wait(4_000);
    const desk = await restarted(before);
    expect(resting(desk)).toEqual([]);
    await desk.wait(1_000);
    expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
  });
});

describe('a restart after every step changes nothing', () => {
  type Step = (desk: Desk) => Promise<unknown>;
  const fill =
    (role: OrderRole, count: number, at: DecimalText, part?: DecimalText): Step =>
    (desk) =>
      settleFill(desk, role, count, at, part);
  const bar =
    (close: DecimalText, high?: DecimalText): Step =>
    (desk) =>
      desk.bar(close, high);

  test.each<[string, ManagementText, readonly Step[]]>([
    [
      'targets, break-even and a trail',
      { ...LADDER, ...TRAIL },
      [
        fill('ENTRY', 1, '50000', '0.004'),
        fill('ENTRY', 1, '50000', '0.006'),
        bar('50900', '51030'),
        fill('TARGET', 1, '51000', '0.001'),
        bar('51500', '51600'),
        (desk) => desk.wait(61_000),
        (desk) => desk.bar('51700', '51800'),
      ],
    ],
    [
      'a time stop that the venue refuses at first',
      { ...TARGETS, closeAfterMs: 600_000 },
      [
        fill('ENTRY', 1, '50000'),
        bar('50100'),
        async ({ venue }) => (venue.answer = ({ role }) => (role === 'EXIT' ? 'REJECT' : 'ACCEPT')),
        bar('50100'),
        (desk) => desk.wait(900),
        async ({ venue }) => (venue.answer = () => 'ACCEPT'),
        (desk) => desk.wait(100),
      ],
    ],
  ])('%s', async (_, management, steps) => {
    const play = async (interrupted: boolean): Promise<readonly unknown[]> => {
      let desk = await entered({ management });
      for (const step of steps) {
        await step(desk);
        if (interrupted) desk = await restarted(desk);
      }
      return [desk.venue.received, desk.venue.canceled, [...desk.venue.resting.keys()], held(desk)];
    };
    expect(await play(true)).toEqual(await play(false));
  });
});
