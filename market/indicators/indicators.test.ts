import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Atr } from './atr.ts';
import { ConfirmedPivot } from './confirmed-pivot.ts';
import { Ema } from './ema.ts';
import { Macd } from './macd.ts';
import { Sma } from './sma.ts';
import { WilderMean } from './wilder-mean.ts';
import { WilderRsi } from './wilder-rsi.ts';

const NaNs = (count: number): readonly number[] => Array.from({ length: count }, () => Number.NaN);

/** What an indicator answers to each value in turn. */
const answers = (
  indicator: { push(value: number): number },
  values: readonly number[],
): readonly number[] => values.map((value) => indicator.push(value));

test('SMA is the mean of the last values and NaN before there are enough', () => {
  expect(answers(new Sma(3), [1, 2, 3, 4, 8])).toEqual([...NaNs(2), 2, 3, 5]);
});

test('SMA forgets a huge value completely', () => {
  expect(answers(new Sma(2), [1e300, 1, 3]).at(-1)).toBe(2);
});

test('EMA starts at the simple mean and moves 2/(period+1) of the way', () => {
  // Weight one half: 2; 2 + (5 − 2)/2; 3.5 + (1 − 3.5)/2.
  expect(answers(new Ema(3), [1, 2, 3, 5, 1])).toEqual([...NaNs(2), 2, 3.5, 2.25]);
});

test("Wilder's mean moves 1/period of the way", () => {
  // 2; 2 + (5 − 2)/3; 3 + (0 − 3)/3.
  expect(answers(new WilderMean(3), [1, 2, 3, 5, 0])).toEqual([...NaNs(2), 2, 3, 2]);
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
  const atr = new Atr(2);
  expect(atr.push({ high: 10, low: 8, close: 9 })).toBeNaN();
  expect(atr.push({ high: 11, low: 9, close: 10 })).toBe(2);
  // The gap up from 10 makes a true range of 5, and the mean (2 + 5) / 2.
  expect(atr.push({ high: 15, low: 14, close: 14.5 })).toBe(3.5);
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

describe('a confirmed pivot', () => {
  test('is known only when enough bars have followed it', () => {
    expect(answers(new ConfirmedPivot('HIGH', 2), [1, 3, 5, 4, 2, 1])).toEqual([
      ...NaNs(4),
      5,
      Number.NaN,
    ]);
    expect(answers(new ConfirmedPivot('LOW', 1), [3, 1, 2, 1.5, 4])).toEqual([
      ...NaNs(2),
      1,
      ...NaNs(1),
      1.5,
    ]);
  });

  test('is the first of equal extremes, once', () => {
    expect(answers(new ConfirmedPivot('HIGH', 1), [1, 5, 5, 1, 1])).toEqual([
      ...NaNs(2),
      5,
      ...NaNs(2),
    ]);
  });

  test('agrees with a search that may look ahead', () => {
    const values = Array.from({ length: 400 }, (_, i) =>
      Math.round(50 * Math.sin(i * 0.31) + 20 * Math.sin(i * 1.7)),
    );
    const side = 4;
    const found = answers(new ConfirmedPivot('LOW', side), values);
    for (let i = 2 * side; i < values.length; i++) {
      const middle = i - side;
      const isPivot = values.every(
        (value, at) =>
          Math.abs(at - middle) > side ||
          at === middle ||
          (at < middle ? value > values[middle]! : value >= values[middle]!),
      );
      expect(found[i]).toBe(isPivot ? values[middle] : Number.NaN);
    }
  });
});

test('a period that is no whole number of bars is refused', () => {
  expect(() => new Ema(0)).toThrow('EMA: period 0 must be a whole number of bars, 1 or more');
  expect(() => new Sma(2.5)).toThrow('SMA: period 2.5');
});

/** Every indicator under one roof: what it is pushed as one number, and what it can put away. */
const INDICATORS = {
  SMA: () => new Sma(3),
  EMA: () => new Ema(3),
  "Wilder's mean": () => new WilderMean(3),
  RSI: () => new WilderRsi(3),
  MACD: () => new Macd(),
  'pivot low': () => new ConfirmedPivot('LOW', 2),
  'pivot high': () => new ConfirmedPivot('HIGH', 2),
  ATR: () => {
    const atr = new Atr(3);
    return {
      push: (value: number) => atr.push({ high: value + 1, low: value - 1, close: value }),
      save: () => atr.save(),
      load: (saved: ReturnType<Atr['save']>) => atr.load(saved),
    };
  },
} as const;
interface Indicator {
  push(value: number): unknown;
  save(): unknown;
  load(saved: unknown): void;
}

test.each(Object.entries(INDICATORS))(
  '%s saved after any value goes on as if it had never been put away',
  (_, make) => {
    const fresh = make as () => Indicator;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 45 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 10 }),
        (before, after) => {
          const original = fresh();
          for (const value of before) original.push(value);
          const saved = original.save();
          const kept = structuredClone(saved);
          const again = fresh();
          again.load(saved);
          for (const value of after) expect(again.push(value)).toEqual(original.push(value));
          expect(again.save()).toEqual(original.save());
          // Neither wrote into what was put away.
          expect(saved).toEqual(kept);
        },
      ),
    );
  },
);

test('an indicator of another period cannot be taken up', () => {
  expect(() => new Ema(20).load(new Ema(50).save())).toThrow(
    'a window of 20 values cannot go on from 50',
  );
  expect(() => new Sma(3).load(new Sma(2).save())).toThrow('a window of 3 values');
  const pivot = new ConfirmedPivot('LOW', 2);
  expect(() => pivot.load(new ConfirmedPivot('LOW', 3).save())).toThrow('a window of 5 values');
});
