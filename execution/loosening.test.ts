import { describe, expect, test } from 'vitest';

import { HOUR_MS, MINUTE_MS } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import type { TradingState } from '../domain/event.ts';
import { proposalId, strategyId } from '../domain/ids.ts';
import type { OrderRole } from '../domain/order.ts';
import { type ReasonCode, REASONS } from '../domain/reason-code.ts';
import { BTC, ETH, MOMENTUM, REVERSION } from '../domain/testing/samples.ts';
import { money } from '../domain/units.ts';
import { LIMITS } from '../risk-kernel/limits.ts';
import { tighten } from '../risk-kernel/limits-in-force.ts';
import { Desk, openDesk } from '../tests/support/desk.ts';
import { fallen, fallTo, overnight } from '../tests/support/falling.ts';
import { ENGINE } from './actor.ts';
import type { LooseningOutcome } from './loosening.ts';
import { LyingVenue } from './testing/lying-venue.ts';

const ADA = { kind: 'PERSON', name: 'ada' } as const;
const id = (role: OrderRole, count = 1, name = 'P1') => orderIdFor(proposalId(name), role, count);

const step = (desk: Desk, to: TradingState, rebasePeak = false): Promise<LooseningOutcome> =>
  desk.loosening.step({ to, rebasePeak, by: ADA, because: 'I looked at it' });

/** The ledger is at work: whatever else is written now has to wait for its turn. */
const busy = ({ ledger }: Desk): Promise<void> => ledger.transact(async () => {});

const wouldBe = (desk: Desk): string => {
  const proposal = desk.proposal('P9', { strategyId: REVERSION, quantity: '0.002' });
  return desk.engine.preview(entryOrder(proposal)).code ?? 'CLEARED';
};

/** Refused with this code, in a sentence; the state stays, and the record says who wanted what. */
async function expectRefused(
  desk: Desk,
  to: TradingState,
  code: ReasonCode,
  rebasePeak = false,
): Promise<void> {
  const { tradingState, emergency, peakEquity } = desk.book;
  const before = desk.ledger.head.seq;
  const outcome = await step(desk, to, rebasePeak);
  expect(outcome).toMatchObject({ kind: 'REFUSED', code });
  const sentence = outcome.kind === 'REFUSED' ? outcome.sentence : '';
  expect(sentence).toContain(REASONS[code]);
  expect(desk.book).toMatchObject({ tradingState, emergency, peakEquity });
  const added = (await desk.events()).slice(before);
  expect(added.map(({ type, actor }) => [type, actor])).toEqual([['loosening.refused', ADA]]);
  expect(added[0]?.body).toEqual({
    wanted: `${tradingState} → ${to}${rebasePeak ? ', with a new equity peak' : ''}`,
    code,
    because: sentence,
  });
}

async function expectDone(desk: Desk, to: TradingState): Promise<void> {
  const from = desk.book.tradingState;
  expect(await step(desk, to)).toEqual({
    kind: 'DONE',
    sentence: `Trading is ${to} now, it was ${from}.`,
  });
  expect(desk.book).toMatchObject({ tradingState: to, tradingStateCode: null, emergency: false });
  const changed = (await desk.eventsOf('trading.state-changed')).at(-1);
  expect(changed?.actor).toEqual(ADA);
  expect(changed?.body).toEqual({
    from,
    to,
    emergency: false,
    because: 'I looked at it',
    code: null,
  });
}

describe('the way back', () => {
  test('leads from HALTED to REDUCING to ACTIVE, and then an entry clears again', async () => {
    const desk = await openDesk();
    await desk.engine.pull('ORDER_STORM', 'a test');
    expect(wouldBe(desk)).toBe('TRADING_HALTED');
    await expectDone(desk, 'REDUCING');
    expect(wouldBe(desk)).toBe('TRADING_REDUCING');
    await expectDone(desk, 'ACTIVE');
    expect(wouldBe(desk)).toBe('CLEARED');
    await desk.enter('P1', '50000');
    expect(desk.book.portfolio.positions.size).toBe(1);
  });

  const STATES: readonly TradingState[] = ['ACTIVE', 'REDUCING', 'HALTED'];
  const LOOSER = new Set(['HALTED REDUCING', 'REDUCING ACTIVE']);
  const others = STATES.flatMap((from) => STATES.map((to) => [from, to] as const)).filter(
    ([from, to]) => !LOOSER.has(`${from} ${to}`),
  );

  test.each(others)('never leads from %s to %s', async (from, to) => {
    const desk = await openDesk();
    if (from === 'REDUCING') await desk.engine.pull('VENUE_MISMATCH', 'a test');
    if (from === 'HALTED') await desk.engine.pull('ORDER_STORM', 'a test');
    await expectRefused(desk, to, 'STATE_NOT_LOOSER');
  });

  test('is barred again by the next breaker', async () => {
    const desk = await openDesk();
    await desk.watch.look(120_000);
    await desk.watch.look();
    await expectDone(desk, 'ACTIVE');
    await desk.watch.look(120_000);
    expect(desk.book).toMatchObject({ tradingState: 'REDUCING', tradingStateCode: 'FEED_SILENT' });
  });

  test.each(['before', 'after'])(
    'does not undo a breaker that is pulled right %s the step',
    async (when) => {
      const desk = await openDesk();
      await desk.engine.pull('FEED_SILENT', 'a test');
      const pull = () => desk.engine.pull('ORDER_STORM', 'a test');
      const go = () => step(desk, 'ACTIVE');
      await Promise.all([busy(desk), ...(when === 'before' ? [pull(), go()] : [go(), pull()])]);
      expect(desk.book).toMatchObject({ tradingState: 'HALTED', tradingStateCode: 'ORDER_STORM' });
    },
  );

  test('is taken once by two who ask at the same moment', async () => {
    const desk = await openDesk();
    await desk.engine.pull('ORDER_STORM', 'a test');
    const [, ...both] = await Promise.all([
      busy(desk),
      step(desk, 'REDUCING'),
      step(desk, 'REDUCING'),
    ]);
    expect(both).toMatchObject([{ kind: 'DONE' }, { kind: 'REFUSED', code: 'STATE_NOT_LOOSER' }]);
  });

  test('is durable before anybody is told', async () => {
    const { engine, loosening, clock, ledger, venue } = await openDesk();
    await engine.pull('ORDER_STORM', 'a test');
    await loosening.step({ to: 'REDUCING', rebasePeak: false, by: ADA, because: 'fine' });
    const again = await openDesk({ clock, ledger, venue });
    expect(again.book.tradingState).toBe('REDUCING');
  });
});

describe('each step is judged again', () => {
  test('RECONCILIATION_PENDING: the venue was not compared since the start', async () => {
    const { engine, clock, ledger, venue, book, decisions } = await openDesk();
    await engine.pull('VENUE_MISMATCH', 'a test');
    const early = new Desk(clock, ledger, venue, book, decisions, {});
    early.mark('50000');
    await expectRefused(early, 'ACTIVE', 'RECONCILIATION_PENDING');
    await early.engine.reconcile();
    await expectDone(early, 'ACTIVE');
  });

  test('ORDER_UNRESOLVED: until the venue was asked', async () => {
    const desk = await openDesk();
    desk.venue.answer = () => 'TIMEOUT';
    await desk.engine.execute(await desk.intend('P1'));
    await desk.engine.pull('VENUE_MISMATCH', 'a test');
    await expectRefused(desk, 'ACTIVE', 'ORDER_UNRESOLVED');
    // Past the acceptance window, asked for until every answer agrees.
    for (let asked = 0; asked < 8; asked++) await desk.wait(5_000);
    expect(desk.book.liveOrders()).toEqual([]);
    await expectDone(desk, 'ACTIVE');
  });

  test('ORDER_STORM: until fewer messages went out than an entry may follow', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    const stop = desk.book.order(id('STOP'))!.order;
    const origin = { correlationId: 'x', causationSeq: null, intentId: null, proposalId: null };
    // Three messages went out at one instant, fifty-nine go out at the next.
    desk.clock.advanceTo(desk.clock.now() + 1);
    for (let count = 2; count <= 60; count++)
      await desk.engine.send({ ...stop, id: id('STOP', count) }, origin);
    await desk.engine.pull('ORDER_STORM', 'a test');
    await expectRefused(desk, 'REDUCING', 'ORDER_STORM');
    // The three are a minute old now.
    desk.clock.advanceTo(desk.clock.now() + MINUTE_MS - 1);
    await expectDone(desk, 'REDUCING');
  });

  test('DRAWDOWN_EXCEEDS_MAXIMUM: an ordinary halt ends a percent below the last rung', async () => {
    const desk = await fallen(400, 800, 1_190, 1_400);
    await desk.engine.pull('ORDER_STORM', 'a test');
    await expectRefused(desk, 'REDUCING', 'DRAWDOWN_EXCEEDS_MAXIMUM');
    await fallTo(desk, 1_399);
    await expectDone(desk, 'REDUCING');
  });

  test('DRAWDOWN_EXCEEDS_MAXIMUM: an emergency ends only below the first rung', async () => {
    const desk = await fallen(400, 800, 1_190, 1_500);
    for (const bps of [1_399, 800, 500]) {
      await fallTo(desk, bps);
      await expectRefused(desk, 'REDUCING', 'DRAWDOWN_EXCEEDS_MAXIMUM');
    }
    await fallTo(desk, 499);
    await expectDone(desk, 'REDUCING');
    expect(desk.book.emergency).toBe(false);
  });

  test('DRAWDOWN_BLOCKS_ENTRIES: nothing new is opened less than a percent below its rung', async () => {
    const desk = await fallen(400, 800, 1_200);
    await fallTo(desk, 1_100);
    await expectRefused(desk, 'ACTIVE', 'DRAWDOWN_BLOCKS_ENTRIES');
    await fallTo(desk, 1_099);
    await expectDone(desk, 'ACTIVE');
    expect(wouldBe(desk)).toBe('CLEARED');
  });

  test('DAILY_LOSS_EXCEEDS_MAXIMUM: until the loss is smaller, or the day is over', async () => {
    const desk = await fallen(500);
    await expectRefused(desk, 'ACTIVE', 'DAILY_LOSS_EXCEEDS_MAXIMUM');
    await fallTo(desk, 499);
    await expectDone(desk, 'ACTIVE');

    const later = await fallen(500);
    overnight(later);
    await expectDone(later, 'ACTIVE');
  });

  test('REJECT_STORM: until a minute has passed', async () => {
    const desk = await openDesk();
    desk.venue.answer = () => 'REJECT';
    for (let number = 1; number <= LIMITS.rejectsPerMinuteMax; number++)
      await desk.engine.execute(await desk.intend(`P${number}`, { quantity: `0.00${number}` }));
    await desk.watch.look();
    await expectRefused(desk, 'ACTIVE', 'REJECT_STORM');
    desk.clock.advanceTo(desk.clock.now() + MINUTE_MS);
    await expectDone(desk, 'ACTIVE');
  });

  test('FEED_SILENT: while a feed whose clock stands still is waited for in real time', async () => {
    const desk = await openDesk();
    await desk.watch.look(LIMITS.feedSilenceMsMax);
    await expectRefused(desk, 'ACTIVE', 'FEED_SILENT');
    await desk.watch.look();
    await expectDone(desk, 'ACTIVE');
  });

  test('FEED_SILENT: until there is a price again', async () => {
    const desk = await openDesk();
    desk.clock.advanceTo(desk.clock.now() + 120_000);
    await desk.watch.look();
    await expectRefused(desk, 'ACTIVE', 'FEED_SILENT');
    desk.mark('50000');
    await expectDone(desk, 'ACTIVE');
  });

  test('AUDIT_CHAIN_BROKEN: a record that cannot be written loosens nothing', async () => {
    const desk = await openDesk();
    await desk.engine.pull('VENUE_MISMATCH', 'a test');
    desk.ledger.subscribe(() => {
      throw new Error('a fold that cannot follow');
    });
    const next = draft('operator.added', ENGINE, 'x', null, { name: 'x' });
    await expect(desk.ledger.append(next)).rejects.toThrow('a fold that cannot follow');
    await expect(step(desk, 'ACTIVE')).rejects.toThrow('a fold that cannot follow');
    expect(desk.book.tradingState).toBe('REDUCING');
  });

  test('and everything that stands in the way is said at once, under the first code', async () => {
    const desk = await fallen(400, 800, 1_200);
    desk.clock.advanceTo(desk.clock.now() + HOUR_MS);
    const outcome = await step(desk, 'ACTIVE');
    expect(outcome).toMatchObject({ code: 'DRAWDOWN_BLOCKS_ENTRIES' });
    expect(outcome.sentence).toContain(REASONS.FEED_SILENT);
  });
});

describe('a new equity peak', () => {
  /** The fall was realised: nothing is open any more, and it stays. */
  async function flat(bps: number): Promise<Desk> {
    const desk = await fallen(400, 800, 1_190, bps);
    desk.venue.fill(id('STOP', 1, 'P0'), `${2_000 - bps}`);
    await desk.guard.settle();
    expect(desk.book.portfolio.positions.size).toBe(0);
    return desk;
  }

  test('ends an emergency that no recovery will end, and starts the ladder anew', async () => {
    const desk = await flat(1_500);
    await expectRefused(desk, 'REDUCING', 'DRAWDOWN_EXCEEDS_MAXIMUM');
    expect(await step(desk, 'REDUCING', true)).toMatchObject({ kind: 'DONE' });
    expect(desk.book).toMatchObject({
      tradingState: 'REDUCING',
      emergency: false,
      peakEquity: money('8500'),
    });
    const [rebased] = await desk.eventsOf('drawdown.peak-rebased');
    expect(rebased?.actor).toEqual(ADA);
    expect(rebased?.body).toEqual({ from: '10000', to: '8500', because: 'I looked at it' });
    // The rungs are left one at a time all the same.
    for (const rung of [3, 2, 1, 0]) {
      await desk.watch.look();
      expect(desk.book.rung).toBe(rung);
    }
    overnight(desk);
    await expectDone(desk, 'ACTIVE');
    expect(wouldBe(desk)).toBe('CLEARED');
  });

  test('is not set while a position is open', async () => {
    const desk = await fallen(400, 800, 1_190, 1_500);
    await expectRefused(desk, 'REDUCING', 'PEAK_NOT_FLAT', true);
    expect(await desk.eventsOf('drawdown.peak-rebased')).toEqual([]);
  });

  test('is not set while an order is on its way', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1'));
    await desk.engine.pull('VENUE_MISMATCH', 'a test');
    await expectRefused(desk, 'ACTIVE', 'PEAK_NOT_FLAT', true);
    await desk.engine.cancel(id('ENTRY'), 'a test');
    await desk.engine.collect();
    expect(await step(desk, 'ACTIVE', true)).toMatchObject({ kind: 'DONE' });
  });

  test('is not set by a step that is refused for another reason', async () => {
    const desk = await flat(1_500);
    await expectRefused(desk, 'ACTIVE', 'STATE_NOT_LOOSER', true);
    expect(await desk.eventsOf('drawdown.peak-rebased')).toEqual([]);
    expect(desk.book.peakEquity).toBe(money('10000'));
  });

  test('does not forget the loss of the day', async () => {
    const desk = await flat(1_800);
    await step(desk, 'REDUCING', true);
    await expectRefused(desk, 'ACTIVE', 'DAILY_LOSS_EXCEEDS_MAXIMUM');
  });

  test('outlives the process', async () => {
    const { clock, ledger, loosening } = await flat(1_500);
    await loosening.step({ to: 'REDUCING', rebasePeak: true, by: ADA, because: 'anew' });
    const again = await openDesk({ clock, ledger, venue: new LyingVenue() });
    expect(again.book.peakEquity).toBe(money('8500'));
    await again.watch.look();
    expect(again.book.emergency).toBe(false);
  });
});

describe('a strategy', () => {
  const lose = async (desk: Desk, name: string): Promise<void> => {
    desk.clock.advanceTo(desk.clock.now() + HOUR_MS);
    desk.mark('50000');
    await desk.enter(name, '50000');
    desk.venue.fill(id('STOP', 1, name), '49000');
    await desk.guard.settle();
  };
  const NAMES = ['A', 'B', 'C', 'D', 'E'];

  test('that its losses switched off begins again with a clean streak', async () => {
    const desk = await openDesk();
    for (const name of NAMES) await lose(desk, name);
    const next = entryOrder(desk.proposal('F'));
    expect(desk.engine.preview(next).code).toBe('STRATEGY_LOSING_STREAK');
    expect(await desk.loosening.enableStrategy(MOMENTUM, ADA, 'one more chance')).toEqual({
      kind: 'DONE',
      sentence: 'momentum is on again, its losses in a row count from none.',
    });
    expect(desk.book.standings.get(MOMENTUM)).toEqual({
      enabled: true,
      lossStreak: 0,
      because: 'one more chance',
    });
    const [enabled] = await desk.eventsOf('strategy.enabled');
    expect(enabled?.actor).toEqual(ADA);
    for (const name of ['F', 'G', 'H', 'I']) await lose(desk, name);
    expect(desk.book.standings.get(MOMENTUM)).toMatchObject({ enabled: true, lossStreak: 4 });
    await lose(desk, 'J');
    expect(desk.book.standings.get(MOMENTUM)).toMatchObject({ enabled: false, lossStreak: 5 });
  });

  test('that is on already stays as it is, and nothing is recorded', async () => {
    const desk = await openDesk();
    const before = desk.ledger.head.seq;
    const outcome = await desk.loosening.enableStrategy(MOMENTUM, ADA, 'why not');
    expect(outcome).toEqual({ kind: 'DONE', sentence: 'momentum was on already.' });
    expect(desk.ledger.head.seq).toBe(before);
  });

  test('whose streak no longer fits under a tighter limit can be given another chance too', async () => {
    const before = await openDesk();
    for (const name of NAMES.slice(0, 3)) await lose(before, name);
    const { clock, ledger, venue } = before;
    const limits = tighten({ strategyLossStreakMax: 3 });
    const desk = await openDesk({ clock, ledger, venue, limits });
    desk.clock.advanceTo(desk.clock.now() + HOUR_MS);
    desk.mark('50000');
    const next = entryOrder(desk.proposal('F'));
    expect(desk.engine.preview(next).code).toBe('STRATEGY_LOSING_STREAK');
    await desk.loosening.enableStrategy(MOMENTUM, ADA, 'one more chance');
    expect(desk.engine.preview(next).cleared).toBe(true);
  });

  test('nobody knows is refused, and the refusal is recorded', async () => {
    const desk = await openDesk();
    const stranger = strategyId('stranger');
    expect(await desk.loosening.enableStrategy(stranger, ADA, 'why not')).toEqual({
      kind: 'REFUSED',
      code: 'STRATEGY_UNKNOWN',
      sentence: REASONS.STRATEGY_UNKNOWN,
    });
    const [refused] = await desk.eventsOf('loosening.refused');
    expect(refused?.actor).toEqual(ADA);
    expect(refused?.body).toMatchObject({ wanted: 'enable stranger', code: 'STRATEGY_UNKNOWN' });
  });
});

describe('an instrument that is halted', () => {
  const halted = async (desk: Desk): Promise<void> => {
    await desk.engine.haltInstrument(BTC.id, 'POSITION_UNPROTECTED', 'a test');
  };
  const resume = (desk: Desk): Promise<LooseningOutcome> =>
    desk.loosening.resumeInstrument(BTC.id, ADA, 'I spoke with the venue');

  async function expectHeld(desk: Desk, code: ReasonCode): Promise<void> {
    expect(await resume(desk)).toMatchObject({ kind: 'REFUSED', code });
    expect(desk.book.halted.has(BTC.id)).toBe(true);
    const [refused] = await desk.eventsOf('loosening.refused');
    expect(refused?.actor).toEqual(ADA);
    expect(refused?.body).toMatchObject({ wanted: `resume ${BTC.id}`, code });
  }

  test('is traded again once a person says so, and the record says who and why', async () => {
    const desk = await openDesk();
    await halted(desk);
    expect(wouldBe(desk)).toBe('INSTRUMENT_HALTED');
    expect(await resume(desk)).toEqual({ kind: 'DONE', sentence: 'BTC/USD may be traded again.' });
    expect(wouldBe(desk)).toBe('CLEARED');
    const [resumed] = await desk.eventsOf('instrument.resumed');
    expect(resumed?.actor).toEqual(ADA);
    expect(resumed?.body.because).toBe('I spoke with the venue');
  });

  test('stays halted while nobody knows what became of an order in it', async () => {
    const desk = await openDesk();
    desk.venue.answer = () => 'UNKNOWN';
    await desk.engine.execute(await desk.intend('P1'));
    await halted(desk);
    await expectHeld(desk, 'ORDER_UNRESOLVED');
  });

  test('stays halted while a position in it has no stop at the venue', async () => {
    const desk = await openDesk();
    desk.venue.answer = ({ role }) => (role === 'ENTRY' ? 'ACCEPT' : 'BUSY');
    await desk.enter('P1', '50000');
    await halted(desk);
    await expectHeld(desk, 'POSITION_UNPROTECTED');
  });

  test('is not kept from it by what happens in another', async () => {
    const desk = await openDesk();
    desk.mark('3000', ETH);
    desk.venue.answer = () => 'UNKNOWN';
    await desk.engine.execute(
      await desk.intend('P1', {
        instrumentId: ETH.id,
        quantity: '0.1',
        referencePrice: '3000',
        stop: '2940',
        target: '3180',
      }),
    );
    expect(desk.book.liveOrders()).toHaveLength(1);
    await halted(desk);
    expect(await resume(desk)).toMatchObject({ kind: 'DONE' });
  });

  test('that was not halted needs nothing, and nothing is recorded', async () => {
    const desk = await openDesk();
    expect(await resume(desk)).toEqual({ kind: 'DONE', sentence: 'BTC/USD was not halted.' });
    expect(await desk.eventsOf('instrument.resumed')).toEqual([]);
  });
});
