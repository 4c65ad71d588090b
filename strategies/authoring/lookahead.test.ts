import { expect, test } from 'vitest';

import { strategyId } from '../../domain/ids.ts';
import type { Opinion, Signal } from '../../domain/signal.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { evidenceBy, nothingBy } from '../opinions.ts';
import { momentum } from '../momentum.ts';
import { smaCross } from '../sma-cross.ts';
import { defineStrategy, LOOK_BACK_BARS_MAX, type OnBar, type Strategy } from '../strategy.ts';
import { lookahead } from './lookahead.ts';
import { syntheticCandles } from './synthetic-candles.ts';

const series = GrowableSeries.of(await syntheticCandles(2_600));

const ID = strategyId('suspect');
const nothing = nothingBy(ID)('nothing to see');
const fact = evidenceBy(ID);

const suspect = (start: () => OnBar): Strategy =>
  defineStrategy({
    id: ID,
    name: 'Suspect',
    rule: 'Buys when it is told to.',
    timeframes: ['5m'],
    parameters: {},
    warmupBars: () => 1,
    start,
  });

/** Buys on the bars of which `sees` holds. */
const buyingWhen = (sees: (series: CandleSeries) => boolean): Strategy =>
  suspect(() => (bar, seen): Opinion => {
    if (!sees(seen)) return nothing;
    return {
      kind: 'SIGNAL',
      strategyId: ID,
      direction: 'LONG',
      entry: bar.close,
      stop: bar.close * 0.98,
      target: bar.close * 1.05,
      confidence: 0.5,
      riskBps: 50,
      expiresAfterMs: 300_000,
      setupId: String(bar.openTimeMs),
      because: 'It was told to.',
      invalidation: 'It is told otherwise.',
      evidence: [fact('close', 'close', bar.close, 'price', bar.openTimeMs)],
    };
  });

const differingOf = (strategy: Strategy) => lookahead(strategy, series, '5m').differing;
const HOUR_MS = 3_600_000;

/** The close of the hour that the last bar lies in, whether it has come or not. */
function closeOfHour({ openTimeMs, close, length }: CandleSeries): number {
  const endMs = (Math.floor(openTimeMs[length - 1]! / HOUR_MS) + 1) * HOUR_MS;
  let last = length - 1;
  while (openTimeMs[last + 1]! > openTimeMs[last]! && openTimeMs[last + 1]! < endMs) last++;
  return close[last]!;
}

test.each<[string, (series: CandleSeries) => boolean]>([
  ['reads the next close', ({ close, length }) => close[length]! > close[length - 1]!],
  [
    'asks for the next candle',
    (seen) => seen.length < series.length && seen.candle(seen.length).close > 66_000,
  ],
  [
    'takes the end of a column for the last bar',
    ({ close, length }) => close.at(-1)! > close[length - 1]!,
  ],
  [
    'resamples with the bar that is forming',
    (seen) => closeOfHour(seen) > seen.open[seen.length - 1]!,
  ],
  [
    'calls a low a pivot before the bars after it have come',
    ({ low, length }) =>
      [-2, -1, 1, 2].every((side) => !(low[length - 1 + side]! <= low[length - 1]!)),
  ],
  [
    'compares with the average of all there will ever be',
    ({ close, length }) =>
      close[length - 1]! > close.reduce((sum, price) => sum + price, 0) / close.length,
  ],
])('a strategy that %s is caught', (_, sees) => {
  const { HIGHER, LOWER, SAME } = differingOf(buyingWhen(sees));
  expect(HIGHER + LOWER).toBeGreaterThan(0);
  expect(SAME).toBe(0);
});

test('the bar, both opinions and the future are told', () => {
  const { differences } = lookahead(
    buyingWhen(({ close, length }) => close[length]! > 1.1 * close[length - 1]!),
    series,
    '5m',
  );
  expect(differences[0]).toEqual({
    barTimeMs: series.openTimeMs[0],
    future: 'HIGHER',
    said: 'nothing, because "nothing to see"',
    saidInstead: expect.stringMatching(/^LONG at \d+/) as string,
  });
});

test('an opinion that moves only in its evidence has moved', () => {
  const peeking = suspect(() => (bar, { close, length }) => ({
    kind: 'EXIT',
    strategyId: ID,
    direction: 'LONG',
    because: 'It always does.',
    evidence: [fact('next', 'next close', close[length] ?? 0, 'price', bar.openTimeMs)],
  }));
  const { differing, differences } = lookahead(peeking, series, '5m');
  expect(differing.HIGHER).toBeGreaterThan(2_500);
  expect(differences[0]?.said).toMatch(/^EXIT of LONG, next close \d+/);
});

test('runs that share a memory are told from runs that peek', () => {
  let bars = 0;
  const differing = differingOf(suspect(() => () => nothingBy(ID)(`bar ${bars++}`)));
  expect(differing.SAME).toBeGreaterThan(0);
});

test('a strategy that counts on bars which are forgotten live is caught by that alone', () => {
  const hoarding = buyingWhen(({ length }) => length === 2 * LOOK_BACK_BARS_MAX + 100);
  const { NONE, ...others } = differingOf(hoarding);
  expect(NONE).toBeGreaterThan(0);
  expect(others).toEqual({ SAME: 0, HIGHER: 0, LOWER: 0 });
  expect(series.length).toBeGreaterThan(2 * LOOK_BACK_BARS_MAX);
});

test('a strategy that throws where there is no future is heard no further', () => {
  const asking = buyingWhen(
    (seen) => seen.candle(seen.length - 1 + Number(seen.length < 2)) === null,
  );
  const { differing, differences } = lookahead(asking, series, '5m');
  expect(differing).toEqual({ SAME: 0, HIGHER: 0, LOWER: 0, NONE: 1 });
  expect(differences[0]?.saidInstead).toBe('it threw "there is no candle 1 in a series of 1"');
});

test.each([smaCross, momentum])('$id is honest, and had something to say', (strategy) => {
  const report = lookahead(strategy, series, '5m');
  expect(report.differing).toEqual({ SAME: 0, HIGHER: 0, LOWER: 0, NONE: 0 });
  expect(report.differences).toEqual([]);
  expect(report.long).toBeGreaterThan(0);
  expect(report.short).toBeGreaterThan(0);
  expect(report.bars).toBe(series.length);
});

test('signals that differ in their confidence alone are told by it', () => {
  let asked = 0;
  const drawing = suspect(() => {
    const buy = buyingWhen(() => true).start('5m');
    return (_, seen) => ({ ...(buy.onBar(seen) as Signal), confidence: 1 / ++asked });
  });
  const [first] = lookahead(drawing, series, '5m').differences;
  expect(first?.future).toBe('SAME');
  expect(first?.said).toMatch(/, confidence 1$/);
  expect(first?.saidInstead).toMatch(/, confidence 0\.000\d+$/);
});
