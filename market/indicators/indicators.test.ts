import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Atr, atrOf } from './atr.ts';
import { Bollinger, bollingerOf } from './bollinger.ts';
import { Correlation, correlationOf } from './correlation.ts';
import { Donchian, donchianOf } from './donchian.ts';
import { Ema, emaOf } from './ema.ts';
import { barOf, closeOf, indicatorContract } from './indicator.contract.ts';
import { Keltner, keltnerOf } from './keltner.ts';
import { Macd, macdOf } from './macd.ts';
import { Obv, obvOf } from './obv.ts';
import { SlidingFold } from './sliding-fold.ts';
import { Sma, smaOf } from './sma.ts';
import { Stochastic, stochasticOf } from './stochastic.ts';
import { Supertrend, supertrendOf } from './supertrend.ts';
import { RollingVwap, rollingVwapOf, SessionVwap, sessionVwapOf } from './vwap.ts';
import { WilderMean, wilderMeanOf } from './wilder-mean.ts';
import { rsiOf, WilderRsi } from './wilder-rsi.ts';
import { Wma, wmaOf } from './wma.ts';

const NaNs = (count: number): readonly number[] => Array.from({ length: count }, () => Number.NaN);

/** What an indicator answers to each input in turn. */
const answers = <Input, Answer>(
  indicator: { push(input: Input): Answer },
  inputs: readonly Input[],
): readonly Answer[] => inputs.map((input) => indicator.push(input));

type Ohlc = readonly [high: number, low: number, close: number, volume?: number];
const bars = (...rows: readonly Ohlc[]) =>
  rows.map(([high, low, close, volume = 0]) => ({ high, low, close, volume }));

const lessOne = (period: number): number => period - 1;
/** Of one value nothing can be said about spread. */
const FROM_TWO = Array.from({ length: 59 }, (_, i) => i + 2);

indicatorContract('SMA', {
  make: (period) => new Sma(period),
  input: closeOf,
  batch: ({ close }, period) => smaOf(close, period),
  warmUp: lessOne,
});
indicatorContract('EMA', {
  make: (period) => new Ema(period),
  input: closeOf,
  batch: ({ close }, period) => emaOf(close, period),
  warmUp: lessOne,
});
indicatorContract("Wilder's mean", {
  make: (period) => new WilderMean(period),
  input: closeOf,
  batch: ({ close }, period) => wilderMeanOf(close, period),
  warmUp: lessOne,
});
indicatorContract('WMA', {
  make: (period) => new Wma(period),
  input: closeOf,
  batch: ({ close }, period) => wmaOf(close, period),
  warmUp: lessOne,
});
indicatorContract('RSI', {
  make: (period) => new WilderRsi(period),
  input: closeOf,
  batch: ({ close }, period) => rsiOf(close, period),
  warmUp: (period) => period,
});
indicatorContract('ATR', {
  make: (period) => new Atr(period),
  input: barOf,
  batch: atrOf,
  warmUp: lessOne,
});
indicatorContract('Bollinger', {
  make: (period) => new Bollinger(period, 2),
  input: closeOf,
  batch: ({ close }, period) => bollingerOf(close, period, 2),
  warmUp: (period) => ({
    middle: period - 1,
    upper: period - 1,
    lower: period - 1,
    width: period - 1,
    position: period - 1,
  }),
  periods: FROM_TWO,
});
indicatorContract('MACD', {
  make: (period) => new Macd(period, 2 * period, 4),
  input: closeOf,
  batch: ({ close }, period) => macdOf(close, period, 2 * period, 4),
  warmUp: (period) => ({ line: 2 * period - 1, signal: 2 * period + 2 }),
});
indicatorContract('stochastic', {
  make: (period) => new Stochastic(period, 3, 4),
  input: barOf,
  batch: (columns, period) => stochasticOf(columns, period, 3, 4),
  warmUp: (period) => ({ k: period + 1, d: period + 4 }),
});
indicatorContract('OBV', {
  make: () => new Obv(),
  input: barOf,
  batch: obvOf,
  warmUp: () => 1,
  periods: [1],
});
indicatorContract('session VWAP', {
  make: () => new SessionVwap(),
  input: (columns, i) => ({ ...barOf(columns, i), session: Math.floor(i / 24) }),
  batch: (columns) =>
    sessionVwapOf(
      columns,
      columns.close.map((_, i) => Math.floor(i / 24)),
    ),
  warmUp: () => 0,
  periods: [1],
});
indicatorContract('rolling VWAP', {
  make: (period) => new RollingVwap(period),
  input: barOf,
  batch: rollingVwapOf,
  warmUp: lessOne,
});
indicatorContract('Supertrend', {
  make: (period) => new Supertrend(period, 1.5),
  input: barOf,
  batch: (columns, period) => supertrendOf(columns, period, 1.5),
});
indicatorContract('Keltner', {
  make: (period) => new Keltner(period, period + 3, 2),
  input: barOf,
  batch: (columns, period) => keltnerOf(columns, period, period + 3, 2),
  warmUp: (period) => ({ middle: period - 1, upper: period + 2, lower: period + 2 }),
});
indicatorContract('Donchian', {
  make: (period) => new Donchian(period),
  input: barOf,
  batch: donchianOf,
  warmUp: (period) => ({ upper: period - 1, lower: period - 1, middle: period - 1 }),
});
indicatorContract('correlation', {
  make: (period) => new Correlation(period),
  input: ({ close, volume }, i) => ({ first: close[i]!, second: volume[i]! }),
  batch: ({ close, volume }, period) => correlationOf(close, volume, period),
  warmUp: lessOne,
  periods: FROM_TWO,
});

describe('SMA', () => {
  test('is the mean of the last values and NaN before there are enough', () => {
    expect(answers(new Sma(3), [1, 2, 3, 4, 8])).toEqual([...NaNs(2), 2, 3, 5]);
  });

  test('forgets a huge value completely', () => {
    expect(answers(new Sma(2), [1e300, 1, 3]).at(-1)).toBe(2);
    expect(answers(new Sma(3), [1, 1e300, 1, 2, 3, 4, 5]).slice(4)).toEqual([2, 3, 4]);
  });

  test('of values of either sign is the same in batch, down to the sign of nothing', () => {
    const anyValue = fc.constantFrom(-0, 0, -1.5, 1.5, 0.1, -1e9, 1e-9);
    const anyPeriod = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 60 }), anyPeriod, (values, period) => {
        const batch = smaOf(Float64Array.from(values), period);
        expect([...batch]).toEqual(answers(new Sma(period), values));
      }),
    );
  });

  test('is NaN for as long as a NaN is in its window, and right from then on', () => {
    const values = [1, 2, 3, Number.NaN, 5, 6, 7, 8];
    expect(answers(new Sma(3), values)).toEqual([...NaNs(2), 2, ...NaNs(3), 6, 7]);
  });
});

describe('EMA', () => {
  test('starts at the simple mean and moves 2/(period+1) of the way', () => {
    // Weight one half: 2; 2 + (5 − 2)/2; 3.5 + (1 − 3.5)/2.
    expect(answers(new Ema(3), [1, 2, 3, 5, 1])).toEqual([...NaNs(2), 2, 3.5, 2.25]);
  });

  test('begins afresh after a NaN, which would otherwise stay in it for ever', () => {
    const values = [1, 2, 3, Number.NaN, 10, 20, 30, 50];
    expect(answers(new Ema(3), values)).toEqual([...NaNs(2), 2, ...NaNs(3), 20, 35]);
    expect(answers(new Ema(3), [1, Number.NaN, 2, 3, 4])).toEqual([...NaNs(4), 3]);
  });
});

test("Wilder's mean moves 1/period of the way", () => {
  // 2; 2 + (5 − 2)/3; 3 + (0 − 3)/3.
  expect(answers(new WilderMean(3), [1, 2, 3, 5, 0])).toEqual([...NaNs(2), 2, 3, 2]);
});

test('WMA counts the last value most', () => {
  // (1·1 + 2·2 + 3·4)/6, (1·2 + 2·4 + 3·8)/6, (1·4 + 2·8 + 3·1)/6, (1·8 + 2·1 + 3·0)/6.
  const expected = [...NaNs(2), 17 / 6, 34 / 6, 23 / 6, 10 / 6];
  expect(answers(new Wma(3), [1, 2, 4, 8, 1, 0])).toEqual(expected);
});

describe('RSI', () => {
  test('is the share of the gains in the mean movement', () => {
    // Changes +2 −1 +1 −3: gains 1 then 2/3, losses 1/3 then 11/9.
    const values = answers(new WilderRsi(3), [10, 12, 11, 12, 9]);
    expect(values.slice(0, 3)).toEqual(NaNs(3));
    expect(values[3]).toBeCloseTo(75, 12);
    expect(values[4]).toBeCloseTo(600 / 17, 12);
  });

  test('agrees with the often published fourteen-day example', () => {
    const closes = [
      44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826,
      45.8931, 46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116,
    ];
    const values = answers(new WilderRsi(14), closes);
    expect(values.slice(0, 14)).toEqual(NaNs(14));
    for (const [i, published] of [70.53, 66.32, 66.55, 69.41].entries()) {
      expect(values[14 + i]).toBeCloseTo(published, 2);
    }
  });

  test.each([
    ['only rises', [1, 2, 3, 4], 100],
    ['only falls', [4, 3, 2, 1], 0],
    ['does not move', [2, 2, 2, 2], 50],
  ])('of a market that %s', (_, closes, value) => {
    expect(answers(new WilderRsi(3), closes).at(-1)).toBe(value);
  });
});

test('ATR counts the gap from the close before', () => {
  // Heights 2 and 2; then up from 10 to 15, a true range of 5, and the mean (2 + 5) / 2.
  const market = bars([10, 8, 9], [11, 9, 10], [15, 14, 14.5]);
  expect(answers(new Atr(2), market)).toEqual([Number.NaN, 2, 3.5]);
});

test('Bollinger bands lie population deviations around the mean', () => {
  // Of 1 1 3 3 the mean is 2 and the deviation 1; of 1 3 3 3 they are 2.5 and √0.75.
  const readings = answers(new Bollinger(4, 2), [1, 1, 3, 3, 3]);
  expect(readings[3]).toEqual({ middle: 2, upper: 4, lower: 0, width: 2, position: 0.75 });
  const { middle, upper, lower, width, position } = readings[4]!;
  expect(middle).toBe(2.5);
  expect(upper).toBeCloseTo(2.5 + 2 * Math.sqrt(0.75), 14);
  expect(lower).toBeCloseTo(2.5 - 2 * Math.sqrt(0.75), 14);
  expect(width).toBeCloseTo((4 * Math.sqrt(0.75)) / 2.5, 14);
  expect(position).toBeCloseTo(0.5 + 0.5 / (4 * Math.sqrt(0.75)), 14);
});

test('Bollinger bands of a market that stands still have no width, and no place in them', () => {
  const still = new Bollinger(3, 2);
  for (let bar = 0; bar < 7; bar++) still.push(0.1);
  expect(still.push(0.1)).toEqual({
    middle: 0.1,
    upper: 0.1,
    lower: 0.1,
    width: 0,
    position: Number.NaN,
  });
});

test('MACD of a steady climb is the difference of the lags, and of a standstill zero', () => {
  const climb = new Macd();
  const still = new Macd();
  for (let bar = 1; bar <= 60; bar++) {
    const { line, signal } = climb.push(100 + bar);
    // An EMA trails a straight line by (period − 1)/2 bars: 12.5 − 5.5.
    if (bar < 26) expect(line).toBeNaN();
    else expect(line).toBeCloseTo(7, 10);
    if (bar < 34) expect(signal).toBeNaN();
    else expect(signal).toBeCloseTo(7, 10);
    const reading = still.push(100);
    if (bar >= 34) expect(reading).toEqual({ line: 0, signal: 0 });
  }
});

describe('stochastic', () => {
  test('is where the close lies between highest high and lowest low', () => {
    // Ranges of two bars: 8…12, 9…13, 9…13; the close 2 of 4, 4 of 4, 1 of 4 above the lowest.
    const market = bars([11, 8, 9], [12, 9, 10], [13, 10, 13], [13, 9, 10]);
    expect(answers(new Stochastic(2, 1, 2), market)).toEqual([
      { k: Number.NaN, d: Number.NaN },
      { k: 50, d: Number.NaN },
      { k: 100, d: 75 },
      { k: 25, d: 62.5 },
    ]);
    // Slowed by two: (50 + 100)/2 and (100 + 25)/2.
    expect(answers(new Stochastic(2, 2, 1), market).map(({ k }) => k)).toEqual([
      ...NaNs(2),
      75,
      62.5,
    ]);
  });

  test('has no place for a close where there is no range', () => {
    expect(answers(new Stochastic(2, 1, 1), bars([5, 5, 5], [5, 5, 5]))[1]!.k).toBeNaN();
  });
});

test('OBV adds the volume of bars that rose and takes away that of bars that fell', () => {
  const market = bars([10, 10, 10, 5], [11, 11, 11, 7], [11, 11, 11, 3], [9, 9, 9, 4]);
  expect(answers(new Obv(), market)).toEqual([Number.NaN, 7, 7, 3]);
});

describe('VWAP', () => {
  // Typical prices 10, 13 and 4.
  const market = bars([12, 8, 10, 1], [14, 12, 13, 3], [5, 3, 4, 2]);

  test('begins anew with every session', () => {
    const days = market.map((bar, i) => ({ ...bar, session: i < 2 ? 19_000 : 19_001 }));
    // (10·1 + 13·3)/4.
    expect(answers(new SessionVwap(), days)).toEqual([10, 12.25, 4]);
  });

  test('of the last bars forgets what is older', () => {
    // (10·1 + 13·3)/4, (13·3 + 4·2)/5.
    expect(answers(new RollingVwap(2), market)).toEqual([Number.NaN, 12.25, 9.4]);
  });

  test('is nothing without volume', () => {
    const quiet = bars([12, 8, 10], [12, 8, 10]);
    expect(answers(new RollingVwap(2), quiet)[1]).toBeNaN();
    expect(new SessionVwap().push({ ...quiet[0]!, session: 1 })).toBeNaN();
  });
});

test('Supertrend trails the market and turns when a close is beyond the other band', () => {
  const market = bars(
    [11, 9, 10], // range 2 around 10: 8…12, and no trend yet
    [12, 10, 12], // 9…13, the upper stays 12
    [14, 12, 13], // 11…15, the upper stays 12, and the close is above it
    [13, 11, 12], // 10…14: after a close above the old band the upper is new, the lower stays 11
    [12, 9, 10], // range 3 around 10.5: 7.5…13.5, the lower stays 11, and the close is below it
    [10, 8, 9], // 7…11, and the lower is new
  );
  expect(answers(new Supertrend(1, 1), market)).toEqual([
    { line: Number.NaN, direction: Number.NaN },
    { line: Number.NaN, direction: Number.NaN },
    { line: 11, direction: 1 },
    { line: 11, direction: 1 },
    { line: 13.5, direction: -1 },
    { line: 11, direction: -1 },
  ]);
});

test('Keltner channels lie true ranges around the exponential average', () => {
  // EMA(3): 12 − 1 = 11 is the mean of 10 11 12, then 11 + (15 − 11)/2; ATR(2): 2, 2, then (2 + 4)/2.
  const market = bars([11, 9, 10], [12, 10, 11], [13, 11, 12], [16, 13, 15]);
  expect(answers(new Keltner(3, 2, 1.5), market).slice(2)).toEqual([
    { middle: 11, upper: 14, lower: 8 },
    { middle: 13, upper: 17.5, lower: 8.5 },
  ]);
});

test('Donchian channels reach from the lowest low to the highest high, this bar included', () => {
  const market = bars([10, 8, 9], [9, 7, 8], [12, 9, 11], [11, 10, 10]);
  expect(answers(new Donchian(2), market)).toEqual([
    { upper: Number.NaN, lower: Number.NaN, middle: Number.NaN },
    { upper: 10, lower: 7, middle: 8.5 },
    { upper: 12, lower: 7, middle: 9.5 },
    { upper: 12, lower: 9, middle: 10.5 },
  ]);
});

describe('correlation', () => {
  const pairs = (...rows: readonly (readonly [number, number])[]) =>
    rows.map(([first, second]) => ({ first, second }));

  test('is the covariance over both deviations', () => {
    const [, , together, apart] = answers(
      new Correlation(3),
      pairs([1, 2], [2, 4], [3, 6], [4, 1]),
    );
    expect(together).toBeCloseTo(1, 14);
    // Deviations −1 0 1 and 1/3 7/3 −8/3: −3 over √2 · √(114/9).
    expect(apart).toBeCloseTo(-3 / Math.sqrt(2 * (114 / 9)), 14);
  });

  test('says nothing of a series that stands still', () => {
    const still = pairs([0.1, 1], [0.1, 2], [0.1, 4], [0.1, 3]);
    expect(answers(new Correlation(3), still)).toEqual(NaNs(4));
  });
});

test('a sliding fold takes no period of its own from what was saved of another', () => {
  expect(() => SlidingFold.max(3).load(SlidingFold.max(2).save())).toThrow(
    'a window of 3 values cannot go on from 2',
  );
});

test('an indicator of another period cannot be taken up', () => {
  expect(() => new Ema(20).load(new Ema(50).save())).toThrow(
    'an average of 20 values cannot go on from one of 50',
  );
  expect(() => new Sma(3).load(new Sma(2).save())).toThrow('a window of 3 values');
  expect(() => new Wma(3).load(new Wma(2).save())).toThrow('a window of 3 values');
  expect(() => new Bollinger(3, 2).load(new Bollinger(2, 2).save())).toThrow(
    'a window of 3 values',
  );
  expect(() => new Correlation(3).load(new Correlation(2).save())).toThrow('a window of 3 values');
});

/** Every way to ask for so many bars, one value after another and in batch. */
const EMPTY = new Float64Array(0);
const NO_BARS = { high: EMPTY, low: EMPTY, close: EMPTY, volume: EMPTY };
test.each<[string, (period: number) => unknown]>([
  ['SMA', (period) => new Sma(period)],
  ['SMA', (period) => smaOf(EMPTY, period)],
  ['EMA', (period) => new Ema(period)],
  ['EMA', (period) => emaOf(EMPTY, period)],
  ['Wilder mean', (period) => new WilderMean(period)],
  ['Wilder mean', (period) => wilderMeanOf(EMPTY, period)],
  ['WMA', (period) => new Wma(period)],
  ['RSI', (period) => new WilderRsi(period)],
  ['RSI', (period) => rsiOf(EMPTY, period)],
  ['ATR', (period) => new Atr(period)],
  ['ATR', (period) => atrOf(NO_BARS, period)],
  ['Bollinger', (period) => new Bollinger(period, 2)],
  ['Bollinger', (period) => bollingerOf(EMPTY, period, 2)],
  ['VWAP', (period) => new RollingVwap(period)],
  ['Donchian', (period) => new Donchian(period)],
  ['correlation', (period) => new Correlation(period)],
])('%s refuses a period that is no whole number of bars', (name, make) => {
  for (const period of [0, -1, 2.5, Number.NaN, Infinity]) {
    expect(() => make(period)).toThrow(
      `${name}: period ${period} must be a whole number of bars, 1 or more`,
    );
  }
});

test('a band without a reach is refused', () => {
  expect(() => new Bollinger(20, 0)).toThrow('Bollinger: multiple 0 must be a number above 0');
  expect(() => bollingerOf(EMPTY, 20, Number.NaN)).toThrow('Bollinger: multiple NaN');
  expect(() => new Supertrend(10, -1)).toThrow('Supertrend: multiple -1');
  expect(() => new Keltner(20, 10, 0)).toThrow('Keltner: multiple 0');
  expect(() => keltnerOf(NO_BARS, 20, 10, Infinity)).toThrow('Keltner: multiple Infinity');
});

test('MACD refuses a fast average that is not the faster one', () => {
  expect(() => new Macd(26, 12)).toThrow('MACD: fast period 26 must be below slow period 12');
  expect(() => macdOf(EMPTY, 12, 12)).toThrow('MACD: fast period 12 must be below slow period 12');
});
