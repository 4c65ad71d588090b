import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../domain/clock.ts';
import { BTC, MOMENTUM, REVERSION, START_MS } from '../../domain/testing/samples.ts';
import { money, price, quantity, text, type Money } from '../../domain/units.ts';
import { byStrategy, endedWithin, performanceOf } from './performance.ts';
import type { ClosedTrade } from './trade.ts';

/** A trade that brought so much, ended so many hours after the start; a planned loss of 10. */
const ended = (net: string, hour = 1, change: Partial<ClosedTrade> = {}): ClosedTrade => ({
  id: `P${hour}`,
  run: null,
  currency: 'USD',
  strategyId: MOMENTUM,
  instrumentId: BTC.id,
  direction: 'LONG',
  timeframe: '1h',
  plan: null,
  plannedStop: price('90'),
  context: null,
  entries: [
    {
      fillId: 'f1' as never,
      orderId: 'E1' as never,
      atMs: START_MS,
      quantity: quantity('1'),
      price: price('100'),
      fee: money('0.5'),
      expected: price('100'),
    },
  ],
  exits: [],
  held: quantity('0'),
  net: money(net),
  openedAtMs: START_MS,
  closedAtMs: START_MS + hour * HOUR_MS,
  high: price('100'),
  low: price('100'),
  bars: 0,
  notes: [],
  ...change,
});

const told = (amount: Money | null): string | null => (amount === null ? null : text(amount));

test('what trades came to, worked by hand', () => {
  const found = performanceOf([ended('30', 1), ended('-10', 2), ended('-5', 3), ended('6', 4)]);
  expect(found).toMatchObject({ trades: 4, wins: 2, winRate: 0.5, longestLosingStreak: 2 });
  expect(found).toMatchObject({ losingStreak: 0, averageDurationMs: 2.5 * HOUR_MS });
  expect(found.profitFactor).toBeCloseTo(2.4, 12);
  expect(found.expectancyR).toBeCloseTo(0.525, 12);
  const { gained, lost, net, fees, expectancy } = found;
  expect([gained, lost, net, fees, expectancy].map(told)).toEqual(['36', '15', '21', '2', '5.25']);
  const { averageWin, averageLoss, largestWin, largestLoss } = found;
  expect([averageWin, averageLoss, largestWin, largestLoss].map(told)).toEqual([
    '18',
    '-7.5',
    '30',
    '-10',
  ]);
});

test('nothing is said of no trades', () => {
  expect(performanceOf([])).toMatchObject({
    trades: 0,
    winRate: null,
    profitFactor: null,
    expectancy: null,
    averageDurationMs: null,
    largestLoss: null,
  });
});

test('without a loss there is no profit factor, and with nothing but losses it is zero', () => {
  expect(performanceOf([ended('1')]).profitFactor).toBeNull();
  expect(performanceOf([ended('-1')]).profitFactor).toBe(0);
});

test('a streak is counted in the order in which trades ended, and one that brought nothing goes on with it', () => {
  const trades = [ended('-1', 5), ended('4', 1), ended('0', 4), ended('-1', 3)];
  expect(performanceOf(trades)).toMatchObject({ losingStreak: 3, longestLosingStreak: 3, wins: 1 });
});

test('a trade that had no stop to lose at is left out of the average of multiples', () => {
  const bare = ended('1000', 2, { plannedStop: null });
  expect(performanceOf([ended('20'), bare]).expectancyR).toBe(2);
  expect(performanceOf([bare]).expectancyR).toBeNull();
});

describe('the window', () => {
  const until = START_MS + 40 * DAY_MS;
  const daysAgo = (days: number): ClosedTrade =>
    ended('1', 0, { closedAtMs: until - days * DAY_MS });

  test('holds what ended in the last days, the newest event included', () => {
    const trades = [daysAgo(30), daysAgo(29.9), daysAgo(0)];
    expect(endedWithin(trades, 30, until)).toEqual(trades.slice(1));
  });

  test('holds nothing that goes on', () => {
    expect(endedWithin([{ ...daysAgo(1), closedAtMs: null }], 30, until)).toEqual([]);
  });
});

test('strategies are told apart', () => {
  const trades = [ended('1'), ended('2', 2, { strategyId: REVERSION }), ended('3', 3)];
  expect([...byStrategy(trades)].map(([id, own]) => [id, own.length])).toEqual([
    [MOMENTUM, 2],
    [REVERSION, 1],
  ]);
});
