import { expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { checkSignals } from './authoring/check-signals.ts';
import { opinionsOn, signalsAmong } from './authoring/opinions-on.ts';
import { smaCross } from './sma-cross.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(smaCross);

const MINUTE = 60_000;
/** Bars of one price each, a unit high above and below it, so that the average range stays near two. */
const barsOf = (closes: readonly number[]): readonly Candle[] =>
  closes.map((close, i) => ({
    openTimeMs: i * MINUTE,
    open: close,
    high: close + 1,
    low: close - 1,
    close,
    volume: 1,
  }));

const flat = (price: number, bars: number): readonly number[] =>
  Array.from({ length: bars }, () => price);
/** Down to 99 for long enough to warm up, then up by half a unit a bar, then down again. */
const CLOSES = [
  ...flat(100, 150),
  ...flat(99, 60),
  ...Array.from({ length: 60 }, (_, i) => 99 + i / 2),
  ...Array.from({ length: 80 }, (_, i) => 128.5 - i / 2),
];

const strategy = smaCross.with({ fast: 2, slow: 4, stop: 3, rewardRisk: 2 });

test('a cross signals on its own bar, in its direction, and once', () => {
  const signals = checkSignals(strategy, barsOf(CLOSES), '1m');
  // Up: 99.5 is the first close above the rest, on bar 211. Down: 128 after the top, on bar 271;
  // its averages (128.25 and 128.25 …) part one bar later.
  expect(signals.map(({ direction, setupId }) => [direction, setupId])).toEqual([
    ['LONG', `sma-cross:LONG:${211 * MINUTE}`],
    ['SHORT', `sma-cross:SHORT:${272 * MINUTE}`],
  ]);
});

test('stop and target follow from the average range', () => {
  const [signal] = checkSignals(strategy, barsOf(CLOSES), '1m');
  const { entry, stop, target, evidence } = signal!;
  const range = evidence.find(({ id }) => id === 'sma-cross.range')!.value;
  expect(entry).toBe(99.5);
  expect(stop).toBeCloseTo(entry - 3 * range, 12);
  expect(target).toBeCloseTo(entry + 6 * range, 12);
});

test('the evidence is what crossed', () => {
  const [signal] = checkSignals(strategy, barsOf(CLOSES), '1m');
  expect(signal!.evidence.map(({ id, value }) => [id, value]).slice(0, 2)).toEqual([
    ['sma-cross.fast', (99 + 99.5) / 2],
    ['sma-cross.slow', (3 * 99 + 99.5) / 4],
  ]);
});

test('averages that touch and part again have not crossed', () => {
  // Out of a market that never had a side: up, level until both averages are equal, then up again.
  const closes = [
    ...flat(99, 209),
    ...Array.from({ length: 20 }, (_, i) => 99 + i),
    ...flat(118, 6),
    119,
    120,
  ];
  expect(signalsAmong(opinionsOn(strategy, barsOf(closes), '1m'))).toHaveLength(0);
});

test('a cross during warm-up is not made up for later', () => {
  const closes = [...flat(100, 50), ...Array.from({ length: 200 }, (_, i) => 100 + i / 10)];
  expect(signalsAmong(opinionsOn(strategy, barsOf(closes), '1m'))).toHaveLength(0);
});

test('a fast average that is not the faster one is refused', () => {
  expect(() => smaCross.with({ fast: 50 })).toThrow('sma-cross: fast 50 must be less than slow 50');
});

test('the warm-up covers the slower average and the range', () => {
  expect(smaCross.warmupBars).toBe(196);
  expect(smaCross.with({ slow: 300 }).warmupBars).toBe(301);
});
