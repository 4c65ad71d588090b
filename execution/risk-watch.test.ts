import { describe, expect, test } from 'vitest';

import { HOUR_MS, MINUTE_MS } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import type { DrawdownRung } from '../domain/event.ts';
import { clientOrderId, proposalId } from '../domain/ids.ts';
import type { Order, OrderRole } from '../domain/order.ts';
import { ETH, REVERSION } from '../domain/testing/samples.ts';
import { type DecimalText, quantity } from '../domain/units.ts';
import type { BreakerCode } from '../risk-kernel/breakers.ts';
import { review, type Verdict } from '../risk-kernel/review.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { fallen, fallTo, invested, overnight } from '../tests/support/falling.ts';
import { ENGINE } from './actor.ts';
import type { Origin } from './write-ahead.ts';

const id = (role: OrderRole, count = 1, name = 'P1') => orderIdFor(proposalId(name), role, count);
const NOBODY: Origin = { correlationId: 'x', causationSeq: null, intentId: null, proposalId: null };

/** Sizes that differ, so that none is the same order again. */
const size = (number: number): DecimalText => `0.00${number + 2}`;

/** What the kernel says of an entry of another strategy in BTC. */
const wouldBe = (desk: Desk, order: Partial<Order> = {}): string => {
  const proposal = desk.proposal('P9', { strategyId: REVERSION });
  const verdict = desk.engine.preview({ ...entryOrder(proposal), ...order });
  return verdict.code ?? 'CLEARED';
};

/** An entry of another strategy that rests at the venue. */
async function restingEntry(desk: Desk): Promise<void> {
  desk.mark('50000');
  await desk.engine.execute(await desk.intend('P2', { strategyId: REVERSION, quantity: '0.002' }));
}

const expectState = (desk: Desk, tradingState: string, code: BreakerCode | null): void =>
  expect(desk.book).toMatchObject({ tradingState, tradingStateCode: code });

describe('an account that is well', () => {
  test('is left alone, however often it is looked at', async () => {
    const desk = await invested();
    const before = desk.ledger.head.seq;
    await desk.watch.look();
    await desk.watch.tryCanaries();
    expect(desk.ledger.head.seq).toBe(before);
    expectState(desk, 'ACTIVE', null);
  });
});

describe('DRAWDOWN_EXCEEDS_MAXIMUM', () => {
  test('halts at fifteen percent, raises the emergency, and is spared a dollar before', async () => {
    const desk = await fallen(400, 800, 1_190, 1_499);
    expectState(desk, 'REDUCING', 'DRAWDOWN_BLOCKS_ENTRIES');
    expect(desk.book.emergency).toBe(false);
    await fallTo(desk, 1_500);
    expectState(desk, 'HALTED', 'DRAWDOWN_EXCEEDS_MAXIMUM');
    expect(desk.book.emergency).toBe(true);
    expect(desk.book.tradingStateBecause).toBe(
      'DRAWDOWN_EXCEEDS_MAXIMUM: value=1500 limit=1500 bps',
    );
    expect(wouldBe(desk)).toBe('EMERGENCY_ACTIVE');
  });
});

describe('DRAWDOWN_BLOCKS_ENTRIES', () => {
  test('leaves only exits at twelve percent, and is spared a dollar before', async () => {
    const desk = await fallen(400, 800, 1_199);
    expectState(desk, 'ACTIVE', null);
    await fallTo(desk, 1_200);
    expectState(desk, 'REDUCING', 'DRAWDOWN_BLOCKS_ENTRIES');
    expect(wouldBe(desk)).toBe('TRADING_REDUCING');
  });
});

describe('DAILY_LOSS_EXCEEDS_MAXIMUM', () => {
  test('leaves only exits at five percent of the day’s opening, and is spared a dollar before', async () => {
    const desk = await fallen(499);
    expectState(desk, 'ACTIVE', null);
    await fallTo(desk, 500);
    expectState(desk, 'REDUCING', 'DAILY_LOSS_EXCEEDS_MAXIMUM');
  });

  test('stays when the loss is made good, and when the day is over', async () => {
    const desk = await fallen(500);
    await fallTo(desk, 0);
    overnight(desk);
    await fallTo(desk, 0);
    expectState(desk, 'REDUCING', 'DAILY_LOSS_EXCEEDS_MAXIMUM');
    expect(wouldBe(desk)).toBe('TRADING_REDUCING');
  });
});

describe('REJECT_STORM', () => {
  /** Entries that the venue refuses, as many in a minute. */
  async function refused(count: number, everyMs = 0): Promise<Desk> {
    const desk = await openDesk();
    desk.venue.answer = () => 'REJECT';
    for (let number = 1; number <= count; number++) {
      const intent = await desk.intend(`P${number}`, { quantity: size(number) });
      expect(await desk.engine.execute(intent)).toMatchObject({ kind: 'REJECTED' });
      desk.clock.advanceTo(desk.clock.now() + everyMs);
    }
    await desk.watch.look();
    return desk;
  }

  test('leaves only exits after five refusals in a minute, and is spared after four', async () => {
    expectState(await refused(5), 'REDUCING', 'REJECT_STORM');
    expectState(await refused(4), 'ACTIVE', null);
  });

  test('is spared when they are spread over more than a minute', async () => {
    expectState(await refused(5, MINUTE_MS / 5), 'ACTIVE', null);
  });

  test('stays when the minute is over', async () => {
    const desk = await refused(5);
    desk.clock.advanceTo(desk.clock.now() + 2 * MINUTE_MS);
    desk.mark('50000');
    await desk.watch.look();
    expectState(desk, 'REDUCING', 'REJECT_STORM');
  });
});

describe('ORDER_STORM', () => {
  /** A loop that keeps replacing the stop of a position; exits are never throttled. */
  async function looped(messages: number): Promise<Desk> {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    const stop = desk.book.order(id('STOP'))!.order;
    // The entry, its stop and its target went out already.
    for (let sent = 3; sent < messages; sent++) {
      if (sent % 2 === 0) await desk.engine.cancel(id('STOP', sent - 1), 'replaced');
      else await desk.engine.send({ ...stop, id: id('STOP', sent) }, NOBODY);
      await desk.engine.collect();
    }
    await desk.watch.look();
    return desk;
  }

  test('halts after 120 messages in a minute, and is spared after 119', async () => {
    expectState(await looped(120), 'HALTED', 'ORDER_STORM');
    const desk = await looped(119);
    expectState(desk, 'ACTIVE', null);
    await desk.engine.cancel(id('TARGET'), 'a cancel is a message too');
    await desk.watch.look();
    expectState(desk, 'HALTED', 'ORDER_STORM');
  });

  test('stops entries long before it halts', async () => {
    const small = { quantity: quantity('0.002') };
    expect(wouldBe(await looped(59), small)).toBe('CLEARED');
    expect(wouldBe(await looped(60), small)).toBe('MESSAGE_RATE_EXCEEDS_MAXIMUM');
  });
});

describe('FEED_SILENT', () => {
  test.each([
    [119_999, 'ACTIVE'],
    [120_000, 'REDUCING'],
  ])('after %d ms that the feed was waited for, trading is %s', async (waitedMs, state) => {
    const desk = await openDesk();
    await desk.watch.look(waitedMs);
    expectState(desk, state, state === 'ACTIVE' ? null : 'FEED_SILENT');
  });

  test.each([
    [119_999, 'ACTIVE'],
    [120_000, 'REDUCING'],
  ])('after %d ms on the clock since the newest price, trading is %s', async (agoMs, state) => {
    const desk = await openDesk();
    desk.clock.advanceTo(desk.clock.now() + agoMs);
    await desk.watch.look();
    expectState(desk, state, state === 'ACTIVE' ? null : 'FEED_SILENT');
  });

  test('is spared while any instrument has prices', async () => {
    const desk = await openDesk();
    desk.clock.advanceTo(desk.clock.now() + 200_000);
    desk.mark('2000', ETH);
    await desk.watch.look();
    expectState(desk, 'ACTIVE', null);
  });

  test('stays when prices come again', async () => {
    const desk = await openDesk();
    await desk.watch.look(120_000);
    await desk.bar('50000');
    expectState(desk, 'REDUCING', 'FEED_SILENT');
  });
});

describe('AUDIT_CHAIN_BROKEN', () => {
  test('cannot even be written down: the look fails loudly, and no entry clears', async () => {
    const desk = await openDesk();
    desk.ledger.subscribe(() => {
      throw new Error('a fold that cannot follow');
    });
    const next = draft('operator.added', ENGINE, 'x', null, { name: 'x' });
    await expect(desk.ledger.append(next)).rejects.toThrow('a fold that cannot follow');
    await expect(desk.watch.look()).rejects.toThrow('a fold that cannot follow');
    expect(wouldBe(desk)).toBe('AUDIT_CHAIN_BROKEN');
  });
});

describe('of several breakers at once', () => {
  test('the gravest decides, and is what is written down', async () => {
    const desk = await fallen(400, 800, 1_190);
    overnight(desk);
    desk.clock.advanceTo(desk.clock.now() + HOUR_MS);
    desk.mark('400', ETH);
    const before = (await desk.eventsOf('trading.state-changed')).length;
    await desk.watch.look(600_000);
    const changes = (await desk.eventsOf('trading.state-changed')).slice(before);
    expect(changes.map(({ body }) => [body.code, body.from, body.to])).toEqual([
      ['DRAWDOWN_EXCEEDS_MAXIMUM', 'ACTIVE', 'HALTED'],
    ]);
  });

  test('a graver one that comes later takes over, a lesser one is not heard', async () => {
    const desk = await fallen(400);
    await desk.watch.look(120_000);
    await fallTo(desk, 500);
    expectState(desk, 'REDUCING', 'FEED_SILENT');
    overnight(desk);
    await fallTo(desk, 1_500);
    expectState(desk, 'HALTED', 'DRAWDOWN_EXCEEDS_MAXIMUM');
    await desk.watch.look(120_000);
    expectState(desk, 'HALTED', 'DRAWDOWN_EXCEEDS_MAXIMUM');
  });
});

describe('an entry that rests at the venue', () => {
  const stateOf = (desk: Desk): string | undefined => desk.book.order(id('ENTRY', 1, 'P2'))?.state;

  test.each<[BreakerCode, (desk: Desk) => Promise<void>]>([
    ['FEED_SILENT', (desk) => desk.watch.look(120_000)],
    ['DRAWDOWN_EXCEEDS_MAXIMUM', (desk) => fallTo(desk, 1_500)],
  ])('is canceled by %s, and exits are left alone', async (code, pull) => {
    const desk = await fallen(400);
    await restingEntry(desk);
    await pull(desk);
    expect(desk.book.tradingStateCode).toBe(code);
    expect(stateOf(desk)).toBe('PENDING_CANCEL');
    await desk.guard.settle();
    expect(stateOf(desk)).toBe('CANCELED');
    expect([...desk.venue.resting.values()].map(({ role }) => role)).toEqual(['STOP', 'TARGET']);
    const [asked] = await desk.eventsOf('order.cancel-requested');
    expect(asked?.body.because).toBe(desk.book.tradingStateBecause);
  });

  test.each<BreakerCode>(['VENUE_MISMATCH', 'POSITION_UNPROTECTED'])(
    'is canceled at the next look after the engine pulled %s',
    async (code) => {
      const desk = await openDesk();
      await restingEntry(desk);
      await desk.engine.pull(code, 'a test');
      await desk.watch.look();
      await desk.guard.settle();
      expect(stateOf(desk)).toBe('CANCELED');
    },
  );

  test('that nobody knew of is canceled once it is known', async () => {
    const desk = await openDesk();
    desk.venue.answer = () => 'LOST';
    await restingEntry(desk);
    await desk.engine.pull('FEED_SILENT', 'a test');
    await desk.watch.look();
    expect(stateOf(desk)).toBe('SUBMIT_UNKNOWN');
    await desk.engine.reconcile();
    await desk.wait(1_000);
    expect(stateOf(desk)).toBe('CANCELED');
  });
});

describe('the drawdown ladder', () => {
  const rungs = async (desk: Desk): Promise<readonly string[]> =>
    (await desk.eventsOf('drawdown.rung-changed')).map(
      ({ body }) => `${body.from} to ${body.to} at ${body.drawdownBps}`,
    );

  test.each<[readonly number[], DrawdownRung]>([
    [[400, 499], 0],
    [[400, 500], 1],
    [[400, 799], 1],
    [[400, 800], 2],
    [[400, 800, 1_199], 2],
    [[400, 800, 1_200], 3],
    [[400, 800, 1_190, 1_499], 3],
    [[400, 800, 1_190, 1_500], 4],
  ])('after falls to %j stands on rung %d', async (falls, rung) => {
    expect((await fallen(...falls)).book.rung).toBe(rung);
  });

  test('is climbed at once, however many rungs lie between', async () => {
    const desk = await fallen(1_500);
    expect(await rungs(desk)).toEqual(['0 to 4 at 1500']);
  });

  test('is left one rung at a time, each a full percent above where it began', async () => {
    const desk = await fallen(400, 800);
    for (const bps of [700, 699, 699, 400, 399, 399]) await fallTo(desk, bps);
    expect(await rungs(desk)).toEqual(['0 to 2 at 800', '2 to 1 at 699', '1 to 0 at 399']);
    await fallTo(desk, 499);
    expect(desk.book.rung).toBe(0);
  });

  test('is left one rung a look, also when all of the fall is made good at once', async () => {
    const desk = await fallen(400, 800);
    const seen: DrawdownRung[] = [];
    for (let look = 0; look < 3; look++) {
      await fallTo(desk, 0);
      seen.push(desk.book.rung);
    }
    expect(seen).toEqual([1, 0, 0]);
  });

  test('outlives the process', async () => {
    const { clock, ledger, venue } = await fallen(400, 800);
    const desk = await openDesk({ clock, ledger, venue });
    expect(desk.book.rung).toBe(2);
    expect(await rungs(desk)).toEqual(['0 to 2 at 800']);
  });
});

describe('on a rung', () => {
  // The far bound of the collar is 50,500; a position may be worth a tenth of equity on rung 0.
  test.each<[string, readonly number[], DecimalText, DecimalText]>([
    ['none', [400], '0.01900990', '0.01900991'],
    ['half size', [400, 500], '0.00940594', '0.00940595'],
    ['quarter size', [400, 800], '0.00455445', '0.00455446'],
  ])('of %s, a position is worth no more than its share', async (_, falls, fits, tooLarge) => {
    const desk = await fallen(...falls);
    expect(wouldBe(desk, { quantity: quantity(fits) })).toBe('CLEARED');
    expect(wouldBe(desk, { quantity: quantity(tooLarge) })).toBe('POSITION_SIZE_EXCEEDS_MAXIMUM');
  });

  test.each<[string, readonly number[], number]>([
    ['none', [400], 5],
    ['half size', [400, 500], 3],
    ['quarter size', [400, 800], 1],
  ])('of %s, only so many entries go out in an hour', async (_, falls, most) => {
    const desk = await fallen(...falls);
    desk.venue.answer = () => 'REJECT';
    for (let number = 1; number <= most; number++) {
      desk.clock.advanceTo(desk.clock.now() + MINUTE_MS);
      desk.mark('50000');
      const change = { strategyId: REVERSION, quantity: `0.00${number}` };
      await desk.engine.execute(await desk.intend(`P${number}`, change));
    }
    expect(desk.book.tradingState).toBe('ACTIVE');
    const small = { quantity: quantity('0.0015') };
    expect(wouldBe(desk, small)).toBe('ENTRIES_PER_HOUR_EXCEED_MAXIMUM');
    desk.clock.advanceTo(desk.clock.now() + HOUR_MS);
    desk.mark('50000');
    expect(wouldBe(desk, small)).toBe('CLEARED');
  });

  test('that was not left yet, size stays small although the fall is nearly made good', async () => {
    const desk = await fallen(400, 500);
    await fallTo(desk, 400);
    expect(wouldBe(desk, { quantity: quantity('0.0095') })).toBe('CLEARED');
    expect(wouldBe(desk, { quantity: quantity('0.0096') })).toBe('POSITION_SIZE_EXCEEDS_MAXIMUM');
  });
});

describe('a canary', () => {
  /** A kernel that has forgotten one of its rules. */
  const without =
    (code: string): typeof review =>
    (command, snapshot, inForce) => {
      const verdict = review(command, snapshot, inForce);
      const forgets = !verdict.cleared && verdict.code === code;
      return forgets ? ({ ...verdict, cleared: true } as unknown as Verdict) : verdict;
    };

  test('that is cleared halts trading, raises the emergency, says which, and stops entries', async () => {
    const desk = await openDesk({ review: without('STOP_MISSING') });
    await restingEntry(desk);
    await desk.watch.tryCanaries();
    expectState(desk, 'HALTED', 'CANARY_CLEARED');
    expect(desk.book.emergency).toBe(true);
    expect(desk.book.tradingStateBecause).toBe(
      'the kernel cleared an order it must deny: no protective stop',
    );
    await desk.guard.settle();
    expect(desk.book.order(id('ENTRY', 1, 'P2'))?.state).toBe('CANCELED');
    expect(wouldBe(desk)).toBe('EMERGENCY_ACTIVE');
  });

  test('is tried before there is a price', async () => {
    const desk = await openDesk({ review: without('PRICE_OUTSIDE_COLLAR') });
    await desk.watch.tryCanaries();
    expectState(desk, 'HALTED', 'CANARY_CLEARED');
  });

  test('is denied by the kernel we have, on every account and in every state', async () => {
    const desk = await fallen(400, 800);
    await restingEntry(desk);
    await desk.watch.tryCanaries();
    expectState(desk, 'ACTIVE', null);
    for (const code of ['FEED_SILENT', 'ORDER_STORM', 'DRAWDOWN_EXCEEDS_MAXIMUM'] as const) {
      await desk.engine.pull(code, 'a test');
      await desk.watch.tryCanaries();
      expectState(desk, desk.book.tradingState, code);
    }
  });

  test('is never written down as an order', async () => {
    const desk = await openDesk({ review: () => ({ cleared: true }) as Verdict });
    await desk.watch.tryCanaries();
    expect(desk.venue.received).toEqual([]);
    expect(desk.book.order(clientOrderId('CANARY'))).toBeUndefined();
    expect(await desk.eventsOf('kernel.reviewed')).toEqual([]);
  });
});

describe('exits pass in every state', () => {
  test.each<BreakerCode | 'NONE'>(['NONE', 'REJECT_STORM', 'ORDER_STORM', 'CANARY_CLEARED'])(
    'after %s: a stop fills, a target fills, a close is sent',
    async (code) => {
      for (const role of ['STOP', 'TARGET', 'EXIT'] as const) {
        const desk = await openDesk();
        await desk.enter('P1', '50000');
        if (code !== 'NONE') await desk.engine.pull(code, 'a test');
        if (role === 'EXIT') {
          const { stopPrice: _, ...stop } = desk.book.order(id('STOP'))!.order;
          const close: Order = { ...stop, id: id('EXIT'), role, type: 'MARKET' };
          expect(await desk.engine.send(close, NOBODY)).toEqual({ kind: 'SENT' });
        }
        desk.venue.fill(id(role), '50000');
        await desk.guard.settle();
        expect(desk.book.portfolio.positions.size).toBe(0);
        expect(desk.book.liveOrders()).toEqual([]);
      }
    },
  );

  test('but what would turn the position around does not', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    const stop = desk.book.order(id('STOP'))!.order;
    for (const [change, code] of [
      [{ quantity: quantity('0.01000001') }, 'REDUCE_EXCEEDS_POSITION'],
      [{ side: 'BUY' as const }, 'REDUCE_WRONG_SIDE'],
      [{ instrumentId: ETH.id }, 'REDUCE_WITHOUT_POSITION'],
    ] as const) {
      const order = { ...stop, id: id('STOP', 2), ...change };
      expect(await desk.engine.send(order, NOBODY)).toMatchObject({ kind: 'DENIED', code });
    }
  });
});
