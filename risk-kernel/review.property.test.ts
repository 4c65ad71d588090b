import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Order } from '../domain/order.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { ETH, EUR } from '../domain/testing/samples.ts';
import { add } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import type { Finding } from './findings.ts';
import { LIMIT_NAMES, type LimitName, LIMITS } from './limits.ts';
import { LimitRefused, type LimitsInForce, tighten } from './limits-in-force.ts';
import { preview, review } from './review.ts';
import type { RiskSnapshot } from './snapshot.ts';
import { accounts, entries, exposures, lots } from './testing/arbitraries.ts';
import { CALM, commandFor } from './testing/base-case.ts';

const RUNS = { numRuns: PROPERTY_RUNS };

const codeOf = (
  order: Order,
  snapshot: RiskSnapshot,
  inForce?: LimitsInForce,
): ReasonCode | undefined => {
  const opinion = preview(commandFor(order), snapshot, inForce);
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

/** Of several orders of ours that could be met, the one that is named may be any. */
const unnamed = (finding: Finding): Partial<Finding> =>
  finding.code === 'SELF_MATCH' ? { ...finding, value: '' } : finding;

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

  test('says the same however positions, holds, exits, recent entries, strategies and permissions are listed', () => {
    const listed = accounts.map((snapshot) => ({
      ...snapshot,
      permitted: [...CALM.permitted, ETH.id, EUR.id],
    }));
    const shuffled = listed.chain((snapshot) =>
      fc
        .record({
          positions: shuffle(snapshot.positions),
          holds: shuffle(snapshot.holds),
          exits: shuffle(snapshot.exits),
          recentEntries: shuffle(snapshot.recentEntries),
          strategies: shuffle(snapshot.strategies),
          permitted: shuffle(snapshot.permitted),
        })
        .map((order) => [snapshot, { ...snapshot, ...order }] as const),
    );
    fc.assert(
      fc.property(entries, shuffled, (order, [one, other]) => {
        const [first, second] = [one, other].map((picture) => preview(commandFor(order), picture));
        expect(codeOf(order, other)).toBe(codeOf(order, one));
        expect(second!.findings.list.map(unnamed)).toEqual(first!.findings.list.map(unnamed));
      }),
      RUNS,
    );
  });

  test('never clears more of what was too large', () => {
    const TOO_LARGE: ReadonlySet<ReasonCode | undefined> = new Set<ReasonCode>([
      'LOTS_EXCEED_MAXIMUM',
      'NOTIONAL_EXCEEDS_MAXIMUM',
      'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
      'POSITION_SIZE_EXCEEDS_MAXIMUM',
      'CONCENTRATION_EXCEEDS_MAXIMUM',
      'TURNOVER_EXCEEDS_MAXIMUM',
      'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
      'LEVERAGE_EXCEEDS_MAXIMUM',
      'BUYING_POWER_INSUFFICIENT',
      'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    ]);
    fc.assert(
      fc.property(entries, accounts, lots(0, 1_000_000), (order, snapshot, extra) => {
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

describe('a tighter limit', () => {
  /** Between a hundredth of a limit and the limit itself; of a `Min`, between it and a fifth more. */
  const tighterSettings = fc
    .dictionary(fc.constantFrom(...LIMIT_NAMES), fc.integer({ min: 1, max: 100 }), { maxKeys: 4 })
    .map((shares) =>
      Object.fromEntries(
        Object.entries(shares).map(([name, share]) => [name, tightened(name as LimitName, share)]),
      ),
    );

  test('never clears what a looser one denies', () => {
    fc.assert(
      fc.property(entries, accounts, tighterSettings, tighterSettings, (order, snapshot, a, b) => {
        const looser = accepted(a);
        const tighter = accepted(tighterOf(a, b));
        fc.pre(looser !== undefined && tighter !== undefined);
        if (codeOf(order, snapshot, tighter) !== undefined) return;
        expect(codeOf(order, snapshot, looser)).toBeUndefined();
        expect(codeOf(order, snapshot)).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('still clears in fair numbers, and denies what the constants clear', () => {
    const sample = fc.sample(fc.tuple(entries, accounts, tighterSettings), {
      numRuns: 2_000,
      seed: 1,
    });
    const clearedByConstants = sample.filter(
      ([order, snapshot]) => codeOf(order, snapshot) === undefined,
    );
    const clearedByBoth = clearedByConstants.filter(([order, snapshot, settings]) => {
      const inForce = accepted(settings);
      return inForce !== undefined && codeOf(order, snapshot, inForce) === undefined;
    });
    expect(clearedByBoth.length).toBeGreaterThan(15);
    expect(clearedByConstants.length - clearedByBoth.length).toBeGreaterThan(15);
  });
});

type Settings = Readonly<Record<string, number>>;

const isMin = (name: string): boolean => name.endsWith('Min');

function tightened(name: LimitName, share: number): number {
  const limit = LIMITS[name];
  if (isMin(name)) return limit + Math.floor((limit * (100 - share)) / 500);
  if (name === 'independentCorrelationMax') return (limit * share) / 100;
  return Math.max(1, Math.floor((limit * share) / 100));
}

/** Every setting of both, and where both have one, the tighter. */
function tighterOf(a: Settings, b: Settings): Settings {
  const both = { ...a, ...b };
  for (const name of Object.keys(both)) {
    const values = [a, b].flatMap((settings) => settings[name] ?? []);
    both[name] = isMin(name) ? Math.max(...values) : Math.min(...values);
  }
  return both;
}

/** Undefined where the settings contradict each other. */
function accepted(settings: Settings): LimitsInForce | undefined {
  try {
    return tighten(settings);
  } catch (error) {
    if (error instanceof LimitRefused) return undefined;
    throw error;
  }
}

const shuffle = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...list], { minLength: list.length });
