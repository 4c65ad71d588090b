/**
 * Any number of reviews, one after another on one account that changes between them: together they never
 * exceed a limit. What stands reserved is added up here in plain sums that share no code with the kernel.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { clientOrderId, instrumentId, strategyId } from '../domain/ids.ts';
import { defineInstrument, type Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { BTC, START_MS } from '../domain/testing/samples.ts';
import { type Money, money, price, type Price, type Quantity, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { type Hold, holdOf } from './command.ts';
import { review } from './review.ts';
import type { Exposure, OpenPosition, RecentEntry, RiskSnapshot } from './snapshot.ts';
import { CALM, standing } from './testing/base-case.ts';

const CENT = 10n ** 10n;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const EQUITY = money('10000');
const MARK = price('100');
const CLASSES = ['CRYPTO', 'FX', 'METAL'] as const;
const STRATEGIES = ['a', 'b', 'c', 'd'].map(strategyId);
const INSTRUMENTS: readonly Instrument[] = Array.from({ length: 18 }, (_, index) =>
  defineInstrument({
    ...BTC,
    id: instrumentId(`I${index}/USD`),
    base: `I${index}`,
    assetClass: CLASSES[index % CLASSES.length]!,
    lot: quantity('0.01'),
    unitsPerStandardLot: quantity('1000'),
  }),
);

/** A fixed table of how instruments move: some together, some against each other, some unknown. */
const correlationOf = (a: number, b: number): number | null =>
  a === b ? 1 : ([0, 0.2, 0.75, null, -0.8, 0.1, 0.3][(a * b + a + b) % 7] ?? null);

/** What happens to the entries that were cleared before, and what is asked next. */
interface Step {
  readonly minutes: number;
  readonly instrument: number;
  readonly strategy: number;
  readonly long: boolean;
  readonly limit: boolean;
  /** In lots, each worth a dollar at the mark. */
  readonly size: number;
  readonly stopAwayCents: number;
  /** To which of the live entries something happens, and what. */
  readonly whose: number;
  readonly fate: 'FILL' | 'VOID' | 'CLOSE' | 'WAIT';
}

/** Lots, and the stop's distance in cents: many small ones, large ones, or as much at risk as a trade may. */
const amounts = {
  MIXED: [fc.integer({ min: 10, max: 1_100 }), fc.integer({ min: 50, max: 3_000 })],
  SAME: [fc.constant(100), fc.constant(200)],
  LARGE: [fc.integer({ min: 850, max: 990 }), fc.integer({ min: 50, max: 200 })],
  RISKY: [fc.integer({ min: 700, max: 990 }), fc.integer({ min: 1_500, max: 2_500 })],
} as const;

const stepsOf = ([size, stopAwayCents]: readonly [fc.Arbitrary<number>, fc.Arbitrary<number>]) =>
  fc.array(
    fc.record<Step>({
      minutes: fc.oneof(fc.nat(3), fc.nat(40)),
      instrument: fc.nat(INSTRUMENTS.length - 1),
      strategy: fc.nat(STRATEGIES.length - 1),
      long: fc.boolean(),
      limit: fc.boolean(),
      size,
      stopAwayCents,
      whose: fc.nat(20),
      fate: fc.constantFrom('FILL', 'VOID', 'CLOSE', 'WAIT'),
    }),
    { minLength: 20, maxLength: 60, size: 'max' },
  );

/** Some sequences stay with a few instruments, and some keep whatever they open. */
const steps: fc.Arbitrary<Step[]> = fc
  .record({
    list: fc.oneof(...Object.values(amounts).map(stepsOf)),
    breadth: fc.integer({ min: 1, max: INSTRUMENTS.length }),
    keeps: fc.boolean(),
  })
  .map(({ list, breadth, keeps }) =>
    list.map((step) => ({
      ...step,
      instrument: step.instrument % breadth,
      fate: keeps ? 'FILL' : step.fate,
    })),
  );

/** An entry that was cleared and has not ended. */
interface Live {
  readonly instrument: number;
  readonly order: Order;
  readonly reserved: Hold;
  filled: boolean;
}

interface World {
  nowMs: number;
  seq: number;
  live: Live[];
  readonly cleared: RecentEntry[];
}

function orderOf(step: Step, seq: number): Order {
  const away = BigInt(step.stopAwayCents) * CENT;
  const towards = step.long ? 1n : -1n;
  return {
    id: clientOrderId(`E${seq}`),
    instrumentId: INSTRUMENTS[step.instrument]!.id,
    strategyId: STRATEGIES[step.strategy]!,
    role: 'ENTRY',
    side: step.long ? 'BUY' : 'SELL',
    quantity: (BigInt(step.size) * CENT) as Quantity,
    timeInForce: 'GTC',
    reduceOnly: false,
    ...(step.limit ? { type: 'LIMIT', limitPrice: MARK } : { type: 'MARKET' }),
    protectiveStop: (MARK - towards * away) as Price,
    target: (MARK + towards * 2n * away) as Price,
  };
}

function pictureFor(world: World, instrument: number): RiskSnapshot {
  const exposureOf = (entry: Live): Exposure => ({
    instrumentId: entry.order.instrumentId,
    strategyId: entry.order.strategyId,
    assetClass: INSTRUMENTS[entry.instrument]!.assetClass,
    direction: entry.order.side === 'BUY' ? 'LONG' : 'SHORT',
    notional: entry.reserved.notional,
    risk: entry.reserved.risk,
    correlation: correlationOf(entry.instrument, instrument),
    addTo: null,
  });
  const positionOf = (entry: Live): OpenPosition => ({
    ...exposureOf(entry),
    quantity: entry.order.quantity,
  });
  return {
    ...CALM,
    seq: world.seq,
    asOfMs: world.nowMs,
    mark: { price: MARK, atMs: world.nowMs },
    permitted: INSTRUMENTS.map(({ id }) => id),
    strategies: STRATEGIES.map((id) => standing(id)),
    equity: EQUITY,
    positions: world.live.filter(({ filled }) => filled).map(positionOf),
    holds: world.live.filter(({ filled }) => !filled).map(exposureOf),
    recentEntries: world.cleared.filter(({ atMs }) => atMs > world.nowMs - DAY),
  };
}

/** Fills one live entry, or ends it. */
function meetFate({ live }: World, { whose, fate }: Step): void {
  const entry = live[whose % Math.max(1, live.length)];
  if (entry === undefined || fate === 'WAIT') return;
  if (fate === 'FILL') entry.filled = true;
  else if (entry.filled === (fate === 'CLOSE')) live.splice(live.indexOf(entry), 1);
}

/** Takes one step, and says why the kernel refused it. */
function take(world: World, step: Step): ReasonCode | undefined {
  world.nowMs += step.minutes * MINUTE;
  world.seq += 1;
  meetFate(world, step);
  const order = orderOf(step, world.seq);
  const instrument = INSTRUMENTS[step.instrument]!;
  const command = { order, instrument, nowMs: world.nowMs };
  const verdict = review(command, pictureFor(world, step.instrument));
  if (!verdict.cleared) return verdict.code;
  const { notional, risk } = holdOf(order, MARK);
  const reserved = { notional, risk };
  expect(reserved).toEqual(plainReserve(step));
  world.live.push({ instrument: step.instrument, order, reserved, filled: false });
  world.cleared.push({
    instrumentId: order.instrumentId,
    side: order.side,
    quantity: order.quantity,
    notional: reserved.notional,
    atMs: world.nowMs,
  });
  return undefined;
}

/** By hand: a dollar a lot, a hundredth worse for a market order, and that hundredth more to the stop. */
function plainReserve({ size, limit, long, stopAwayCents }: Step): Hold {
  const lots = BigInt(size);
  const slackCents = limit ? 0n : 100n;
  const worstCents = 10_000n + (long ? slackCents : 0n);
  return {
    notional: ((lots * worstCents * CENT) / 100n) as Money,
    risk: ((lots * (BigInt(stopAwayCents) + slackCents) * CENT) / 100n) as Money,
  };
}

const sum = (entries: readonly Live[], part: keyof Hold): bigint =>
  entries.reduce((total, { reserved }) => total + reserved[part], 0n);

/** A share of equity in percent. */
const percent = (share: number): bigint => (EQUITY / 100n) * BigInt(share);

function groupsOf<T>(list: readonly T[], keyOf: (item: T) => string): readonly T[][] {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

/** Whether two entries move together: by what is known, or by their kind where nothing is. */
function movesWith(a: Live, b: Live): boolean {
  const correlation = correlationOf(a.instrument, b.instrument);
  if (correlation === null) return a.instrument % CLASSES.length === b.instrument % CLASSES.length;
  return (a.order.side === b.order.side ? correlation : -correlation) >= 0.7;
}

/** Every limit that is exceeded, by name. */
function exceeded({ live, cleared, nowMs }: World): string[] {
  const lastHour = cleared.filter(({ atMs }) => atMs > nowMs - HOUR);
  const today = cleared.filter(({ atMs }) => Math.floor(atMs / DAY) === Math.floor(nowMs / DAY));
  const hourly = lastHour.reduce((total, { notional }) => total + notional, 0n);
  const newest = live.at(-1);
  const others = live.slice(0, -1);
  const inInstrument = groupsOf(live, ({ order }) => order.instrumentId);
  const rules: readonly [string, boolean][] = [
    ['positions', live.length <= 10],
    ['gross exposure', sum(live, 'notional') <= percent(80)],
    ['one instrument', inInstrument.every((group) => sum(group, 'notional') <= percent(10))],
    [
      'one direction',
      inInstrument.every((group) => new Set(group.map(({ order }) => order.side)).size === 1),
    ],
    [
      'one class',
      groupsOf(live, ({ instrument }) => String(instrument % CLASSES.length)).every(
        (group) => sum(group, 'notional') <= percent(50),
      ),
    ],
    [
      'one strategy',
      groupsOf(live, ({ order }) => order.strategyId).every(
        (group) => sum(group, 'risk') <= percent(5),
      ),
    ],
    [
      'one of a strategy in an instrument',
      groupsOf(live, ({ order }) => `${order.instrumentId} ${order.strategyId}`).every(
        (group) => group.length === 1,
      ),
    ],
    ['one trade', live.every(({ reserved }) => reserved.risk <= percent(2))],
    ['entries a day', today.length <= 20],
    ['entries an hour', lastHour.length <= 5],
    [
      'the same again',
      groupsOf(lastHour, (e) => `${e.instrumentId} ${e.side} ${e.quantity}`).every(
        (group) => group.length <= 2,
      ),
    ],
    ['turnover', hourly <= percent(40)],
    [
      'moving together',
      newest === undefined || others.filter((other) => movesWith(other, newest)).length < 3,
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([name]) => name);
}

const newWorld = (): World => ({ nowMs: START_MS, seq: 1, live: [], cleared: [] });

test('however many reviews follow each other, together they exceed no limit', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const world = newWorld();
      for (const step of list) {
        if (take(world, step) !== undefined) continue;
        expect(exceeded(world)).toEqual([]);
      }
    }),
    { numRuns: PROPERTY_RUNS },
  );
});

test('and every one of those limits is met on the way', () => {
  const sample = fc.sample(steps, { numRuns: 300, seed: 1 });
  const codes = new Set(
    sample.flatMap((list) => {
      const world = newWorld();
      return list.map((step) => take(world, step));
    }),
  );
  const met: readonly ReasonCode[] = [
    'POSITIONS_EXCEED_MAXIMUM',
    'POSITION_ALREADY_OPEN',
    'POSITION_CONFLICT',
    'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    'POSITION_SIZE_EXCEEDS_MAXIMUM',
    'TURNOVER_EXCEEDS_MAXIMUM',
    'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
    'REPEATED_EXECUTION',
    'CONCENTRATION_EXCEEDS_MAXIMUM',
    'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
  ];
  expect(met.filter((code) => !codes.has(code))).toEqual([]);
});
