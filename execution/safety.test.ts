import { describe, expect, test } from 'vitest';

import { draft } from '../domain/draft.ts';
import { entryOrder } from '../domain/entry-order.ts';
import type { TradingState } from '../domain/event.ts';
import { BTC } from '../domain/testing/samples.ts';
import { type BreakerCode, BREAKERS } from '../risk-kernel/breakers.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { ENGINE } from './actor.ts';

/** The ledger is at work: whatever else is written now has to wait for its turn. */
const busy = ({ ledger }: Desk): Promise<void> => ledger.transact(async () => {});

describe('a breaker', () => {
  const STATES: readonly TradingState[] = ['ACTIVE', 'REDUCING', 'HALTED'];
  const rank = (state: TradingState): number => STATES.indexOf(state);
  const CODES = Object.keys(BREAKERS) as readonly BreakerCode[];
  const last = async (desk: Desk) => (await desk.eventsOf('trading.state-changed')).at(-1);

  test.each(CODES)('pulled as %s leads where its table says, and is written down', async (code) => {
    const desk = await openDesk();
    expect(await desk.engine.pull(code, 'a test')).toBe(true);
    const { to, emergency } = BREAKERS[code];
    expect(desk.book).toMatchObject({
      tradingState: to,
      emergency,
      tradingStateCode: code,
      tradingStateBecause: 'a test',
    });
    const changed = await last(desk);
    expect(changed?.actor).toEqual({ kind: 'SYSTEM', name: 'execution-engine' });
    expect(changed?.body).toEqual({ from: 'ACTIVE', to, emergency, because: 'a test', code });
  });

  test.each(CODES.flatMap((first) => CODES.map((second) => [first, second] as const)))(
    'pulled as %s and then as %s never loosens',
    async (first, second) => {
      const desk = await openDesk();
      await desk.engine.pull(first, 'first');
      const before = desk.ledger.head.seq;
      const from = BREAKERS[first];
      const next = BREAKERS[second];
      const isGraver = rank(next.to) > rank(from.to) || (next.emergency && !from.emergency);
      expect(await desk.engine.pull(second, 'second')).toBe(isGraver);
      expect(desk.ledger.head.seq - before).toBe(isGraver ? 1 : 0);
      expect(rank(desk.book.tradingState)).toBe(Math.max(rank(from.to), rank(next.to)));
      expect(desk.book.emergency).toBe(from.emergency || next.emergency);
      expect(desk.book.tradingStateCode).toBe(isGraver ? second : first);
    },
  );

  test('pulled while the emergency is raised leaves it raised', async () => {
    const desk = await openDesk();
    const emergency = { from: 'ACTIVE', to: 'REDUCING', emergency: true } as const;
    const body = { ...emergency, because: 'a test', code: null };
    await desk.ledger.append(draft('trading.state-changed', ENGINE, 'trading-state', null, body));
    await desk.engine.pull('ORDER_STORM', 'second');
    expect(desk.book).toMatchObject({ tradingState: 'HALTED', emergency: true });
  });

  test.each<[BreakerCode, BreakerCode]>([
    ['ORDER_STORM', 'FEED_SILENT'],
    ['FEED_SILENT', 'ORDER_STORM'],
    ['DRAWDOWN_EXCEEDS_MAXIMUM', 'ORDER_STORM'],
  ])('pulled as %s and %s at the same moment leads to the graver', async (first, second) => {
    const desk = await openDesk();
    const { engine } = desk;
    await Promise.all([busy(desk), engine.pull(first, 'first'), engine.pull(second, 'second')]);
    expect(desk.book.tradingState).toBe('HALTED');
    expect(desk.book.emergency).toBe(first === 'DRAWDOWN_EXCEEDS_MAXIMUM');
  });

  test('pulled twice at the same moment is written down once', async () => {
    const desk = await openDesk();
    const { engine } = desk;
    const [, ...moved] = await Promise.all([
      busy(desk),
      engine.pull('ORDER_STORM', 'first'),
      engine.pull('ORDER_STORM', 'second'),
    ]);
    expect(moved).toEqual([true, false]);
    expect(await desk.eventsOf('trading.state-changed')).toHaveLength(1);
  });

  test('outlives the process', async () => {
    const { engine, clock, ledger, venue } = await openDesk();
    await engine.pull('DRAWDOWN_EXCEEDS_MAXIMUM', 'a test');
    const desk = await openDesk({ clock, ledger, venue });
    expect(desk.book).toMatchObject({ tradingState: 'HALTED', emergency: true });
    expect(desk.engine.preview(entryOrder(desk.proposal('P1'))).code).toBe('EMERGENCY_ACTIVE');
  });
});

describe('a halted instrument', () => {
  const halt = ({ engine }: Desk) =>
    engine.haltInstrument(BTC.id, 'POSITION_UNPROTECTED', 'no stop would rest');

  test('is written down once, even when two halt it at the same moment', async () => {
    const desk = await openDesk();
    expect(await Promise.all([halt(desk), halt(desk)])).toEqual([true, false]);
    expect(await halt(desk)).toBe(false);
    expect(await desk.eventsOf('instrument.halted')).toHaveLength(1);
    expect(desk.book.halted.get(BTC.id)).toMatchObject({ because: 'no stop would rest' });
  });

  test('takes no entry, before and after a restart', async () => {
    const before = await openDesk();
    await halt(before);
    const { clock, ledger, venue } = before;
    for (const desk of [before, await openDesk({ clock, ledger, venue })]) {
      const verdict = desk.engine.preview(entryOrder(desk.proposal('P1')));
      expect(verdict).toMatchObject({ cleared: false, code: 'INSTRUMENT_HALTED' });
    }
  });
});

describe('an alarm', () => {
  const raise = ({ engine }: Desk, subject: string) =>
    engine.alarm('VENUE_MISMATCH', subject, 'a test');

  test('is told once of each subject, not with every look', async () => {
    const desk = await openDesk();
    expect(await Promise.all([raise(desk, 'a'), raise(desk, 'a')])).toEqual([true, false]);
    expect(await raise(desk, 'b')).toBe(true);
    expect(await raise(desk, 'a')).toBe(false);
    const told = await desk.eventsOf('alarm.raised');
    expect(told.map(({ body }) => body.subject)).toEqual(['a', 'b']);
  });

  test('is told again by the next process: somebody may have missed the first', async () => {
    const { engine, clock, ledger, venue } = await openDesk();
    await engine.alarm('VENUE_MISMATCH', 'a', 'a test');
    const desk = await openDesk({ clock, ledger, venue });
    expect(await raise(desk, 'a')).toBe(true);
  });
});
