import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId, instrumentId, ocoGroupId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { REASON_CODES, type ReasonCode } from '../domain/reason-code.ts';
import { BTC, MOMENTUM, REVERSION, START_MS } from '../domain/testing/samples.ts';
import { add, type Money, type Price, type Quantity, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import type { Command } from './command.ts';
import { preview, review } from './review.ts';
import type { Exposure, OpenPosition, RestingExit, RiskSnapshot } from './snapshot.ts';
import {
  baseEntry,
  CALM,
  type Case,
  commandFor,
  ENTRY,
  EXIT,
  held,
  position,
} from './testing/base-case.ts';

const RUNS = { numRuns: PROPERTY_RUNS };

const units = (min: number, max: number, step: bigint): fc.Arbitrary<bigint> =>
  fc.integer({ min, max }).map((n) => BigInt(n) * step);
const dollars = (min: number, max: number): fc.Arbitrary<Money> =>
  units(min, max, 10n ** 12n) as fc.Arbitrary<Money>;
const onTick = (min: number, max: number): fc.Arbitrary<Price> =>
  units(min * 100, max * 100, BTC.tick) as fc.Arbitrary<Price>;

/** Entries that are well formed and mostly, but not always, good. */
const entries: fc.Arbitrary<Order> = fc
  .record({
    long: fc.boolean(),
    quantity: units(10_000, 3_000_000, BTC.lot) as fc.Arbitrary<Quantity>,
    type: fc.constantFrom('MARKET' as const, 'LIMIT' as const, 'STOP' as const),
    at: onTick(49_400, 50_600),
    stopAway: onTick(-50, 3_000),
    targetAway: onTick(-50, 9_000),
  })
  .map(({ long, quantity: size, type, at, stopAway, targetAway }) => ({
    ...ENTRY,
    side: long ? 'BUY' : 'SELL',
    quantity: size,
    type,
    ...(type === 'LIMIT' ? { limitPrice: at } : {}),
    ...(type === 'STOP' ? { stopPrice: at } : {}),
    protectiveStop: (long ? at - stopAway : at + stopAway) as Price,
    target: (long ? at + targetAway : at - targetAway) as Price,
  }));

const exposures = (count: number): fc.Arbitrary<OpenPosition[]> =>
  fc.array(
    fc.record({
      instrumentId: fc.constantFrom(...['BTC/USD', 'A/USD', 'B/USD', 'C/USD'].map(instrumentId)),
      strategyId: fc.constantFrom(MOMENTUM, REVERSION),
      assetClass: fc.constantFrom('CRYPTO' as const, 'FX' as const),
      direction: fc.constantFrom('LONG' as const, 'SHORT' as const),
      quantity: units(1, 1_000, BTC.lot) as fc.Arbitrary<Quantity>,
      notional: dollars(0, 900),
      risk: dollars(0, 90),
      correlation: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
    }),
    { maxLength: count },
  );

const accounts: fc.Arbitrary<RiskSnapshot> = fc
  .record({
    equity: dollars(9_000, 12_000),
    lost: dollars(0, 300),
    positions: exposures(4),
    holds: exposures(2),
    entriesToday: fc.integer({ min: 0, max: 21 }),
    entriesLastHour: fc.integer({ min: 0, max: 5 }),
    lossStreak: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ equity, lost, lossStreak, ...rest }) => ({
    ...CALM,
    ...rest,
    equity,
    peakEquity: add(equity, lost),
    dayOpenEquity: add(equity, lost),
    strategies: [
      { id: MOMENTUM, enabled: true, lossStreak },
      { id: REVERSION, enabled: true, lossStreak: 0 },
    ],
  }));

const codeOf = (order: Order, snapshot: RiskSnapshot): ReasonCode | undefined => {
  const opinion = preview(commandFor(order), snapshot);
  return opinion.cleared ? undefined : opinion.code;
};

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

test('the cases these laws are tried on are cleared and denied in fair numbers', () => {
  const sample = fc.sample(fc.tuple(entries, accounts), { numRuns: 2_000, seed: 1 });
  const codes = sample.map(([order, snapshot]) => codeOf(order, snapshot));
  expect(codes.filter((code) => code === undefined).length).toBeGreaterThan(60);
  expect(new Set(codes).size).toBeGreaterThan(10);
});

describe('review', () => {
  test('changes neither command nor snapshot', () => {
    fc.assert(
      fc.property(entries, accounts, (order, snapshot) => {
        const command = deepFreeze(commandFor(order));
        const picture = deepFreeze(snapshot);
        const before = structuredClone({ command, picture });
        review(command, picture);
        expect({ command, picture }).toEqual(before);
      }),
      RUNS,
    );
  });

  test('says the same however positions, holds, exits, strategies and permissions are listed', () => {
    const shuffled = accounts.chain((snapshot) =>
      fc
        .record({
          positions: shuffle(snapshot.positions),
          holds: shuffle(snapshot.holds),
          strategies: shuffle(snapshot.strategies),
        })
        .map((order) => [snapshot, { ...snapshot, ...order }] as const),
    );
    fc.assert(
      fc.property(entries, shuffled, (order, [one, other]) => {
        expect(preview(commandFor(order), other)).toEqual(preview(commandFor(order), one));
      }),
      RUNS,
    );
  });

  test('never clears more of what was too large', () => {
    const TOO_LARGE: ReadonlySet<ReasonCode | undefined> = new Set<ReasonCode>([
      'LOTS_EXCEED_MAXIMUM',
      'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
      'POSITION_SIZE_EXCEEDS_MAXIMUM',
      'LEVERAGE_EXCEEDS_MAXIMUM',
      'BUYING_POWER_INSUFFICIENT',
      'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    ]);
    const more = units(0, 1_000_000, BTC.lot) as fc.Arbitrary<Quantity>;
    fc.assert(
      fc.property(entries, accounts, more, (order, snapshot, extra) => {
        fc.pre(TOO_LARGE.has(codeOf(order, snapshot)));
        const larger = { ...order, quantity: add(order.quantity, extra) };
        expect(codeOf(larger, snapshot)).toBeDefined();
      }),
      RUNS,
    );
  });

  test('never clears with more exposure what it denied with less', () => {
    fc.assert(
      fc.property(entries, accounts, exposures(2), (order, snapshot, extra) => {
        fc.pre(codeOf(order, snapshot) !== undefined);
        const fuller = { ...snapshot, holds: [...snapshot.holds, ...extra] };
        expect(codeOf(order, fuller)).toBeDefined();
      }),
      RUNS,
    );
  });
});

const shuffle = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...list], { minLength: list.length });

/** A picture with one of everything, on which the entry still clears. */
const FULL: Case = baseEntry({
  positions: [position('X')],
  holds: [holdOf(position('Y'))],
  exits: [exitOf('X9P9')],
});
const FULL_PARTS = { ...FULL.command, snapshot: FULL.snapshot };

function holdOf(full: OpenPosition): Exposure {
  const { quantity: _, ...exposure } = full;
  return exposure;
}
function exitOf(id: string): RestingExit {
  return {
    orderId: clientOrderId(id),
    instrumentId: instrumentId('X/USD'),
    strategyId: REVERSION,
    side: 'SELL',
    quantity: quantity('1'),
    ocoGroupId: null,
  };
}

type Path = readonly string[];

/** Every place in a value, lists and objects included. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy with one place changed. */
function withAt(value: unknown, [key, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<string, unknown>)
    : { ...(value as Record<string, unknown>) };
  const next = withAt(copy[key], rest, change);
  if (next === MISSING) delete copy[key];
  else copy[key] = next;
  return copy;
}

const MISSING = Symbol('missing');
const POISONS: readonly unknown[] = [
  MISSING,
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  0.5,
  -1n,
  '1',
  '',
  true,
  [],
  ['1'],
  {},
  new Uint8Array(0),
  { valueOf: () => 1n },
];

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);

const WORDS: ReadonlySet<string> = new Set(
  'tradingState assetClass direction side role type timeInForce'.split(' '),
);

/** What a place may hold besides what it holds; anything else is poison there. */
function isFine(path: Path, value: unknown): boolean {
  const name = path.at(-1) ?? '';
  const old = at(FULL_PARTS, path);
  // Labels: read by people, not by the kernel.
  if (name === 'base' || name === 'quote') return true;
  if (name === 'correlation') return value === null || Number.isFinite(value);
  if (name === 'ocoGroupId') return value === null || value === '1';
  // An empty list of what is held is a picture of holding nothing.
  if (['positions', 'holds', 'exits'].includes(name) && path.length === 2) {
    return Array.isArray(value) && value.length === 0;
  }
  // Another name is another thing; another word is not a good one.
  if (typeof old === 'string' && !WORDS.has(name)) return value === '1';
  return value === old;
}

const buildCase = (parts: unknown): Case => {
  const { snapshot, ...command } = parts as Command & { snapshot: RiskSnapshot };
  return { command, snapshot };
};

describe('an entry is never cleared', () => {
  const poisoned = pathsOf(FULL_PARTS).flatMap((path) =>
    POISONS.filter((poison) => !isFine(path, poison)).map((poison) => ({ path, poison })),
  );
  const spoilt = ({ path, poison }: { path: Path; poison: unknown }): Case =>
    buildCase(withAt(FULL_PARTS, path, () => poison));

  test('although the picture it is poisoned in would clear it', () => {
    expect(review(FULL.command, FULL.snapshot).cleared).toBe(true);
    expect(poisoned.length).toBeGreaterThan(800);
  });

  test('with one field missing, of another kind, not finite or negative', () => {
    const cleared = poisoned.filter((one) => {
      const { command, snapshot } = spoilt(one);
      return review(command, snapshot).cleared;
    });
    expect(cleared.map(({ path, poison }) => [path.join('.'), poison])).toEqual([]);
  });

  test('with several such fields at once', () => {
    const several = fc.array(fc.constantFrom(...poisoned), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(several, (list) => {
        // The shallowest first, so that no change is lost below another.
        const flat = list.filter(({ path }) => path.length === 2);
        fc.pre(flat.length > 0);
        const parts = flat.reduce<unknown>(
          (value, { path, poison }) => withAt(value, path, () => poison),
          FULL_PARTS,
        );
        const { command, snapshot } = buildCase(parts);
        expect(review(command, snapshot).cleared).toBe(false);
      }),
      RUNS,
    );
  });

  test('on a stale picture or a stale mark, however stale', () => {
    const ages = fc.integer({ min: 60_001, max: 10_000_000 });
    fc.assert(
      fc.property(ages, fc.boolean(), (ageMs, ofMark) => {
        const atMs = START_MS - ageMs;
        const stale = ofMark ? { mark: { ...CALM.mark!, atMs } } : { asOfMs: atMs };
        expect(review(FULL.command, { ...FULL.snapshot, ...stale }).cleared).toBe(false);
      }),
      RUNS,
    );
  });
});

describe('whatever it is given', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
    withBoxedValues: true,
  });
  const expectVerdict = (command: unknown, snapshot: unknown): void => {
    const verdict = review(command as Command, snapshot as RiskSnapshot);
    if (!verdict.cleared) expect(REASON_CODES).toContain(verdict.code);
  };

  test('in one field, review answers and does not throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(FULL_PARTS)), anything, (path, value) => {
        const { command, snapshot } = buildCase(withAt(FULL_PARTS, path, () => value));
        expectVerdict(command, snapshot);
      }),
      RUNS,
    );
  });

  test('in every field, review denies and does not throw', () => {
    const garbage = <T extends object>(shape: T): fc.Arbitrary<unknown> =>
      fc.record(Object.fromEntries(Object.keys(shape).map((key) => [key, anything])));
    const commands = fc.record({
      order: fc.oneof(garbage(EXIT), garbage(ENTRY), anything),
      instrument: fc.oneof(garbage(BTC), anything),
      nowMs: anything,
    });
    fc.assert(
      fc.property(fc.oneof(commands, anything), fc.oneof(garbage(CALM), anything), (c, s) => {
        expectVerdict(c, s);
        expect(review(c as Command, s as RiskSnapshot).cleared).toBe(false);
      }),
      RUNS,
    );
  });

  test('symbols and functions are no exception', () => {
    for (const value of [Symbol('x'), () => 1n, Object.create(null)]) {
      for (const path of pathsOf(FULL_PARTS)) {
        const { command, snapshot } = buildCase(withAt(FULL_PARTS, path, () => value));
        expectVerdict(command, snapshot);
      }
      expectVerdict(value, value);
    }
  });
});

describe('an exit that strictly reduces', () => {
  const anything = fc.anything();
  /** What the lane of exits must not look at, filled with anything at all. */
  const turmoil = fc.record({
    asOfMs: anything,
    tradingState: fc.constantFrom('ACTIVE', 'REDUCING', 'HALTED', undefined),
    emergency: anything,
    auditIntact: anything,
    reconciled: anything,
    permitted: anything,
    equity: anything,
    peakEquity: anything,
    dayOpenEquity: anything,
    holds: anything,
    entriesToday: anything,
    entriesLastHour: anything,
    strategies: anything,
    mark: anything,
  });
  const size = units(1, 10_000, BTC.lot) as fc.Arbitrary<Quantity>;
  const rivalOf = (quantityOf: Quantity, group: boolean): RestingExit => ({
    ...exitOf('X9P9'),
    instrumentId: BTC.id,
    strategyId: MOMENTUM,
    quantity: quantityOf,
    ocoGroupId: group ? ocoGroupId('exits:P1') : null,
  });
  const kinds = fc.constantFrom<Partial<Order>>(
    {},
    { role: 'EXIT', type: 'MARKET' },
    { role: 'TARGET', type: 'LIMIT', limitPrice: ENTRY.target! },
  );

  const scenes = fc.record({
    long: fc.boolean(),
    size,
    rival: size,
    grouped: fc.boolean(),
    beyond: units(-5_000, 5_000, BTC.lot) as fc.Arbitrary<Quantity>,
    kind: kinds,
    around: turmoil,
  });

  const sceneOf = ({
    long,
    size: ordered,
    rival,
    grouped,
    beyond,
    kind,
    around,
  }: ScenesOf<typeof scenes>): { readonly one: Case; readonly room: bigint } => {
    const { stopPrice: _, ...plain } = EXIT;
    const order: Order = {
      ...(kind.type === undefined ? EXIT : plain),
      ...kind,
      side: long ? 'SELL' : 'BUY',
      quantity: ordered,
    };
    const inPosition = (ordered + (grouped ? 0n : rival) + beyond) as Quantity;
    const snapshot = {
      ...CALM,
      ...(around as Partial<RiskSnapshot>),
      positions: [
        position('X'),
        { ...held(), direction: long ? 'LONG' : 'SHORT', quantity: inPosition },
      ],
      exits: [rivalOf(rival, grouped)],
    } as RiskSnapshot;
    return { one: { command: commandFor(order), snapshot }, room: beyond };
  };

  test('is cleared in every state, on any picture of the rest of the account', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { one, room } = sceneOf(scene);
        fc.pre(room >= 0n);
        expect(review(one.command, one.snapshot).cleared).toBe(true);
      }),
      RUNS,
    );
  });

  test('is the only kind of exit that is cleared', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { one, room } = sceneOf(scene);
        fc.pre(room < 0n);
        expect(review(one.command, one.snapshot).cleared).toBe(false);
        const wrongWay = one.command.order.side === 'BUY' ? 'SELL' : 'BUY';
        const turned = { ...one.command.order, side: wrongWay } as const;
        expect(review(commandFor(turned), one.snapshot).cleared).toBe(false);
      }),
      RUNS,
    );
  });
});

type ScenesOf<A> = A extends fc.Arbitrary<infer Scene> ? Scene : never;
