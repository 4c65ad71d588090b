import { describe, expect, test } from 'vitest';

import { assertLimits, hashLimits, LIMITS, LIMITS_HASH, type Limits } from './limits.ts';

const NAMES = Object.keys(LIMITS) as (keyof Limits)[];
const edited = (change: Partial<Limits>): Limits => ({ ...LIMITS, ...change });

test('the constants are the ones of the record', () => {
  expect(LIMITS).toEqual({
    riskPerTradeBpsMax: 200,
    orderLotsMax: 1,
    positionsOpenMax: 10,
    dailyLossBpsMax: 500,
    drawdownBpsMax: 1_500,
    leverageMax: 10,
    entriesPerDayMax: 20,
    entriesPerHourMax: 5,
    strategiesActiveMax: 4,
    strategyRiskBpsMax: 500,
    correlatedPositionsMax: 3,
    correlationMin: 0.7,
    rewardRiskMilliMin: 1_500,
    accountBalanceMin: 1_000,
    positionSizeBpsMax: 1_000,
    strategyLossStreakMax: 5,
    priceCollarBpsMax: 100,
    markAgeMsMax: 60_000,
    snapshotAgeMsMax: 5_000,
    clearanceMsMax: 30_000,
  });
  expect(() => assertLimits(LIMITS)).not.toThrow();
});

test('nobody can change them', () => {
  const limits = LIMITS as { -readonly [Name in keyof Limits]: number };
  expect(Object.isFrozen(LIMITS)).toBe(true);
  for (const name of NAMES) {
    expect(() => (limits[name] = 1e9)).toThrow(TypeError);
    expect(() => Object.defineProperty(LIMITS, name, { value: 1e9 })).toThrow(TypeError);
    expect(() => delete (LIMITS as Partial<Limits> as Record<string, number>)[name]).toThrow(
      TypeError,
    );
  }
  expect(() => Object.assign(LIMITS, { override: true })).toThrow(TypeError);
  expect(() => Object.setPrototypeOf(LIMITS, {})).toThrow(TypeError);
});

describe('an edit that breaks a rule does not load', () => {
  describe.each(NAMES)('%s', (name) => {
    test.each([0, -1, NaN, Infinity])('of %d', (value) => {
      expect(() => assertLimits(edited({ [name]: value }))).toThrow(
        `risk limits: ${name} must be a positive number, found ${value}`,
      );
    });
  });

  test.each(NAMES.filter((name) => name !== 'correlationMin'))('a fraction of %s', (name) => {
    expect(() => assertLimits(edited({ [name]: LIMITS[name] + 0.5 }))).toThrow(
      `risk limits: ${name} must be a whole number`,
    );
  });

  /** The edit that breaks the rule, and the nearest one that keeps it. */
  test.each<[string, Partial<Limits>, Partial<Limits>]>([
    [
      'riskPerTradeBpsMax must be at most 500',
      { riskPerTradeBpsMax: 501, strategyRiskBpsMax: 501, dailyLossBpsMax: 501 },
      { riskPerTradeBpsMax: 500 },
    ],
    ['positionsOpenMax must be at most 20', { positionsOpenMax: 21 }, { positionsOpenMax: 20 }],
    [
      'dailyLossBpsMax must be at most 1000',
      { dailyLossBpsMax: 1_001 },
      { dailyLossBpsMax: 1_000 },
    ],
    ['drawdownBpsMax must be at most 2000', { drawdownBpsMax: 2_001 }, { drawdownBpsMax: 2_000 }],
    ['entriesPerDayMax must be at most 50', { entriesPerDayMax: 51 }, { entriesPerDayMax: 50 }],
    [
      'positionSizeBpsMax must be at most 2000',
      { positionSizeBpsMax: 2_001 },
      { positionSizeBpsMax: 2_000 },
    ],
    [
      'strategyLossStreakMax must be at most 10',
      { strategyLossStreakMax: 11 },
      { strategyLossStreakMax: 10 },
    ],
    ['correlationMin must be below 1', { correlationMin: 1 }, { correlationMin: 0.999_999 }],
    [
      'rewardRiskMilliMin must be at least 1000',
      { rewardRiskMilliMin: 999 },
      { rewardRiskMilliMin: 1_000 },
    ],
    [
      'one trade may not risk more than its strategy',
      { strategyRiskBpsMax: 199 },
      { strategyRiskBpsMax: 200 },
    ],
    ['one trade may not risk more than a day', { dailyLossBpsMax: 199 }, { dailyLossBpsMax: 200 }],
    [
      'a day may not lose more than the drawdown limit',
      { drawdownBpsMax: 499 },
      { drawdownBpsMax: 500 },
    ],
    [
      'an hour may not hold more entries than a day',
      { entriesPerHourMax: 21 },
      { entriesPerHourMax: 20 },
    ],
    [
      'a cluster must be smaller than the book',
      { correlatedPositionsMax: 10 },
      { correlatedPositionsMax: 9 },
    ],
  ])('%s', (rule, breaks, keeps) => {
    expect(() => assertLimits(edited(breaks))).toThrow(`risk limits: ${rule}`);
    expect(() => assertLimits(edited(keeps))).not.toThrow();
  });
});

describe('the hash', () => {
  test('is that of the limits in force, in lower-case hexadecimal', () => {
    expect(LIMITS_HASH).toBe(hashLimits(LIMITS));
    expect(LIMITS_HASH).toMatch(/^[0-9a-f]{64}$/);
  });

  test('changes with every value', () => {
    const hashes = NAMES.map((name) => hashLimits(edited({ [name]: LIMITS[name] + 1 })));
    expect(new Set([...hashes, LIMITS_HASH]).size).toBe(NAMES.length + 1);
  });

  test('does not change with the order in which they are written', () => {
    const turned = Object.fromEntries(Object.entries(LIMITS).toReversed());
    expect(hashLimits(turned as unknown as Limits)).toBe(LIMITS_HASH);
  });
});
