import { describe, expect, test } from 'vitest';

import { type ConfirmedPerson, Operators } from '../../coordination/operators.ts';
import { type Clock, ManualClock } from '../../domain/clock.ts';
import { draft } from '../../domain/draft.ts';
import { text } from '../../domain/units.ts';
import {
  type BarShape,
  candles,
  decideAll,
  feedOf,
  type Plan,
  playOn,
  SCRIPT,
  TRADER,
  World,
  type WorldOptions,
} from '../../tests/support/world.ts';
import type { Runtime } from './runtime.ts';
import { expectProtected } from './testing/expect-protected.ts';
import { trailBy } from '../../domain/management.ts';

const FLAT: readonly BarShape[] = Array.from({ length: 5 }, () => [50_000] as const);
const once: Plan = (bar) => (bar === 0 ? {} : undefined);
const world = (change: Partial<WorldOptions> & { bars?: readonly BarShape[] } = {}): World =>
  new World({ feed: feedOf(candles(50_000, change.bars ?? FLAT)), plan: once, ...change });

const haltsOf = (house: World) =>
  house.eventsOf('message.sent').filter(({ body }) => body.lane === 'HALT');

const PASSWORD = 'correct horse battery';

/** Whoever may loosen something, registered in the runtime's own ledger. */
async function operatorsOf(
  runtime: Runtime,
  clock: Clock = new ManualClock(0),
  name = 'ada',
): Promise<Operators> {
  const operators = new Operators(runtime.options.ledger, clock);
  const sponsor = { name: 'ada', password: PASSWORD };
  expect(await operators.add(name, PASSWORD, sponsor)).toEqual({ added: name });
  return operators;
}

async function ada(operators: Operators, name = 'ada'): Promise<ConfirmedPerson> {
  const person = await operators.confirm(name, PASSWORD, 'a test');
  if ('refused' in person) throw new Error(person.sentence);
  return person;
}

describe('one set-up', () => {
  test('becomes a cycle, a proposal, an approval, an order, a fill and its protection, in that order', async () => {
    const house = world();
    const runtime = await house.open();
    await playOn(runtime);
    const WATCHED = [
      'cycle.opened',
      'proposal.made',
      'approval.requested',
      'approval.decided',
      'intent.recorded',
      'order.submitting',
      'order.accepted',
      'order.filled',
    ];
    const cycle = house.eventsOf('proposal.made')[0]!.body.proposal.cycleId;
    const story = house
      .events()
      .filter(({ correlationId, type }) => correlationId === cycle && WATCHED.includes(type));
    expect(story.map(({ type }) => type)).toEqual([
      ...WATCHED,
      'order.submitting',
      'order.accepted',
      'order.submitting',
      'order.accepted',
    ]);
    expect(runtime.parts.decisions.get(cycle)).toMatchObject({
      outcome: 'SENT',
      decidedBy: SCRIPT,
    });
    await expectProtected(runtime, 'at the end');
  });

  test.each(['TICKS', 'BARS'] as const)('fills at the next price, with %s', async (detail) => {
    const bars: readonly BarShape[] = [[50_000], [50_100], [50_100]];
    const house = world({ bars, feed: feedOf(candles(50_000, bars), detail) });
    await playOn(await house.open());
    const [fill] = house.eventsOf('order.filled');
    // The next price is 50,000 again; a taker pays up to four basis points more.
    const paid = Number(fill?.body.price);
    expect(paid).toBeGreaterThan(50_000);
    expect(paid).toBeLessThanOrEqual(50_020.01);
  });

  test('declined is over, and the next may come', async () => {
    const house = world({ plan: () => ({}) });
    await playOn(await house.open(), 'DECLINE');
    const outcomes = house.eventsOf('cycle.closed').map(({ body }) => body.outcome);
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'DECLINED'));
    expect(house.eventsOf('order.submitting')).toEqual([]);
  });

  test('that nobody answers holds back the next, and expires on the market’s clock', async () => {
    const house = world({ plan: () => ({}), approvalMs: 600_000 });
    const runtime = await house.open();
    await playOn(runtime, 'WAIT');
    const outcomes = house.eventsOf('cycle.closed').map(({ body }) => body.outcome);
    // The second bar finds the first proposal waiting; the third expires it and proposes anew.
    expect(outcomes).toEqual(['NO_SETUP', 'EXPIRED', 'NO_SETUP', 'EXPIRED']);
    expect(runtime.parts.decisions.open()).toHaveLength(1);
  });

  test('expires between bars where there are ticks', async () => {
    const bars = FLAT;
    const feed = feedOf(candles(50_000, bars), 'TICKS');
    const house = world({ feed, approvalMs: 90_000 });
    await playOn(await house.open(), 'WAIT');
    const [expired] = house.eventsOf('approval.decided');
    expect(expired?.body.status).toBe('EXPIRED');
    const tick = feed.startsAtMs + 300_000 + 120_000;
    expect(expired?.atMs).toBe(tick);
  });

  test('whose order the kernel denies at the send is over as denied', async () => {
    const house = world();
    const runtime = await house.open();
    await playOn(runtime, 'WAIT', 1);
    const [row] = await runtime.parts.approvals.pending();
    // Somebody halts between the click and the send: here, the moment the approval is decided.
    runtime.options.ledger.subscribe(({ event }) => {
      if (event.type === 'intent.recorded') Object.assign(runtime.parts.book, { emergency: true });
    });
    await decideAll(runtime);
    await runtime.stop();
    expect(house.eventsOf('order.denied')[0]?.body.code).toBe('EMERGENCY_ACTIVE');
    const [closed] = house.eventsOf('cycle.closed');
    expect(closed?.body).toMatchObject({ cycleId: row?.threadId, outcome: 'DENIED' });
  });
});

describe('a halt', () => {
  /** A market in which the account falls past its line while a proposal waits. */
  const falling = async () => {
    const house = world({ plan: (bar) => (bar === 1 ? {} : undefined) });
    const runtime = await house.open();
    await playOn(runtime, 'WAIT', 2);
    await runtime.parts.engine.pull('DRAWDOWN_EXCEEDS_MAXIMUM', 'drawdown 1500 bps');
    await playOn(runtime, 'WAIT');
    return { house, runtime };
  };

  test('ends what waits, is told to everybody once, and lets nothing begin', async () => {
    const { house, runtime } = await falling();
    expect(house.eventsOf('approval.decided')[0]?.body).toMatchObject({
      status: 'INVALIDATED',
      because: 'drawdown 1500 bps',
    });
    const outcomes = house.eventsOf('cycle.closed').map(({ body }) => body.outcome);
    expect(outcomes).toEqual(['NO_SETUP', 'HALTED', 'HALTED', 'HALTED', 'HALTED']);
    expect(haltsOf(house)).toHaveLength(1);
    expect(runtime.parts.decisions.open()).toEqual([]);
  });

  test('is still a halt for the next process', async () => {
    const { house } = await falling();
    const again = await house.open();
    expect(again.parts.halted()).toBe('drawdown 1500 bps');
    expect(again.parts.book.tradingState).toBe('HALTED');
  });

  test('pulled at a tick ends what waits before the next bar', async () => {
    const feed = feedOf(candles(50_000, FLAT), 'TICKS');
    const house = world({ feed });
    const runtime = await house.open();
    await playOn(runtime, 'WAIT', 1);
    await runtime.parts.engine.pull('VENUE_MISMATCH', 'a test');
    await runtime.onTick(50_000, runtime.playedUntilMs + 1_000);
    await runtime.stop();
    expect(house.eventsOf('approval.decided')[0]?.body.status).toBe('INVALIDATED');
    expect(haltsOf(house)).toHaveLength(1);
  });

  test('because the feed is silent ends what waits, without a price', async () => {
    const house = world();
    const runtime = await house.open();
    await playOn(runtime, 'WAIT', 1);
    await runtime.onSilence(119_999);
    expect(runtime.parts.book.tradingState).toBe('ACTIVE');
    await runtime.onSilence(120_000);
    await runtime.stop();
    expect(runtime.parts.book.tradingStateCode).toBe('FEED_SILENT');
    expect(house.eventsOf('approval.decided')[0]?.body.status).toBe('INVALIDATED');
    expect(haltsOf(house)).toHaveLength(1);
  });

  test('is announced again when a breaker is pulled after a person let trading go on', async () => {
    const house = world();
    const runtime = await house.open();
    const operators = await operatorsOf(runtime);
    await runtime.onSilence(120_000);
    await runtime.onSilence(130_000);
    await runtime.stop();
    expect(haltsOf(house)).toHaveLength(1);
    const step = { to: 'ACTIVE', rebasePeak: false, because: 'the feed is back' } as const;
    const stillSilent = await runtime.loosen(await ada(operators), step);
    expect(stillSilent).toMatchObject({ kind: 'REFUSED', code: 'FEED_SILENT' });
    await runtime.onSilence(0);
    expect(await runtime.loosen(await ada(operators), step)).toMatchObject({ kind: 'DONE' });
    expect(runtime.parts.halted()).toBeUndefined();
    await runtime.onSilence(120_000);
    await runtime.stop();
    expect(haltsOf(house)).toHaveLength(2);
  });
});

test('canaries that are denied leave no trace', async () => {
  const runtime = await world().open();
  const before = runtime.options.ledger.head.seq;
  await runtime.tryCanaries();
  expect(runtime.options.ledger.head.seq).toBe(before);
});

describe('nothing is loosened', () => {
  const step = { to: 'ACTIVE', rebasePeak: false, because: 'let me' } as const;
  const reducing = async () => {
    const runtime = await world().open();
    await runtime.parts.engine.pull('VENUE_MISMATCH', 'a test');
    return { runtime, operators: await operatorsOf(runtime) };
  };
  /** Neither the step nor the strategy; the journal has nothing new, and the runtime goes on. */
  const expectRefused = async (runtime: Runtime, person: ConfirmedPerson): Promise<void> => {
    const before = runtime.options.ledger.head.seq;
    const refusal = 'nobody loosens anything without a confirmed password';
    await expect(runtime.loosen(person, step)).rejects.toThrow(refusal);
    await expect(runtime.enableStrategy(person, TRADER, 'let me')).rejects.toThrow(refusal);
    expect(runtime.options.ledger.head.seq).toBe(before);
    expect(runtime.parts.book.tradingState).toBe('REDUCING');
  };

  test('by somebody who only says a name', async () => {
    const { runtime } = await reducing();
    await expectRefused(runtime, { name: 'ada' } as ConfirmedPerson);
  });

  test('by a copy of a person, in whatever way it was made', async () => {
    const { runtime, operators } = await reducing();
    const person = await ada(operators);
    await expectRefused(runtime, { ...person });
    await expectRefused(runtime, Object.create(person) as ConfirmedPerson);
    await expectRefused(runtime, JSON.parse(JSON.stringify(person)) as ConfirmedPerson);
    await expectRefused(runtime, structuredClone(person));
    expect(await runtime.loosen(person, step)).toMatchObject({ kind: 'DONE' });
  });

  test('twice with one password', async () => {
    const { runtime, operators } = await reducing();
    const person = await ada(operators);
    expect(await runtime.loosen(person, step)).toMatchObject({ kind: 'DONE' });
    await runtime.parts.engine.pull('VENUE_MISMATCH', 'a test');
    await expectRefused(runtime, person);
  });

  test('with a password that was typed too long ago', async () => {
    const { runtime } = await reducing();
    const clock = new ManualClock(0);
    const operators = await operatorsOf(runtime, clock, 'grace');
    const person = await ada(operators, 'grace');
    clock.advanceTo(60_001);
    await expectRefused(runtime, person);
  });

  test('and what a person is refused is written down under their name', async () => {
    const { runtime, operators } = await reducing();
    await runtime.parts.engine.pull('ORDER_STORM', 'a test');
    expect(await runtime.loosen(await ada(operators), step)).toMatchObject({
      kind: 'REFUSED',
      code: 'STATE_NOT_LOOSER',
    });
    const [last] = await runtime.options.ledger.read(runtime.options.ledger.head.seq - 1, 1);
    expect(last?.event).toMatchObject({
      type: 'loosening.refused',
      actor: { kind: 'PERSON', name: 'ada' },
    });
  });

  test('and a strategy is switched on by a person under their name', async () => {
    const { runtime, operators } = await reducing();
    const off = { strategyId: TRADER, because: 'a test' };
    await runtime.options.ledger.append(draft('strategy.disabled', SCRIPT, 'x', null, off));
    await runtime.enableStrategy(await ada(operators), TRADER, 'one more chance');
    expect(runtime.parts.book.standings.get(TRADER)).toMatchObject({ enabled: true });
    const [last] = await runtime.options.ledger.read(runtime.options.ledger.head.seq - 1, 1);
    expect(last?.event.actor).toEqual({ kind: 'PERSON', name: 'ada' });
  });
});

describe('a restart', () => {
  test('keeps the trading state, the rung, the peak and the standings', async () => {
    const house = world();
    const before = await house.open();
    const { ledger } = before.options;
    await before.parts.engine.pull('ORDER_STORM', 'a test');
    // 900 of 10,900 is a fall of 8.3 percent: the second rung, on which the account stands already.
    await ledger.append(
      draft('drawdown.peak-rebased', SCRIPT, 'x', null, {
        from: '10000',
        to: '10900',
        because: '',
      }),
      draft('drawdown.rung-changed', SCRIPT, 'x', null, { from: 0, to: 2, drawdownBps: 826 }),
      draft('strategy.disabled', SCRIPT, 'x', null, { strategyId: TRADER, because: 'it lost' }),
    );
    const told = ({ parts: { book } }: Runtime) => ({
      state: [book.tradingState, book.tradingStateCode, book.tradingStateBecause, book.emergency],
      ladder: [book.rung, text(book.peakEquity)],
      standings: [...book.standings],
    });
    await before.stop();
    expect(told(before)).toEqual({
      state: ['HALTED', 'ORDER_STORM', 'a test', false],
      ladder: [2, '10900'],
      standings: [[TRADER, { enabled: false, lossStreak: 0, because: 'it lost' }]],
    });
    for (let starts = 0; starts < 2; starts++) {
      expect(told(await house.open())).toEqual(told(before));
    }
  });

  test('keeps a position protected exactly once, wherever it comes', async () => {
    const bars: readonly BarShape[] = [
      [50_000],
      [50_100],
      [51_800, 50_000, 52_000],
      [52_400, 51_800, 52_500],
      [51_000],
    ];
    for (let until = 1; until <= bars.length; until++) {
      const house = world({
        bars,
        plan: (bar) => (bar === 0 ? { management: trailBy(200) } : undefined),
      });
      const before = await house.open();
      await playOn(before, 'APPROVE', until);
      await before.stop();
      const { book } = before.parts;
      for (let starts = 0; starts < 3; starts++) {
        const runtime = await house.open();
        await expectProtected(runtime, `${starts} starts after bar ${until}`);
        expect(text(runtime.parts.book.equity())).toBe(text(book.equity()));
      }
      await playOn(await house.open());
      expect(house.eventsOf('order.filled')).toHaveLength(2);
    }
  });

  test('leaves a waiting proposal waiting, and it can still be approved', async () => {
    const house = world();
    const before = await house.open();
    await playOn(before, 'WAIT', 1);
    await before.stop();
    const length = house.events().length;
    const runtime = await house.open();
    const types = house
      .events()
      .slice(length)
      .map(({ type }) => type);
    expect(types).toEqual(['system.started', 'reconciliation.completed']);
    expect(await decideAll(runtime)).toMatchObject([{ kind: 'DECIDED', status: 'APPROVED' }]);
    await playOn(runtime);
    expect(house.eventsOf('order.filled')).toHaveLength(1);
  });

  test('warms strategies up on the bars that were played, as if there had been none', async () => {
    const seen: number[][] = [];
    const plan =
      (log: number[]): Plan =>
      (bar, close) =>
        void log.push(bar, close);
    for (const restarts of [[], [1], [2, 3]]) {
      const log: number[] = [];
      const house = world({ plan: plan(log) });
      for (const bars of restarts)
        await playOn(await house.open(), 'WAIT', bars).then(() => log.splice(0));
      await playOn(await house.open(), 'WAIT');
      seen.push(log.slice());
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});

test('the same seed gives the same journal, to the last hash', async () => {
  const heads: string[] = [];
  for (let run = 0; run < 2; run++) {
    const house = world({
      plan: () => ({ management: trailBy(100) }),
      bars: [[50_500], [49_000], [50_000]],
    });
    const runtime = await house.open();
    await playOn(runtime);
    heads.push(runtime.options.ledger.head.hash);
  }
  expect(heads[0]).toBe(heads[1]);
});
