import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import {
  changeScore,
  macdScore,
  Momentum,
  MOMENTUM_WEIGHTS,
  type MomentumScore,
  rsiScore,
  trendScore,
  volumeScore,
} from './momentum.ts';

const flat = (index: number, close: number, volume = 10): Candle => ({
  openTimeMs: index * 60_000,
  open: close,
  high: close,
  low: close,
  close,
  volume,
});

test('the weights add up to one', () => {
  expect(Object.values(MOMENTUM_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(
    1,
    12,
  );
});

test.each([
  [12, 11, 10, 0.8],
  [12, 11, 11.5, 0.65],
  [9, 10, 11, 0.2],
  [9, 10, 9.5, 0.35],
  [10, 10, 9, 0.5],
])('a close of %d over averages of %d and %d scores %d', (close, sma20, sma50, score) => {
  expect(trendScore(close, sma20, sma50)).toBe(score);
});

test.each([
  [29.9, 0.7],
  [30, 0.4],
  [40, 0.5],
  [60, 0.6],
  [70, 0.6],
  [70.1, 0.3],
])('an RSI of %d scores %d', (rsi, score) => {
  expect(rsiScore(rsi)).toBe(score);
});

test.each([
  [2, 1, 0.75],
  [-1, -2, 0.65],
  [-2, -1, 0.25],
  [1, 2, 0.35],
  [0, 0, 0.5],
])('a MACD line of %d over a signal of %d scores %d', (line, signal, score) => {
  expect(macdScore({ line, signal })).toBe(score);
});

test.each([
  [0.8, 1.6, 0.86],
  [0.8, 0.6, 0.65],
  [0.8, 1, 0.8],
  [0.2, 1.6, 0.14],
])('a trend of %d on volume of %d times the mean scores %d', (trend, ratio, score) => {
  expect(volumeScore(trend, ratio)).toBeCloseTo(score, 12);
});

test.each([
  [1, 0.6],
  [-2, 0.3],
  [9, 0.8],
  [-9, 0.2],
])('a change of %d %% scores %d', (change, score) => {
  expect(changeScore(change)).toBeCloseTo(score, 12);
});

test('a steady climb scores as worked by hand', () => {
  const momentum = new Momentum();
  const last = Array.from({ length: 60 }, (_, i) => momentum.push(flat(i, 100 + i))).at(
    -1,
  ) as MomentumScore;
  // Trend .80; RSI 100, so .30; volume at its mean, so the trend's .80; the change is 1/158.
  expect(last.components).toMatchObject({ trend: 0.8, rsi: 0.3, volume: 0.8 });
  expect(last.components.change).toBeCloseTo(0.5 + 10 / 158, 12);
  const { trend, rsi, macd, volume, change } = last.components;
  expect(last.score).toBeCloseTo(
    0.3 * trend + 0.2 * rsi + 0.25 * macd + 0.15 * volume + 0.1 * change,
    12,
  );
  expect(last.evidence.find(({ id }) => id === 'momentum.rsi')).toMatchObject({
    value: 100,
    barTimeMs: 59 * 60_000,
  });
});

test('it abstains until its slowest average has warmed up, and without volume', () => {
  const momentum = new Momentum();
  const answers = Array.from({ length: 51 }, (_, i) => momentum.push(flat(i, 100 + (i % 3))));
  expect(answers[48]).toEqual({
    kind: 'ABSTAIN',
    because: 'The momentum score is still warming up.',
  });
  expect(answers[49]).toMatchObject({ kind: 'SCORE' });

  const silent = new Momentum();
  const last = Array.from({ length: 60 }, (_, i) => silent.push(flat(i, 100 + (i % 3), 0))).at(-1);
  expect(last).toEqual({
    kind: 'ABSTAIN',
    because: 'The feed has reported no volume for twenty bars.',
  });
});

test('saved after any bar it scores the same from there on', () => {
  const { history } = syntheticFeed({ seed: 3 });
  fc.assert(
    fc.property(fc.nat(history.length), (cut) => {
      const original = new Momentum();
      for (const bar of history.slice(0, cut)) original.push(bar);
      const again = new Momentum();
      again.load(original.save());
      for (const bar of history.slice(cut, cut + 60))
        expect(again.push(bar)).toEqual(original.push(bar));
      expect(again.save()).toEqual(original.save());
    }),
    { numRuns: 20 },
  );
});

test('every score lies between zero and one and all its evidence is finite', () => {
  fc.assert(
    fc.property(fc.nat(100_000), (seed) => {
      const momentum = new Momentum();
      for (const bar of syntheticFeed({ seed }).history) {
        const answer = momentum.push(bar);
        if (answer.kind === 'ABSTAIN') continue;
        expect(answer.score).toBeGreaterThan(0);
        expect(answer.score).toBeLessThan(1);
        expect(answer.evidence.every(({ value }) => Number.isFinite(value))).toBe(true);
      }
    }),
    { numRuns: 20 },
  );
});
