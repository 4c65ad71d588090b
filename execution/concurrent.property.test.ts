/**
 * Any number of approved intents, executed at the same moment and answered in any order: what they hold
 * and what they became never exceed a limit together. The audit adds up the journal in plain sums of its
 * own; it shares no code with the book, the snapshot or the kernel.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { HOUR_MS } from '../domain/clock.ts';
import { orderIdFor } from '../domain/entry-order.ts';
import type { DomainEvent } from '../domain/event.ts';
import { type IntentId, intentId, proposalId } from '../domain/ids.ts';
import { BTC, ETH, MOMENTUM, REVERSION } from '../domain/testing/samples.ts';
import type { DecimalText } from '../domain/units.ts';
import { tighten } from '../risk-kernel/limits-in-force.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import type { Answer } from './testing/lying-venue.ts';

/** Marks that never move and fills at the mark without fees: equity is 10,000 throughout. */
const EQUITY = 10_000;
const MARKS = { 'BTC/USD': 50_000, 'ETH/USD': 2_000 } as const;
const INSTRUMENTS = [BTC, ETH];

const GO_ON = {
  to: 'ACTIVE',
  rebasePeak: false,
  by: { kind: 'PERSON', name: 'ada' },
  because: 'a test',
} as const;

interface Idea {
  readonly instrument: number;
  readonly momentum: boolean;
  readonly long: boolean;
  /** Worth at the mark. */
  readonly dollars: number;
  readonly answer: Answer;
  /** How long the venue takes to answer, in turns of the event loop. */
  readonly turns: number;
  readonly fate: 'FILL' | 'PART' | 'CANCEL' | 'REST';
}

const idea: fc.Arbitrary<Idea> = fc.record({
  instrument: fc.nat(INSTRUMENTS.length - 1),
  momentum: fc.boolean(),
  long: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  dollars: fc.integer({ min: 1, max: 9 }).map((n) => n * 100),
  answer: fc.constantFrom<Answer>(
    'ACCEPT',
    'ACCEPT',
    'ACCEPT',
    'ACCEPT',
    'ACCEPT',
    'REJECT',
    'LOST',
  ),
  turns: fc.nat(6),
  fate: fc.constantFrom('FILL', 'FILL', 'PART', 'CANCEL', 'REST'),
});

const cases = fc.record({
  limits: fc.record({
    positionsOpenMax: fc.integer({ min: 1, max: 4 }),
    positionSizeBpsMax: fc.integer({ min: 3, max: 10 }).map((n) => n * 100),
    grossExposureBpsMax: fc.integer({ min: 8, max: 30 }).map((n) => n * 100),
  }),
  rounds: fc.array(fc.array(idea, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

interface Hold {
  readonly key: string;
  readonly quantity: number;
  readonly notional: number;
  filled: number;
}

/** Everything that is held or may yet be, by instrument and strategy. */
class Audit {
  readonly #holds = new Map<string, Hold>();
  readonly #positions = new Map<string, number>();
  readonly #worstOf = { gross: 0, instrument: 0, positions: 0 };

  hear(event: DomainEvent): void {
    switch (event.type) {
      case 'order.submitting': {
        const { order, hold } = event.body;
        if (order.role !== 'ENTRY') return;
        const key = `${order.instrumentId} ${order.strategyId}`;
        const [quantity, notional] = [Number(order.quantity), Number(hold.notional)];
        this.#holds.set(order.id, { key, quantity, notional, filled: 0 });
        return this.#measure();
      }
      case 'order.rejected':
      case 'order.canceled':
        return void this.#holds.delete(event.body.orderId);
      case 'order.filled': {
        const { orderId, instrumentId, strategyId, side, quantity } = event.body;
        const hold = this.#holds.get(orderId);
        if (hold !== undefined) hold.filled += Number(quantity);
        const key = `${instrumentId} ${strategyId}`;
        const signed = side === 'BUY' ? Number(quantity) : -Number(quantity);
        this.#positions.set(key, (this.#positions.get(key) ?? 0) + signed);
        return this.#measure();
      }
      default:
    }
  }

  get worst(): Readonly<Record<'gross' | 'instrument' | 'positions', number>> {
    return this.#worstOf;
  }

  #measure(): void {
    const worth = new Map<string, number>();
    const put = (key: string, amount: number): void =>
      void worth.set(key, (worth.get(key) ?? 0) + amount);
    for (const { key, quantity, notional, filled } of this.#holds.values())
      if (filled < quantity) put(key, (notional * (quantity - filled)) / quantity);
    for (const [key, quantity] of this.#positions)
      if (Math.abs(quantity) > 1e-12) put(key, Math.abs(quantity) * markOf(key));
    const sums = Object.keys(MARKS).map((id) => sum(worth, (key) => key.startsWith(id)));
    const worst = this.#worstOf;
    worst.gross = Math.max(
      worst.gross,
      sum(worth, () => true),
    );
    worst.instrument = Math.max(worst.instrument, ...sums);
    worst.positions = Math.max(worst.positions, worth.size);
  }
}

const markOf = (key: string): number => MARKS[key.split(' ')[0] as keyof typeof MARKS];

const sum = (worth: ReadonlyMap<string, number>, keep: (key: string) => boolean): number =>
  [...worth].reduce((total, [key, amount]) => (keep(key) ? total + amount : total), 0);

function proposalOf(desk: Desk, name: string, one: Idea) {
  const instrument = INSTRUMENTS[one.instrument]!;
  const mark = MARKS[instrument.id as keyof typeof MARKS];
  const up = one.long ? 1 : -1;
  return desk.proposal(name, {
    instrumentId: instrument.id,
    strategyId: one.momentum ? MOMENTUM : REVERSION,
    direction: one.long ? 'LONG' : 'SHORT',
    quantity: `${one.dollars / mark}`,
    referencePrice: `${mark}`,
    stop: `${mark * (1 - 0.02 * up)}`,
    target: `${mark * (1 + 0.06 * up)}`,
    notional: `${one.dollars}`,
    lossAtStop: `${one.dollars / 50}`,
  });
}

/** Approved as if each were the only one; undefined where the kernel would not even have that. */
async function approved(desk: Desk, name: string, one: Idea): Promise<IntentId | undefined> {
  const proposal = await desk.request(proposalOf(desk, name, one));
  const outcome = await desk.decide(proposal);
  if (outcome.kind !== 'DECIDED' || outcome.status !== 'APPROVED') return undefined;
  await desk.approvals.record(proposal.id);
  return intentId(orderIdFor(proposal.id, 'ENTRY'));
}

async function play({ limits, rounds }: Case): Promise<{ audit: Audit; codes: readonly string[] }> {
  const desk = await openDesk({ limits: tighten(limits) });
  const audit = new Audit();
  desk.ledger.subscribe(({ event }) => audit.hear(event));
  const codes: string[] = [];
  for (const [round, ideas] of rounds.entries()) {
    desk.clock.advanceTo(desk.clock.now() + HOUR_MS);
    desk.mark('50000');
    desk.mark('2000', ETH);
    const named = ideas.map((one, index) => [`R${round}I${index}`, one] as const);
    const byId = new Map(named.map(([name, one]) => [idOf(name), one]));
    desk.venue.answer = ({ id }) => byId.get(id)?.answer ?? 'ACCEPT';
    desk.venue.onArrival = async ({ id }) => {
      for (let turn = byId.get(id)?.turns ?? 0; turn > 0; turn--) await Promise.resolve();
    };
    const intents: (IntentId | undefined)[] = [];
    for (const [name, one] of named) intents.push(await approved(desk, name, one));
    const results = await Promise.all(
      intents.map((intent) => (intent === undefined ? undefined : desk.engine.execute(intent))),
    );
    for (const result of results) if (result?.kind === 'DENIED') codes.push(result.code);
    for (const [name, one] of named) await meetFate(desk, name, one);
    await desk.guard.settle();
    // An answer that was lost is asked for, and a person lets trading go on.
    await desk.engine.reconcile();
    await desk.guard.settle();
    if (desk.book.tradingState !== 'ACTIVE') await desk.loosening.step(GO_ON);
  }
  return { audit, codes };
}

const idOf = (name: string) => orderIdFor(proposalId(name), 'ENTRY');

async function meetFate(
  desk: Desk,
  name: string,
  { fate, dollars, instrument }: Idea,
): Promise<void> {
  const id = idOf(name);
  if (!desk.venue.resting.has(id)) return;
  const mark = MARKS[INSTRUMENTS[instrument]!.id as keyof typeof MARKS];
  const half: DecimalText = `${dollars / mark / 2}`;
  if (fate === 'FILL') desk.venue.fill(id, `${mark}`);
  if (fate === 'PART') desk.venue.fill(id, `${mark}`, half);
  if (fate === 'CANCEL') await desk.engine.cancel(id, 'a test');
}

test('approved intents executed at once, in any interleaving, exceed no limit together', () =>
  fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const { audit } = await play(one);
      const { gross, instrument, positions } = audit.worst;
      const room = (bps: number): number => (EQUITY * bps) / 10_000 + 1e-6;
      expect(gross).toBeLessThanOrEqual(room(one.limits.grossExposureBpsMax));
      expect(instrument).toBeLessThanOrEqual(room(one.limits.positionSizeBpsMax));
      expect(positions).toBeLessThanOrEqual(one.limits.positionsOpenMax);
    }),
    { numRuns: PROPERTY_RUNS / 5 },
  ));

test('and each way of being too much is what stops some of them', async () => {
  const codes = new Set<string>();
  for (const one of fc.sample(cases, { numRuns: 100, seed: 7 }))
    for (const code of (await play(one)).codes) codes.add(code);
  for (const code of [
    'POSITIONS_EXCEED_MAXIMUM',
    'POSITION_ALREADY_OPEN',
    'POSITION_CONFLICT',
    'POSITION_SIZE_EXCEEDS_MAXIMUM',
  ])
    expect(codes).toContain(code);
  expect(
    codes.has('GROSS_EXPOSURE_EXCEEDS_MAXIMUM') || codes.has('CONCENTRATION_EXCEEDS_MAXIMUM'),
  ).toBe(true);
});
