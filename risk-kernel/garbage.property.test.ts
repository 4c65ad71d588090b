import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId, instrumentId } from '../domain/ids.ts';
import { REASON_CODES } from '../domain/reason-code.ts';
import { BTC, MOMENTUM, START_MS } from '../domain/testing/samples.ts';
import { price, quantity } from '../domain/units.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import type { Command } from './command.ts';
import { review } from './review.ts';
import type { Exposure, OpenPosition, RiskSnapshot } from './snapshot.ts';
import {
  baseEntry,
  CALM,
  type Case,
  commandFor,
  ENTRY,
  EXIT,
  ladder,
  position,
  recent,
  resting,
} from './testing/base-case.ts';

const RUNS = { numRuns: PROPERTY_RUNS };

const ELSEWHERE = clientOrderId('E1P9');

/** A picture with one of everything, on which an entry with one of everything still clears. */
const PICTURE = baseEntry({
  positions: [position('X')],
  holds: [
    holdFor(position('Y')),
    holdFor(position('X', { strategyId: MOMENTUM, addTo: ELSEWHERE })),
  ],
  ladders: [ladder({ entryId: ELSEWHERE, instrumentId: instrumentId('X/USD') })],
  // On the other side, so that it locks the entry as soon as it says anything else.
  locks: [{ instrumentId: BTC.id, side: 'SELL', code: 'ORDER_UNRESOLVED' }],
  exits: [resting('X9P9'), resting('X9P8', { limitPrice: price('10') })],
  recentEntries: [recent()],
});
const FULL: Case = {
  ...PICTURE,
  command: commandFor({
    ...ENTRY,
    management: {
      partialTargets: [{ price: price('52000'), quantity: quantity('0.0014') }],
      trail: { distance: { bps: 150 }, armed: { targetsFilled: 1 } },
      breakEven: false,
      closeAfterMs: 3_600_000,
      closeAtMs: START_MS,
      closeOnSignal: true,
      adds: [{ price: price('49600'), quantity: quantity('0.0014') }],
    },
  }),
};
const FULL_PARTS = { ...FULL.command, snapshot: FULL.snapshot };

function holdFor(full: OpenPosition): Exposure {
  const { quantity: _, ...exposure } = full;
  return exposure;
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

const LISTS: ReadonlySet<string> = new Set(
  'positions holds exits recentEntries ladders locks adds partialTargets'.split(' '),
);
const WORDS: ReadonlySet<string> = new Set(
  'tradingState assetClass direction side role type timeInForce quote currency code'.split(' '),
);

/** What a place may hold besides what it holds; anything else is poison there. */
function isFine(path: Path, value: unknown): boolean {
  const name = path.at(-1) ?? '';
  const old = at(FULL_PARTS, path);
  // A label: read by people, not by the kernel.
  if (name === 'base') return true;
  if (path.includes('management')) return isFinePlan(path, value);
  if (name === 'dayResult') return typeof value === 'bigint';
  // An instant before 1970 is as long ago as any.
  if (name === 'atMs' && path.includes('recentEntries')) return value === -1;
  if (name === 'limitPrice') return value === null;
  if (name === 'correlation') return value === null || Number.isFinite(value);
  if (name === 'ocoGroupId') return value === null || value === '1';
  if (name === 'addTo') return value === null || (path.includes('holds') && value === '1');
  // An empty list of what is held is a picture of holding nothing.
  if (LISTS.has(name) && Array.isArray(old)) {
    return Array.isArray(value) && value.length === 0;
  }
  // Another name is another thing; another word, or another currency, is not a good one.
  if (typeof old === 'string' && !WORDS.has(name)) return value === '1';
  return value === old;
}

/** What is not planned is as good as what is, and an empty plan is one. */
function isFinePlan(path: Path, value: unknown): boolean {
  const name = path.at(-1) ?? '';
  const isLeftOut = value === undefined || value === MISSING;
  if (name === 'management') return isLeftOut || isEmptyObject(value);
  if (path.length === 3 && isLeftOut) return true;
  if (name === 'breakEven' || name === 'closeOnSignal') return value === true;
  if (LISTS.has(name)) return Array.isArray(value) && value.length === 0;
  return false;
}

/** A review copies a plan, and of these nothing but an empty one is left. */
const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length === 0;

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
    expect(poisoned.length).toBeGreaterThan(1_400);
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
