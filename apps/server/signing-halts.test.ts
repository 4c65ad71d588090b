/** Somebody changes the record of a running desk behind its back: it is noticed, everything stops, exits go on. */
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DomainEvent } from '../../domain/event.ts';
import { SignedHouse } from '../../ledger/checkpoints/testing/signed-house.ts';
import { chainedEvent } from '../../ledger/journal-row.ts';
import { yes } from '../../tests/support/graph.ts';
import { candles, decideAll, feedOf, planned, type Plan } from '../../tests/support/world.ts';
import { expectProtected } from '../runtime/testing/expect-protected.ts';
import { SignedRuntime } from '../runtime/testing/signed-runtime.ts';
import { Schedule } from './signing.ts';

/** A set-up on each of the first bars; the last falls through the stop. */
const FEED = feedOf(candles(50_000, [[50_000], [50_000], [50_000], [50_000], [45_000]]));
const always: Plan = () => ({});

let house: SignedHouse;
beforeEach(() => {
  house = new SignedHouse();
});
afterEach(() => house.remove());

/** A desk with a position that is protected, whose record was signed a moment ago. */
async function openDesk() {
  const signed = new SignedRuntime(house, {
    feed: FEED,
    strategies: [planned(always)],
    reasoner: yes,
  });
  const { runtime, checkpointer, ledger } = await signed.open();
  const faults: unknown[] = [];
  let nowMs = 0;
  const schedule = new Schedule({
    checkpointer,
    runtime,
    now: () => nowMs,
    onFault: (error) => void faults.push(error),
  });
  const market = FEED.events(0)[Symbol.asyncIterator]();
  const bar = async (): Promise<void> => {
    const { value } = await market.next();
    await runtime.play(value);
    await decideAll(runtime);
  };
  const minute = async (): Promise<void> => {
    nowMs += 60_000;
    await schedule.look();
  };
  const events = async (): Promise<readonly DomainEvent[]> => {
    await ledger.flush();
    return house.store.journal.map((row) => chainedEvent(row).event);
  };
  const sent = async (): Promise<number> =>
    (await events()).filter(
      (event) => event.type === 'order.submitting' && event.body.order.role === 'ENTRY',
    ).length;
  await bar();
  await bar();
  await minute();
  return { runtime, ledger, bar, minute, events, sent, faults };
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

/** Nothing new is opened any more, somebody is told why, and the stop still does its work. */
async function expectHalted(desk: Desk, because: RegExp): Promise<void> {
  const { runtime, ledger, events, bar, sent } = desk;
  const { book } = runtime.parts;
  expect(book).toMatchObject({ tradingState: 'HALTED', tradingStateCode: 'AUDIT_CHAIN_BROKEN' });
  expect([ledger.intact, ledger.broken]).toEqual([false, undefined]);
  const alarms = (await events()).filter(({ type }) => type === 'alarm.raised');
  expect(alarms.at(-1)?.body).toMatchObject({
    code: 'AUDIT_CHAIN_BROKEN',
    because: expect.stringMatching(because),
  });
  const before = await sent();
  await expectProtected(runtime, 'after the halt');
  expect(book.portfolio.positions.size).toBe(1);
  await bar();
  await bar();
  expect(await sent()).toBe(before);
  expect(book.portfolio.positions.size).toBe(0);
  const stops = (await events()).filter(
    (event) =>
      event.type === 'order.filled' && book.order(event.body.orderId)?.order.role === 'STOP',
  );
  expect(stops).toHaveLength(1);
}

describe('a running desk', () => {
  test('whose record is left alone goes on, minute after minute', async () => {
    const desk = await openDesk();
    await desk.bar();
    await desk.minute();
    expect(desk.runtime.parts.book).toMatchObject({ tradingState: 'ACTIVE' });
    expect(desk.faults).toEqual([]);
    expect((await house.signed()).at(-1)?.size).toBe(desk.ledger.head.seq);
  });

  test('halts at the next signature when a fresh row was changed', async () => {
    const desk = await openDesk();
    const size = desk.ledger.head.seq;
    await desk.bar();
    await desk.ledger.flush();
    house.change(size + 1, { atMs: 1 });
    expect(desk.runtime.parts.book.tradingState).toBe('ACTIVE');
    await desk.minute();
    await expectHalted(desk, new RegExp(`Column atMs of event ${size + 1} says 1`));
    expect((await house.signed()).at(-1)?.size).toBe(size);
  });

  test('halts at the next signature when its guards were taken down', async () => {
    const desk = await openDesk();
    await desk.bar();
    house.guardFaults = ['The trigger journal_rows_stay on journal is disabled.'];
    await desk.minute();
    await expectHalted(desk, /journal_rows_stay on journal is disabled/);
  });

  test('halts at the next signature when its checkpoints were taken away', async () => {
    const desk = await openDesk();
    rmSync(house.path);
    await desk.bar();
    await desk.minute();
    await expectHalted(desk, /was changed by somebody else/);
  });

  test('halts after three minutes in which nothing could be signed, though nothing new came', async () => {
    const desk = await openDesk();
    await desk.bar();
    rmSync(`${house.folder}/audit`, { recursive: true });
    writeFileSync(`${house.folder}/audit`, '');
    await desk.minute();
    await desk.minute();
    expect(desk.runtime.parts.book.tradingState).toBe('ACTIVE');
    await desk.minute();
    expect(desk.faults).toHaveLength(3);
    await expectHalted(desk, /^checkpoints cannot be signed: .*(ENOTDIR|EEXIST)/);
  });

  test('survives that its ledger is broken while nothing can be signed', async () => {
    const desk = await openDesk();
    await desk.ledger.append();
    // Another process takes over the same store.
    await house.open();
    await desk.bar().catch(() => undefined);
    for (let times = 0; times < 4; times++) await desk.minute();
    expect(desk.ledger.broken).toContain('took over');
    // Three that could not be signed, and the doubt that could not be written down.
    expect(desk.faults).toHaveLength(4);
  });
});
