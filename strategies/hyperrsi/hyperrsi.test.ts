import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import { seededRandom } from '../../domain/random.ts';
import type { Direction, Opinion } from '../../domain/signal.ts';
import { readCandles } from '../../market/candles/csv-candles.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { resample } from '../../market/candles/resample.ts';
import { trendStateOf } from '../../market/indicators/trend-state.ts';
import { WilderRsi } from '../../market/indicators/wilder-rsi.ts';
import { describeWithData } from '../../tests/support/data.ts';
import { checkSignals } from '../authoring/check-signals.ts';
import { syntheticCandles } from '../authoring/synthetic-candles.ts';
import { countSides, opinionsOn, signalsAmong, strategyContract } from '../strategy.contract.ts';
import { hyperrsi } from './hyperrsi.ts';

const alone = hyperrsi.with({ trendFilter: false, trendClose: false });

strategyContract(hyperrsi);

test('without the trend its warm-up is short, and it keeps its promises on a synthetic market', async () => {
  const strategy = alone.with({ cooldownMinutes: 5 });
  const signals = checkSignals(strategy, await syntheticCandles(1_500), '5m');
  expect(new Set(signals.map(({ direction }) => direction)).size).toBe(2);
});

const MINUTE_MS = TIMEFRAME_MS['1m'];

/** Bars of a minute whose closes change by the given fractions, one after another. */
function barsOf(changes: readonly number[], startMs = 0): readonly Candle[] {
  let close = 100;
  return changes.map((change, i) => {
    const open = close;
    close *= 1 + change;
    return {
      openTimeMs: startMs + i * MINUTE_MS,
      open,
      high: Math.max(open, close) * 1.0002,
      low: Math.min(open, close) * 0.9998,
      close,
      volume: 1,
    };
  });
}

const times = (count: number, ...changes: readonly number[]): readonly number[] =>
  Array.from({ length: count }, () => changes).flat();
const mirrored = (changes: readonly number[]): readonly number[] =>
  changes.map((change) => -change);

/** Nothing in particular, for longer than the warm-up. */
const CALM = times(60, 0.001, -0.001);
const FALL = times(6, -0.003);
/** A pause inside the zone, a further fall, and the way out. */
const VISIT = [...FALL, 0.0005, ...times(3, -0.002), ...times(8, 0.004)];

const opinionsAfter = (strategy: typeof hyperrsi, changes: readonly number[]): readonly Opinion[] =>
  opinionsOn(strategy, GrowableSeries.of(barsOf(changes)), '1m');
const signalBars = (opinions: readonly Opinion[]): readonly number[] =>
  [...opinions.keys()].filter((i) => opinions[i]!.kind === 'SIGNAL');

const SIDES: readonly (readonly [Direction, (changes: readonly number[]) => readonly number[]])[] =
  [
    ['LONG', (changes) => changes],
    ['SHORT', mirrored],
  ];

describe.each(SIDES)('a %s', (direction, onSide) => {
  const market = onSide([...CALM, ...VISIT]);
  const rsi = new WilderRsi(14);
  const strength = barsOf(market).map(({ close }) => rsi.push(close));
  /** How far inside its zone the index lies. */
  const depth = strength.map((value) => (direction === 'LONG' ? 30 - value : value - 70));
  const entered = depth.findIndex((value) => value >= 0);
  const left = depth.findIndex((value, i) => i > entered && value < 0);
  const turned = depth.findIndex((value, i) => i > entered && value < depth[i - 1]!);

  test('market of this test enters its zone once, turns inside it and leaves it later', () => {
    expect(entered).toBeGreaterThan(alone.warmupBars);
    expect(turned).toBeGreaterThan(entered);
    expect(left).toBeGreaterThan(turned + 3);
    expect(depth.slice(left).every((value) => value < 0)).toBe(true);
  });

  test.each<[string, () => number]>([
    ['breakout', () => entered],
    ['inflection', () => turned],
    ['inflection-breakout', () => left],
    ['excess', () => entered],
  ])('signals once a visit, by %s', (entry, bar) => {
    const opinions = opinionsAfter(alone.with({ entry }), market);
    expect(signalBars(opinions).slice(0, 1)).toEqual([bar()]);
    const ofSide = signalsAmong(opinions).filter((signal) => signal.direction === direction);
    expect(ofSide).toHaveLength(1);
    expect(ofSide[0]).toMatchObject({
      entry: barsOf(market)[bar()]!.close,
      setupId: `hyperrsi:${direction}:${entered * MINUTE_MS}`,
    });
  });

  test('by excess may wait for its cooldown inside the same visit, by breakout may not', () => {
    const twice = onSide([...CALM, ...FALL, ...times(6, 0.003), ...times(30, -0.003)]);
    const second = (entry: string) =>
      signalBars(opinionsAfter(alone.with({ entry, cooldownMinutes: 20 }), twice)).filter(
        (bar, i, bars) => i > 0 && bar - bars[0]! <= 21,
      );
    expect(second('excess')).toHaveLength(1);
    expect(second('breakout')).toHaveLength(0);
  });

  test('the other side is left alone when only this one is wanted', () => {
    const both = [...market, ...onSide(times(20, 0.004))];
    const wanted = opinionsAfter(alone.with({ direction: direction.toLowerCase() }), both);
    const all = opinionsAfter(alone, both);
    expect(new Set(signalsAmong(all).map((signal) => signal.direction)).size).toBe(2);
    expect(signalsAmong(wanted).map((signal) => signal.direction)).toEqual([direction]);
  });
});

describe('the cooldown', () => {
  const visits = [...CALM, ...FALL, ...times(8, 0.004), ...times(20, -0.003)];

  test('keeps the same side quiet, and says so', () => {
    const opinions = opinionsAfter(alone.with({ cooldownMinutes: 60, direction: 'long' }), visits);
    expect(signalsAmong(opinions)).toHaveLength(1);
    expect(opinions).toContainEqual(
      expect.objectContaining({
        because: 'the cooldown after the last signal of this side is not over',
      }),
    );
    const eager = opinionsAfter(alone.with({ cooldownMinutes: 0, direction: 'long' }), visits);
    expect(signalsAmong(eager)).toHaveLength(2);
  });

  test('goes by the times of the bars: a pause of the market counts', () => {
    const late = [
      ...barsOf(visits).slice(0, CALM.length + 14),
      ...barsOf(visits, 60 * MINUTE_MS).slice(CALM.length + 14),
    ];
    const strategy = alone.with({ cooldownMinutes: 60, direction: 'long' });
    expect(signalsAmong(opinionsOn(strategy, GrowableSeries.of(late), '1m'))).toHaveLength(2);
  });

  test('of one side does not hold back the other', () => {
    const opinions = opinionsAfter(alone.with({ cooldownMinutes: 1_440 }), [
      ...CALM,
      ...FALL,
      ...times(12, 0.004),
    ]);
    expect(countSides(opinions)).toEqual({ long: 1, short: 1 });
  });
});

test('a visit that began during the warm-up is spent with it', () => {
  const falling = times(alone.warmupBars + 20, -0.001);
  const opinions = opinionsAfter(alone.with({ entry: 'excess' }), falling);
  expect(opinions.every(({ kind }) => kind === 'NO_SETUP')).toBe(true);
  expect(opinions.at(-1)).toMatchObject({
    because: 'this visit to the zone has already signalled',
  });
});

test('a stop within the noise of the market is refused', () => {
  const wild = [...times(60, 0.04, -0.04), ...times(6, -0.05)];
  expect(opinionsAfter(alone, wild)).toContainEqual(
    expect.objectContaining({ because: 'the stop would lie within the noise of the market' }),
  );
});

describe('the trend', () => {
  const random = seededRandom(11);
  const changes = Array.from({ length: 30_000 }, (_, i) => {
    const size = 0.0006 + 0.002 * Math.max(0, Math.sin(i / 260)) ** 6;
    return size * (2 * random.next() - 1) + 0.4 * size * Math.sin(i / 900);
  });
  const series = GrowableSeries.of(barsOf(changes));
  const states = trendStateOf(series, '1m', Number(hyperrsi.values['bandPivots']));
  const against = (direction: Direction): number => (direction === 'LONG' ? -2 : 2);
  const signalsAgainst = (strategy: typeof hyperrsi): number => {
    const opinions = opinionsOn(strategy, series, '1m');
    return signalBars(opinions).filter((i) => {
      const opinion = opinions[i]!;
      return opinion.kind === 'SIGNAL' && states[i] === against(opinion.direction);
    }).length;
  };

  test('forbids an entry against its full force, and only the filter does', () => {
    expect(signalsAgainst(hyperrsi)).toBe(0);
    expect(signalsAgainst(alone)).toBeGreaterThan(10);
    const quiet = opinionsOn(hyperrsi.with({ trendClose: false }), series, '1m');
    expect(quiet).toContainEqual(
      expect.objectContaining({
        because: 'the trend on the higher timeframes stands fully against it',
      }),
    );
  });

  test('closes what stands against its full force, whenever nothing is entered', () => {
    const opinions = opinionsOn(hyperrsi, series, '1m');
    opinions.forEach((opinion, i) => {
      if (i + 1 < hyperrsi.warmupBars || opinion.kind === 'SIGNAL') return;
      const closed = opinion.kind === 'EXIT' ? against(opinion.direction) : 'nothing';
      expect(closed).toBe(Math.abs(states[i]!) === 2 ? states[i] : 'nothing');
    });
    expect(opinions.filter(({ kind }) => kind === 'EXIT').length).toBeGreaterThan(100);
  });

  test('closes nothing when it is not asked to, and no entry says that it might', () => {
    const opinions = opinionsOn(hyperrsi.with({ trendClose: false }), series, '1m');
    expect(opinions.some(({ kind }) => kind === 'EXIT')).toBe(false);
    const plans = signalsAmong(opinions).map(({ management }) => management?.closeOnSignal);
    expect(new Set(plans)).toEqual(new Set([false]));
  });

  test('closes only the side that may have been entered', () => {
    const opinions = opinionsOn(hyperrsi.with({ direction: 'long' }), series, '1m');
    const sides = opinions.flatMap((opinion) => (opinion.kind === 'EXIT' ? opinion.direction : []));
    expect(new Set(sides)).toEqual(new Set(['LONG']));
  });
});

describeWithData('HYPERRSI on real markets', ['btcusd-bitfinex-1m-2019.csv.gz'], (path) => {
  const minutes = readCandles(path!);
  const head = (series: CandleSeries, bars: number): readonly Candle[] =>
    Array.from({ length: bars }, (_, i) => series.candle(i));

  test('keeps its promises over restarts and changed futures', { timeout: 120_000 }, () => {
    const signals = checkSignals(hyperrsi, head(minutes, 6_000), '1m');
    expect(new Set(signals.map(({ direction }) => direction)).size).toBe(2);
  });

  test.each<[Timeframe, number, number]>([
    ['5m', 865, 865],
    ['15m', 204, 223],
  ])(
    'signals on %s as often as it did when these counts were written down',
    (timeframe, long, short) => {
      const series = resample(minutes, '1m', timeframe);
      expect(countSides(opinionsOn(hyperrsi, series, timeframe))).toEqual({ long, short });
    },
  );
});
