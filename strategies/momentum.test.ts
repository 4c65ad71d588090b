import { expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { checkSignals } from './authoring/check-signals.ts';
import { opinionsOn } from './authoring/opinions-on.ts';
import { momentum } from './momentum.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(momentum);

const DAY = 86_400_000;
const barsOf = (closes: readonly number[]): readonly Candle[] =>
  closes.map((close, i) => ({
    openTimeMs: i * DAY,
    open: close,
    high: close * 1.001,
    low: close * 0.999,
    close,
    volume: 1,
  }));

const LOOKBACK = 5;
const strategy = momentum.with({ lookback: LOOKBACK, volatility: 10, stop: 2, rewardRisk: 2 });
/** Twenty days down by one, then up by one: the five-day change turns three days after the low. */
const FALL = Array.from({ length: 20 }, (_, i) => 120 - i);
const RISE = Array.from({ length: 12 }, (_, i) => 102 + i);
const FIRST_UP = 20 + 2;

const opinions = opinionsOn(strategy, barsOf([...FALL, ...RISE]), '1d');

test('a turn of the look-back return ends what was held', () => {
  expect(opinions[FIRST_UP]).toMatchObject({
    kind: 'EXIT',
    direction: 'SHORT',
    evidence: [{ id: 'momentum.return', value: 100 * (104 / 103 - 1) }],
  });
});

test('the other side is signalled one bar later, to be closed when the sign turns back', () => {
  expect(opinions[FIRST_UP + 1]).toMatchObject({
    kind: 'SIGNAL',
    direction: 'LONG',
    entry: 105,
    management: { closeOnSignal: true },
    setupId: `momentum:LONG:${FIRST_UP * DAY}`,
  });
  const others = opinions.filter((_, i) => i !== FIRST_UP && i !== FIRST_UP + 1);
  expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(['NO_SETUP']));
});

test('the stop is so many usual moves away', () => {
  const [signal] = checkSignals(strategy, barsOf([...FALL, ...RISE]), '1d');
  const closes = [...FALL, ...RISE].slice(0, FIRST_UP + 2);
  const changes = closes.map((close, i) => close / (closes[i - 1] ?? close) - 1).slice(-10);
  const usual = Math.sqrt(changes.reduce((sum, change) => sum + change ** 2, 0) / 10);
  expect(signal!.entry - signal!.stop).toBeCloseTo(2 * usual * 105, 10);
  expect(signal!.target - signal!.entry).toBeCloseTo(4 * usual * 105, 10);
});

test('a turn that does not last a bar only ends what was held', () => {
  // One spike up, and back at once.
  const closes = [...FALL, 107, 100, 99, 98];
  const kinds = opinionsOn(strategy, barsOf(closes), '1d')
    .slice(20)
    .map((opinion) => (opinion.kind === 'EXIT' ? opinion.direction : opinion.kind));
  expect(kinds).toEqual(['SHORT', 'LONG', 'SIGNAL', 'NO_SETUP']);
});

test('a price that is exactly where it was has not turned', () => {
  const closes = [...FALL, 105, 104, 103, 102, 101];
  const still = opinionsOn(strategy, barsOf([...closes, 105]), '1d').at(-1);
  expect(still).toMatchObject({ kind: 'NO_SETUP', because: 'the return has kept its sign' });
});

test('the side it finds at the start is nobody’s turn', () => {
  expect(opinionsOn(strategy, barsOf(RISE.concat([114, 115, 116])), '1d').at(-1)).toMatchObject({
    kind: 'NO_SETUP',
  });
});

test('the warm-up covers the longer of its two windows', () => {
  expect(momentum.warmupBars).toBe(255);
  expect(momentum.with({ volatility: 400 }).warmupBars).toBe(403);
});
