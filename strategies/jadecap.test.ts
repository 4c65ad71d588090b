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

const DAY = 288;
const times = (count: number, change: number): readonly number[] =>
  Array.from({ length: count }, () => change);

const CLIMB = times(250 + DAY, 0.001);
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
      management: { trail: { distance: { bps: 150 }, armed: 'AT_ENTRY' } },
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

test('a pull-back is over when the trend has reversed, though price never left its average', () => {
  const signals = signalsAmong(opinionsAfter([...PULLBACK, ...times(400, -0.0001)]));
  expect(signals.map(({ direction }) => direction)).toEqual(['LONG', 'SHORT']);
});

test('a market without a trend gives no set-up', () => {
  const swinging = Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 0.001 : -0.001 / 1.001));
  expect(opinionsAfter(swinging).at(-1)).toMatchObject({
    because: 'no trend on the higher timeframe',
  });
});

test('a pull-back that would have signalled during the warm-up is spent with it', () => {
  const early = [...times(jadecap.warmupBars - 10, 0.001), ...DIP, ...times(20, 0.0001)];
  const opinions = opinionsAfter(early);
  expect(signalsAmong(opinions)).toHaveLength(0);
  expect(opinions.at(-1)).toMatchObject({ because: 'this pull-back has already signalled' });
});

test('before its averages have warmed up it says so', () => {
  const opinions = opinionsAfter(CLIMB);
  expect(opinions[jadecap.warmupBars - 2]).toMatchObject({ because: 'warming up' });
  expect(opinions[jadecap.warmupBars - 1]).not.toMatchObject({ because: 'warming up' });
});

test('it really reads two timeframes: a rise that the higher one has not seen is no trend', () => {
  const changes = [...times(450, -0.001), ...times(60, 0.001), ...DIP, 0.001];
  const bars = barsOf(changes);
  const [fast, slow] = [new Ema(20), new Ema(50)];
  const averages = bars.map(({ close }) => [fast.push(close), slow.push(close)] as const);
  // On its own timeframe everything the rule asks for is there.
  expect(averages.at(-1)![0]).toBeGreaterThan(averages.at(-1)![1]);
  expect(averages.at(-1)![0]).toBeGreaterThan(averages.at(-5)![0]);
  const long = ({ direction }: { readonly direction: Direction }): boolean => direction === 'LONG';
  expect(signalsAmong(opinionsAfter(changes)).filter(long)).toHaveLength(0);
  // And when the higher one has seen enough of the rise, the same pull-back is taken.
  const seen = [...times(450, -0.001), ...times(300, 0.001), ...DIP, 0.001];
  expect(signalsAmong(opinionsAfter(seen)).filter(long)).toHaveLength(1);
});

test.each<[string, 1 | -1, (changes: readonly number[]) => readonly number[]]>([
  ['above a long entry', 1, (changes) => changes],
  ['below a short entry', -1, mirrored],
])('a stop is never put %s, where a deep pull-back would have it', (_, sign, view) => {
  // Down past the slow average within four bars, and on until the fast one has come near as well.
  const deep = view([...times(400, 0.001), ...times(4, -0.0087), ...times(22, -0.0001), 0.0003]);
  const slow = new Ema(50);
  const bars = barsOf(deep);
  const emaSlow = bars.map(({ close }) => slow.push(close)).at(-1)!;
  expect(sign * (emaSlow * (1 - sign * 0.005) - bars.at(-1)!.close)).toBeGreaterThan(0);
  const opinions = opinionsAfter(deep);
  expect(signalsAmong(opinions)).toHaveLength(0);
  expect(opinions.at(-1)).toMatchObject({
    because: 'the stop would be too near the entry or on its wrong side',
  });
});

test('a pull-back that turns outside of the chosen session gives no signal', () => {
  // The last bar closes at 21:10.
  const series = GrowableSeries.of(barsOf(PULLBACK));
  expect(opinionsOn(jadecap.with({ session: 'london' }), series, '5m').at(-1)).toMatchObject({
    because: 'the pull-back turned outside of the chosen session',
  });
});

test('its parameters are what it trades by', () => {
  const other = jadecap.with({
    fastBars: 15,
    slowBars: 30,
    higherMultiple: 2,
    stopBeyondBps: 100,
    rewardRisk: 4,
    trailBps: 80,
    riskBps: 50,
    expiryBars: 6,
  });
  expect(other.warmupBars).toBe(2 * 2 * 30);
  const slow = new Ema(30);
  const emaSlow = barsOf(PULLBACK)
    .map(({ close }) => slow.push(close))
    .at(-1)!;
  const [signal] = signalsAmong(
    opinionsOn(other, GrowableSeries.of(barsOf(PULLBACK)), '5m').slice(-1),
  );
  expect(signal).toMatchObject({
    stop: emaSlow * 0.99,
    riskBps: 50,
    expiresAfterMs: 6 * TIMEFRAME_MS['5m'],
    management: { trail: { distance: { bps: 80 }, armed: 'AT_ENTRY' } },
  });
  expect(signal!.because).toContain('15-bar average');
});

test('a fast average that is not the faster one is refused', () => {
  expect(() => jadecap.with({ fastBars: 60 })).toThrow(
    'jadecap: fastBars 60 must be less than slowBars 50',
  );
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
        long: 249,
        short: 204,
      });
      expect(countSides(opinionsOn(jadecap, readCandles(eur!), '1h'))).toEqual({
        long: 34,
        short: 12,
      });
    });
  },
);
