import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { REASON_CODES } from '../domain/reason-code.ts';
import {
  assertLimits,
  hashLimits,
  LIMIT_NAMES,
  LIMIT_TABLE,
  type Limits,
  LIMITS,
} from './limits.ts';

const edited = (change: Partial<Limits>): Limits => ({ ...LIMITS, ...change });

test('the constants are the ones of the record', () => {
  expect(LIMITS).toEqual({
    riskPerTradeBpsMax: 200,
    orderLotsMax: 1,
    orderNotionalMax: 1_000_000,
    positionSizeBpsMax: 1_000,
    assetClassExposureBpsMax: 5_000,
    grossExposureBpsMax: 8_000,
    leverageMax: 10,
    accountBalanceMin: 1_000,
    positionsOpenMax: 10,
    correlatedPositionsMax: 3,
    independentCorrelationMax: 0.7,
    entriesPerDayMax: 20,
    entriesPerHourMax: 5,
    identicalEntriesPerHourMax: 2,
    messagesPerMinuteMax: 60,
    openOrdersMax: 50,
    turnoverPerHourBpsMax: 4_000,
    priceCollarBpsMax: 100,
    markAgeMsMax: 60_000,
    rewardRiskMilliMin: 1_500,
    strategiesActiveMax: 4,
    strategyRiskBpsMax: 500,
    strategyDailyLossBpsMax: 200,
    strategyLossStreakMax: 5,
    dailyLossBpsMax: 500,
    drawdownFullSizeBpsMax: 500,
    drawdownHalfSizeBpsMax: 800,
    drawdownEntriesBpsMax: 1_200,
    drawdownBpsMax: 1_500,
    drawdownReleaseBpsMin: 100,
    halfSizeBpsMax: 5_000,
    quarterSizeBpsMax: 2_500,
    entriesPerHourHalfSizeMax: 3,
    entriesPerHourQuarterSizeMax: 1,
    rejectsPerMinuteMax: 5,
    messagesStormPerMinuteMax: 120,
    feedSilenceMsMax: 120_000,
    snapshotAgeMsMax: 5_000,
    clearanceMsMax: 30_000,
  });
  expect(() => assertLimits(LIMITS)).not.toThrow();
});

test.each(LIMIT_NAMES)('%s has a unit, a code of the list, a reason and a side', (name) => {
  const { value, unit, code, why } = LIMIT_TABLE[name];
  expect(value).toBe(LIMITS[name]);
  expect(unit).not.toBe('');
  expect(REASON_CODES).toContain(code);
  expect(why).toMatch(/^[A-Z].*\.$/);
  expect(name).toMatch(/(Max|Min)$/);
});

test('nobody can change them', () => {
  const limits = LIMITS as { -readonly [Name in keyof Limits]: number };
  expect(Object.isFrozen(LIMITS)).toBe(true);
  expect(Object.isFrozen(LIMIT_TABLE)).toBe(true);
  expect(Object.isFrozen(LIMIT_NAMES)).toBe(true);
  for (const name of LIMIT_NAMES) {
    expect(Object.isFrozen(LIMIT_TABLE[name])).toBe(true);
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
  describe.each(LIMIT_NAMES)('%s', (name) => {
    test.each([0, -1, NaN, Infinity])('of %d', (value) => {
      expect(() => assertLimits(edited({ [name]: value }))).toThrow(
        `risk limits: ${name} must be a positive number, found ${value}`,
      );
    });
  });

  test.each(LIMIT_NAMES.filter((name) => name !== 'independentCorrelationMax'))(
    'a fraction of %s',
    (name) => {
      expect(() => assertLimits(edited({ [name]: LIMITS[name] + 0.5 }))).toThrow(
        `risk limits: ${name} must be a whole number, found ${LIMITS[name] + 0.5}`,
      );
    },
  );

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
    [
      'independentCorrelationMax must be at most 0.99',
      { independentCorrelationMax: 0.990_001 },
      { independentCorrelationMax: 0.99 },
    ],
    [
      'grossExposureBpsMax must be at most 10000',
      { grossExposureBpsMax: 10_001 },
      { grossExposureBpsMax: 10_000 },
    ],
    [
      'halfSizeBpsMax must be at most 10000',
      { halfSizeBpsMax: 10_001 },
      { halfSizeBpsMax: 10_000 },
    ],
    [
      'rewardRiskMilliMin must be at least 1000',
      { rewardRiskMilliMin: 999 },
      { rewardRiskMilliMin: 1_000 },
    ],
    [
      'riskPerTradeBpsMax must not exceed strategyRiskBpsMax',
      { strategyRiskBpsMax: 199 },
      { strategyRiskBpsMax: 200 },
    ],
    [
      'riskPerTradeBpsMax must not exceed dailyLossBpsMax',
      { dailyLossBpsMax: 199 },
      { dailyLossBpsMax: 200 },
    ],
    [
      'strategyDailyLossBpsMax must not exceed dailyLossBpsMax',
      { strategyDailyLossBpsMax: 501 },
      { strategyDailyLossBpsMax: 500 },
    ],
    [
      'dailyLossBpsMax must not exceed drawdownBpsMax',
      { dailyLossBpsMax: 501, drawdownBpsMax: 500 },
      {
        drawdownFullSizeBpsMax: 500,
        drawdownHalfSizeBpsMax: 500,
        drawdownEntriesBpsMax: 500,
        drawdownBpsMax: 500,
      },
    ],
    [
      'positionSizeBpsMax must not exceed assetClassExposureBpsMax',
      { assetClassExposureBpsMax: 999 },
      { assetClassExposureBpsMax: 1_000 },
    ],
    [
      'assetClassExposureBpsMax must not exceed grossExposureBpsMax',
      { assetClassExposureBpsMax: 8_001 },
      { assetClassExposureBpsMax: 8_000 },
    ],
    [
      'entriesPerHourMax must not exceed entriesPerDayMax',
      { entriesPerHourMax: 21 },
      { entriesPerHourMax: 20 },
    ],
    [
      'identicalEntriesPerHourMax must not exceed entriesPerHourMax',
      { identicalEntriesPerHourMax: 6 },
      { identicalEntriesPerHourMax: 5 },
    ],
    [
      'entriesPerHourHalfSizeMax must not exceed entriesPerHourMax',
      { entriesPerHourHalfSizeMax: 6 },
      { entriesPerHourHalfSizeMax: 5 },
    ],
    [
      'entriesPerHourQuarterSizeMax must not exceed entriesPerHourHalfSizeMax',
      { entriesPerHourQuarterSizeMax: 4 },
      { entriesPerHourQuarterSizeMax: 3 },
    ],
    [
      'quarterSizeBpsMax must not exceed halfSizeBpsMax',
      { quarterSizeBpsMax: 5_001 },
      { quarterSizeBpsMax: 5_000 },
    ],
    [
      'drawdownFullSizeBpsMax must not exceed drawdownHalfSizeBpsMax',
      { drawdownFullSizeBpsMax: 801 },
      { drawdownFullSizeBpsMax: 800 },
    ],
    [
      'drawdownHalfSizeBpsMax must not exceed drawdownEntriesBpsMax',
      { drawdownHalfSizeBpsMax: 1_201 },
      { drawdownHalfSizeBpsMax: 1_200 },
    ],
    [
      'drawdownEntriesBpsMax must not exceed drawdownBpsMax',
      { drawdownEntriesBpsMax: 1_501 },
      { drawdownEntriesBpsMax: 1_500 },
    ],
    [
      'messagesPerMinuteMax must not exceed messagesStormPerMinuteMax',
      { messagesPerMinuteMax: 121 },
      { messagesPerMinuteMax: 120 },
    ],
    [
      'drawdownReleaseBpsMin must be below drawdownFullSizeBpsMax',
      { drawdownReleaseBpsMin: 500 },
      { drawdownReleaseBpsMin: 499 },
    ],
    [
      'correlatedPositionsMax must be below positionsOpenMax',
      { correlatedPositionsMax: 10 },
      { correlatedPositionsMax: 9 },
    ],
    [
      'correlatedPositionsMax must be below positionsOpenMax',
      { positionsOpenMax: 2, correlatedPositionsMax: 2 },
      { positionsOpenMax: 1, correlatedPositionsMax: 1 },
    ],
  ])('%s', (rule, breaks, keeps) => {
    expect(() => assertLimits(edited(breaks))).toThrow(`risk limits: ${rule}`);
    expect(() => assertLimits(edited(keeps))).not.toThrow();
  });
});

describe('the hash', () => {
  const HASH = hashLimits(LIMITS);

  test('is in lower-case hexadecimal', () => {
    expect(HASH).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is the SHA-256 of the names and values, in the order of the alphabet', () => {
    const text = JSON.stringify(Object.entries(LIMITS).toSorted());
    expect(HASH).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('changes with every value', () => {
    const hashes = LIMIT_NAMES.map((name) => hashLimits(edited({ [name]: LIMITS[name] + 1 })));
    expect(new Set([...hashes, HASH]).size).toBe(LIMIT_NAMES.length + 1);
  });

  test('does not change with the order in which they are written', () => {
    const turned = Object.fromEntries(Object.entries(LIMITS).toReversed());
    expect(hashLimits(turned as unknown as Limits)).toBe(HASH);
  });
});
