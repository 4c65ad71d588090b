import { expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS } from '../domain/candle.ts';
import type { Direction, Opinion } from '../domain/signal.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import { describeWithData } from '../tests/support/data.ts';
import { nbb } from './nbb.ts';
import { countSides, opinionsOn, signalsAmong, strategyContract } from './strategy.contract.ts';

strategyContract(nbb);

const HOUR = TIMEFRAME_MS['1h'];

/** Bars that run from close to close; the one at `spikeAt` also reaches down by two. */
function barsOf(closes: readonly number[], spikeAt: number): readonly Candle[] {
  return closes.map((close, i) => {
    const open = closes[i - 1] ?? close;
    return {
      openTimeMs: i * HOUR,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close) - (i === spikeAt ? 2 : 0),
      close,
      volume: 1,
    };
  });
}

/** The same bars upside down about a price of 110. */
const flipped = (bars: readonly Candle[]): readonly Candle[] =>
  bars.map((bar) => ({
    ...bar,
    open: 220 - bar.open,
    high: 220 - bar.low,
    low: 220 - bar.high,
    close: 220 - bar.close,
  }));

const steps = (from: number, to: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 1)) / count);

/** Down to a pivot low at bar 20 (body to 100, low 98), then up for twenty bars, which confirms it. */
const FALL = steps(121, 100, 21);
const RISE = steps(100, 120, 20);
const RETURN = steps(120, 100, 10);

const opinionsAfter = (closes: readonly number[]): readonly Opinion[] =>
  opinionsOn(nbb, GrowableSeries.of(barsOf(closes, 20)), '1h');

test.each<[Direction, (bars: readonly Candle[]) => readonly Candle[], number, number]>([
  ['LONG', (bars) => bars, 100, 98 * 0.999],
  ['SHORT', flipped, 120, 122 * 1.001],
])(
  'a %s signal comes when price comes back to a zone it had left',
  (direction, view, entry, stop) => {
    const series = GrowableSeries.of(view(barsOf([...FALL, ...RISE, ...RETURN], 20)));
    const opinions = opinionsOn(nbb, series, '1h');
    expect(signalsAmong(opinions)).toHaveLength(1);
    const [signal] = signalsAmong(opinions.slice(-1));
    expect(signal).toMatchObject({
      direction,
      confidence: 0.7,
      riskBps: 150,
      expiresAfterMs: 24 * HOUR,
      setupId: `nbb:${direction}:${20 * HOUR}`,
    });
    expect(signal).not.toHaveProperty('trailBps');
    expect(signal!.entry).toBeCloseTo(entry, 10);
    expect(signal!.stop).toBeCloseTo(stop, 10);
    expect(signal!.target).toBeCloseTo(entry + 2.5 * (entry - stop), 10);
  },
);

test('a zone is not known before twenty bars have confirmed its pivot', () => {
  const early = [...FALL, ...steps(100, 110, 10), ...steps(110, 100, 9)];
  expect(signalsAmong(opinionsAfter(early))).toHaveLength(0);
  expect(opinionsAfter(early).at(-1)).toMatchObject({ because: 'warming up' });
});

test('a zone signals once', () => {
  const again = [...FALL, ...RISE, ...RETURN, ...steps(100, 104, 4), ...steps(104, 100, 4)];
  expect(signalsAmong(opinionsAfter(again))).toHaveLength(1);
});

test('a bar that closes through the zone ends it without a signal', () => {
  const through = [...FALL, ...RISE, ...steps(120, 102, 9), 97, ...steps(97, 101, 4)];
  expect(signalsAmong(opinionsAfter(through))).toHaveLength(0);
});

test('away from every zone it waits', () => {
  expect(opinionsAfter([...FALL, ...RISE, 119]).at(-1)).toMatchObject({
    because: 'no zone is being retested',
  });
});

test('a zone that nobody has come back to for 250 bars is forgotten', () => {
  // Small steps far above the zone, which make no pivots of their own.
  const away = Array.from({ length: 250 }, (_, i) => 120 + i * 0.01);
  const late = opinionsAfter([...FALL, ...RISE, ...away, ...steps(122, 100, 10)]);
  expect(signalsAmong(late).filter(({ direction }) => direction === 'LONG')).toHaveLength(0);
});

test('a stop is never nearer than twenty basis points', () => {
  // Without its spike the zone is a line, and its stop would lie ten basis points away.
  const bars = barsOf([...FALL, ...RISE, ...RETURN], -1).map((bar) => ({
    ...bar,
    open: bar.close,
    high: bar.close,
    low: bar.close,
  }));
  const [signal] = signalsAmong(opinionsOn(nbb, GrowableSeries.of(bars), '1h'));
  expect(signal!.entry - signal!.stop).toBeGreaterThanOrEqual(0.002 * signal!.entry - 1e-9);
});

describeWithData(
  'NBB on real markets',
  ['btcusd-coinbase-4h-2016-2024.csv', 'eurusd-1h-2017-2018.csv'],
  (btc, eur) => {
    test('signals as often as it did when these counts were written down', () => {
      expect(countSides(opinionsOn(nbb, readCandles(btc!), '4h'))).toEqual({
        long: 199,
        short: 187,
      });
      expect(countSides(opinionsOn(nbb, readCandles(eur!), '1h'))).toEqual({ long: 52, short: 57 });
    });
  },
);
