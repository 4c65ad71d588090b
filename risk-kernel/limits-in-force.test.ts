import { describe, expect, test } from 'vitest';

import { HOUR_MS } from '../domain/clock.ts';
import { START_MS } from '../domain/testing/samples.ts';
import { hashLimits, LIMIT_NAMES, type LimitName, LIMITS } from './limits.ts';
import {
  isInForce,
  LIMITS_HASH,
  LimitRefused,
  type LimitsInForce,
  type ProfileName,
  PROFILES,
  STANDARD,
  tighten,
  tightenedBy,
} from './limits-in-force.ts';
import { review } from './review.ts';
import { baseEntry, baseExit, recent } from './testing/base-case.ts';

const isMin = (name: LimitName): boolean => name.endsWith('Min');
const refusal = (settings: Record<string, unknown>): string => {
  try {
    tighten(settings);
  } catch (error) {
    if (error instanceof LimitRefused) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('the constants', () => {
  test('are in force where nobody asked for anything tighter', () => {
    expect(STANDARD.limits).toEqual(LIMITS);
    expect(tighten({}).limits).toEqual(LIMITS);
    expect(LIMITS_HASH).toBe(hashLimits(LIMITS));
    expect(STANDARD.hash).toBe(LIMITS_HASH);
  });

  test('may be said again', () => {
    expect(tighten(LIMITS).hash).toBe(LIMITS_HASH);
  });
});

describe('settings that are no object of names and numbers', () => {
  test.each<[unknown]>([
    [null],
    [undefined],
    [[]],
    [[['leverageMax', 2]]],
    ['x'],
    [''],
    [5],
    [true],
  ])('are refused: %o', (settings) => {
    expect(refusal(settings as Record<string, unknown>)).toBe(
      'limits are an object of names and numbers, such as {"leverageMax": 2}',
    );
  });

  test('are refused under a name of its own', () => {
    expect(() => tighten({ leverageMax: 'much' })).toThrow(
      expect.objectContaining({
        name: 'LimitRefused',
        message: 'leverageMax must be a number above 0, found "much"',
      }),
    );
  });
});

describe('a setting is refused by its name', () => {
  test.each(['orderLots', 'riskPerTradeBpsMAX', '', '__proto__', 'constructor', 'toString'])(
    'that is not a limit: "%s"',
    (key) => {
      const settings = JSON.parse(`{${JSON.stringify(key)}: 1}`) as Record<string, unknown>;
      expect(refusal(settings)).toBe(
        `"${key}" is not a limit; "plimsoll kernel limits" lists them`,
      );
    },
  );

  test.each(LIMIT_NAMES)('that would loosen %s', (name) => {
    const looser = isMin(name) ? LIMITS[name] - 0.001 : LIMITS[name] + 0.001;
    const side = isMin(name) ? 'at least' : 'at most';
    expect(refusal({ [name]: looser })).toBe(
      `${name} would be loosened to ${looser}; it may be ${side} ${LIMITS[name]}`,
    );
  });

  describe.each(LIMIT_NAMES)('%s', (name) => {
    test.each<unknown>([
      NaN,
      Infinity,
      -Infinity,
      0,
      -0,
      -1,
      '1',
      null,
      undefined,
      true,
      [],
      [1],
      {},
      { valueOf: () => 1 },
    ])('of %o', (value) => {
      expect(refusal({ [name]: value })).toContain(`${name} must be a number above 0`);
    });
  });

  test('that is a fraction where only whole numbers have a meaning', () => {
    expect(refusal({ positionsOpenMax: 1.5 })).toContain('positionsOpenMax must be a whole number');
    expect(tighten({ independentCorrelationMax: 0.35 }).limits.independentCorrelationMax).toBe(
      0.35,
    );
  });

  test('that contradicts another limit', () => {
    expect(refusal({ drawdownReleaseBpsMin: 500 })).toContain(
      'drawdownReleaseBpsMin must be below drawdownFullSizeBpsMax',
    );
    expect(refusal({ drawdownFullSizeBpsMax: 100 })).toContain('drawdownReleaseBpsMin');
  });

  test('also when it stands beside good ones', () => {
    expect(refusal({ leverageMax: 5, positionsOpenMax: 11, entriesPerDayMax: 3 })).toContain(
      'positionsOpenMax would be loosened to 11',
    );
  });
});

describe('a tighter limit', () => {
  test.each(LIMIT_NAMES)('%s is taken over and changes the hash', (name) => {
    const tighter = isMin(name) ? LIMITS[name] + 1 : LIMITS[name] / 2;
    const value = name === 'independentCorrelationMax' ? tighter : Math.ceil(tighter);
    const inForce = tighten({ [name]: value });
    expect(inForce.limits[name]).toBe(value);
    if (value !== LIMITS[name]) expect(inForce.hash).not.toBe(LIMITS_HASH);
    expect(inForce.hash).toBe(hashLimits(inForce.limits));
    expect(isInForce(inForce)).toBe(true);
  });

  test('takes along what may not exceed it, through every link', () => {
    expect(tighten({ drawdownBpsMax: 150 }).limits).toMatchObject({
      drawdownBpsMax: 150,
      drawdownEntriesBpsMax: 150,
      drawdownHalfSizeBpsMax: 150,
      drawdownFullSizeBpsMax: 150,
      dailyLossBpsMax: 150,
      strategyDailyLossBpsMax: 150,
      riskPerTradeBpsMax: 150,
      strategyRiskBpsMax: 500,
    });
    expect(tighten({ grossExposureBpsMax: 300 }).limits).toMatchObject({
      assetClassExposureBpsMax: 300,
      positionSizeBpsMax: 300,
    });
    expect(tighten({ entriesPerDayMax: 1 }).limits).toMatchObject({
      entriesPerHourMax: 1,
      identicalEntriesPerHourMax: 1,
      entriesPerHourHalfSizeMax: 1,
      entriesPerHourQuarterSizeMax: 1,
    });
  });

  test('changes nothing that may stay as it is', () => {
    expect(tighten({ dailyLossBpsMax: 100 }).limits).toEqual({
      ...LIMITS,
      dailyLossBpsMax: 100,
      strategyDailyLossBpsMax: 100,
      riskPerTradeBpsMax: 100,
    });
    expect(tighten({ positionsOpenMax: 3 }).limits).toEqual({
      ...LIMITS,
      positionsOpenMax: 3,
      correlatedPositionsMax: 2,
    });
  });

  test('is listed with what it took along, and nothing else is', () => {
    expect(tightenedBy(STANDARD)).toEqual({});
    expect(tightenedBy(tighten(LIMITS))).toEqual({});
    expect(tightenedBy(tighten({ strategyRiskBpsMax: 150, rewardRiskMilliMin: 2_000 }))).toEqual({
      riskPerTradeBpsMax: 150,
      strategyRiskBpsMax: 150,
      rewardRiskMilliMin: 2_000,
    });
  });

  test.each([
    [5, 3],
    [3, 2],
    [2, 1],
    [1, 1],
  ])('of %d open positions leaves %d that move together', (positionsOpenMax, together) => {
    expect(tighten({ positionsOpenMax }).limits.correlatedPositionsMax).toBe(together);
  });

  test('decides', () => {
    const { command, snapshot } = baseEntry({ recentEntries: [recent()] });
    expect(review(command, snapshot, tighten({ entriesPerHourMax: 2 })).cleared).toBe(true);
    expect(review(command, snapshot, tighten({ entriesPerHourMax: 1 }))).toMatchObject({
      cleared: false,
      code: 'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
      limitsHash: tighten({ entriesPerHourMax: 1 }).hash,
    });
  });
});

describe('the rungs of the ladder', () => {
  test('halve and quarter size and tries, and change nothing else', () => {
    const half = { riskPerTradeBpsMax: 100, positionSizeBpsMax: 500, entriesPerHourMax: 3 };
    const quarter = { riskPerTradeBpsMax: 50, positionSizeBpsMax: 250, entriesPerHourMax: 1 };
    expect(STANDARD.onRung).toEqual([
      LIMITS,
      { ...LIMITS, ...half },
      { ...LIMITS, ...quarter },
      { ...LIMITS, ...quarter },
      { ...LIMITS, ...quarter },
    ]);
  });

  test('are worked out from the tighter limits, rounded down', () => {
    const { onRung } = tighten({ riskPerTradeBpsMax: 25, entriesPerHourHalfSizeMax: 2 });
    expect(onRung.map((limits) => limits.riskPerTradeBpsMax)).toEqual([25, 12, 6, 6, 6]);
    expect(onRung.map((limits) => limits.entriesPerHourMax)).toEqual([5, 2, 1, 1, 1]);
  });
});

describe('limits that tighten did not make', () => {
  const strangers: readonly [string, unknown][] = [
    ['a copy', { ...STANDARD }],
    ['a frozen copy', Object.freeze({ ...STANDARD })],
    ['an heir', Object.create(STANDARD)],
    ['a proxy', new Proxy(STANDARD, {})],
    ['a structured clone', structuredClone(STANDARD)],
    ['limits alone', LIMITS],
    ['something looser', { ...STANDARD, limits: { ...LIMITS, leverageMax: 1e9 } }],
    ['nothing', null],
    ['a word', 'STANDARD'],
    ['a number', 5],
    ['an empty object', {}],
  ];

  test.each(strangers)('%s: no entry is cleared under it', (_, stranger) => {
    expect(isInForce(stranger)).toBe(false);
    const { command, snapshot } = baseEntry();
    expect(review(command, snapshot, stranger as LimitsInForce)).toMatchObject({
      cleared: false,
      code: 'LIMITS_UNKNOWN',
    });
  });

  test('an exit waits for no limits', () => {
    const { command, snapshot } = baseExit();
    const stranger = { ...STANDARD } as LimitsInForce;
    expect(review(command, snapshot, stranger).cleared).toBe(true);
  });
});

test('the constants are known for what tighten made', () => {
  expect(isInForce(STANDARD)).toBe(true);
  expect(isInForce(undefined)).toBe(false);
});

describe('what is in force', () => {
  test('cannot be changed, at any depth', () => {
    const inForce = tighten({ leverageMax: 5 });
    const { limits, onRung } = inForce;
    for (const part of [inForce, limits, onRung, ...onRung, ...STANDARD.onRung]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(() => Object.assign(limits, { leverageMax: 100 })).toThrow(TypeError);
    expect(() => Object.assign(inForce, { limits: LIMITS })).toThrow(TypeError);
  });

  test('does not follow the settings it was made from', () => {
    const settings = { entriesPerHourMax: 1 };
    const inForce = tighten(settings);
    settings.entriesPerHourMax = 5;
    const { command, snapshot } = baseEntry({
      recentEntries: [recent({ atMs: START_MS - HOUR_MS + 1 })],
    });
    expect(review(command, snapshot, inForce).cleared).toBe(false);
  });
});

describe('the profiles', () => {
  const names = Object.keys(PROFILES) as ProfileName[];

  test.each(names)('%s is frozen and tightens', (name) => {
    expect(Object.isFrozen(PROFILES)).toBe(true);
    expect(Object.isFrozen(PROFILES[name])).toBe(true);
    const { limits } = tighten(PROFILES[name]);
    expect(limits).toMatchObject(PROFILES[name]);
    for (const limit of LIMIT_NAMES) {
      if (isMin(limit)) expect(limits[limit]).toBeGreaterThanOrEqual(LIMITS[limit]);
      else expect(limits[limit]).toBeLessThanOrEqual(LIMITS[limit]);
    }
  });

  test('have each a hash of their own; the first is the constants', () => {
    expect(names[0]).toBe('standard');
    expect(tighten(PROFILES.standard).hash).toBe(LIMITS_HASH);
    expect(new Set(names.map((name) => tighten(PROFILES[name]).hash)).size).toBe(names.length);
  });

  test('are pinned', () => {
    expect(PROFILES).toEqual({
      standard: {},
      careful: {
        riskPerTradeBpsMax: 100,
        positionSizeBpsMax: 500,
        positionsOpenMax: 5,
        entriesPerDayMax: 10,
        entriesPerHourMax: 3,
        dailyLossBpsMax: 300,
      },
      minimal: {
        riskPerTradeBpsMax: 25,
        positionSizeBpsMax: 200,
        positionsOpenMax: 2,
        entriesPerDayMax: 3,
        entriesPerHourMax: 1,
        dailyLossBpsMax: 100,
        grossExposureBpsMax: 1_000,
      },
    });
  });
});
