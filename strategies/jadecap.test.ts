import { expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS } from '../domain/candle.ts';
import type { Direction, Opinion } from '../domain/signal.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import { Ema } from '../market/indicators/ema.ts';
import { describeWithData } from '../tests/support/data.ts';
import { jadecap } from './jadecap.ts';
import { countSides, opinionsOn, signalsAmong, strategyContract } from './strategy.contract.ts';

strategyContract(jadecap);

/** Bars whose closes change by the given fractions, one after another. */
function barsOf(changes: readonly number[]): readonly Candle[] {
  let close = 100;
  return changes.map((change, i) => {
    const open = close;
    close *= 1 + change;
    return {
      openTimeMs: i * TIMEFRAME_MS['5m'],
      open,
      high: Math.max(open, close) * 1.0002,
      low: Math.min(open, close) * 0.9998,
      close,
      volume: 1,
    };
  });
}

const times = (count: number, change: number): readonly number[] =>
  Array.from({ length: count }, () => change);

const CLIMB = times(250, 0.001);
const DIP = [-0.003, -0.003, -0.003];
const PULLBACK = [...CLIMB, ...DIP, 0.001];

const mirrored = (changes: readonly number[]): readonly number[] =>
  changes.map((change) => -change);
const opinionsAfter = (changes: readonly number[]): readonly Opinion[] =>
  opinionsOn(jadecap, GrowableSeries.of(barsOf(changes)), '5m');

test.each<[Direction, readonly number[], 1 | -1]>([
  ['LONG', PULLBACK, 1],
  ['SHORT', mirrored(PULLBACK), -1],
])(
  'a %s signal comes at the first bar that turns out of a pull-back',
  (direction, changes, sign) => {
    const opinions = opinionsAfter(changes);
    const bars = barsOf(changes);
    const slow = new Ema(50);
    const emaSlow = bars.map(({ close }) => slow.push(close)).at(-1)!;
    const entry = bars.at(-1)!.close;
    const stop = emaSlow * (1 - sign * 0.005);
    expect(opinions.slice(0, -1).every(({ kind }) => kind === 'NO_SETUP')).toBe(true);
    expect(opinions.at(-1)).toMatchObject({
      kind: 'SIGNAL',
      direction,
      entry,
      stop,
      target: entry + 3 * (entry - stop),
      confidence: 0.75,
      riskBps: 150,
      trailBps: 150,
      expiresAfterMs: 48 * TIMEFRAME_MS['5m'],
    });
  },
);

test('a trend that never pulls back gives no set-up', () => {
  expect(opinionsAfter(CLIMB).at(-1)).toMatchObject({
    because: 'price is not pulling back to its average',
  });
});

test('a pull-back that has not turned gives no set-up', () => {
  expect(opinionsAfter([...CLIMB, ...DIP]).at(-1)).toMatchObject({
    because: 'the pull-back has not turned',
  });
});

test('a pull-back signals once, and the next one again under another name', () => {
  const lingering = opinionsAfter([...PULLBACK, ...times(4, 0.0005)]);
  expect(signalsAmong(lingering)).toHaveLength(1);
  expect(lingering.at(-1)).toMatchObject({ because: 'this pull-back has already signalled' });

  const twice = signalsAmong(opinionsAfter([...PULLBACK, ...times(40, 0.001), ...DIP, 0.001]));
  expect(twice).toHaveLength(2);
  expect(twice[0]!.setupId).not.toBe(twice[1]!.setupId);
});

test('a market without a trend gives no set-up', () => {
  const swinging = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 0.001 : -0.001 / 1.001));
  expect(opinionsAfter(swinging).at(-1)).toMatchObject({
    because: 'no trend on the higher timeframe',
  });
});

test('before its averages have warmed up it says so', () => {
  const opinions = opinionsAfter(CLIMB);
  expect(opinions[jadecap.warmupBars - 2]).toMatchObject({ because: 'warming up' });
  expect(opinions[jadecap.warmupBars - 1]).not.toMatchObject({ because: 'warming up' });
});

describeWithData(
  'JadeCap on real markets',
  ['btcusd-coinbase-4h-2016-2024.csv', 'eurusd-1h-2017-2018.csv'],
  (btc, eur) => {
    test('refuses a stop on the wrong side of a deep pull-back, and says so', () => {
      const reasons = opinionsOn(jadecap, readCandles(btc!), '4h').map(
        (opinion) => opinion.kind === 'NO_SETUP' && opinion.because,
      );
      expect(reasons).toContain('the stop would be too near the entry or on its wrong side');
    });

    test('signals as often as it did when these counts were written down', () => {
      expect(countSides(opinionsOn(jadecap, readCandles(btc!), '4h'))).toEqual({
        long: 253,
        short: 204,
      });
      expect(countSides(opinionsOn(jadecap, readCandles(eur!), '1h'))).toEqual({
        long: 35,
        short: 13,
      });
    });
  },
);
