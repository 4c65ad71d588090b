import { describe, expect, test } from 'vitest';

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

/** Whole days of small steps before anything happens, the other way and without a turn, that warm it up. */
const QUIET = 11 * 24;

function afterQuiet(bars: readonly Candle[]): GrowableSeries {
  const [first, second] = bars as readonly [Candle, Candle];
  const step = (first.close - second.close) / 1_000;
  const quiet = Array.from({ length: QUIET }, (_, i): Candle => {
    const open = first.open + (QUIET - i) * step;
    const close = open - step;
    const [low, high] = [Math.min(open, close), Math.max(open, close)];
    return { openTimeMs: first.openTimeMs + i * HOUR, open, high, low, close, volume: 1 };
  });
  return GrowableSeries.of([
    ...quiet,
    ...bars.map((bar) => ({ ...bar, openTimeMs: bar.openTimeMs + QUIET * HOUR })),
  ]);
}

const opinionsAfter = (closes: readonly number[]): readonly Opinion[] =>
  opinionsOn(nbb, afterQuiet(barsOf(closes, 20)), '1h');

test.each<[Direction, (bars: readonly Candle[]) => readonly Candle[], number, number]>([
  ['LONG', (bars) => bars, 100, 98 * 0.999],
  ['SHORT', flipped, 120, 122 * 1.001],
])(
  'a %s signal comes when price comes back to a zone it had left',
  (direction, view, entry, stop) => {
    const series = afterQuiet(view(barsOf([...FALL, ...RISE, ...RETURN], 20)));
    const opinions = opinionsOn(nbb, series, '1h');
    expect(signalsAmong(opinions)).toHaveLength(1);
    const [signal] = signalsAmong(opinions.slice(-1));
    expect(signal).toMatchObject({
      direction,
      confidence: 0.7,
      riskBps: 150,
      expiresAfterMs: 24 * HOUR,
      setupId: `nbb:${direction}:${(QUIET + 20) * HOUR}`,
    });
    expect(signal).not.toHaveProperty('management');
    expect(signal!.entry).toBeCloseTo(entry, 10);
    expect(signal!.stop).toBeCloseTo(stop, 10);
    expect(signal!.target).toBeCloseTo(entry + 2.5 * (entry - stop), 10);
  },
);

test('a zone is not known before twenty bars have confirmed its pivot', () => {
  const early = [...FALL, ...steps(100, 110, 10), ...steps(110, 100, 9)];
  expect(signalsAmong(opinionsAfter(early))).toHaveLength(0);
  expect(opinionsAfter(early).at(-1)).toMatchObject({ because: 'no confirmed zone' });
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
  const [signal] = signalsAmong(opinionsOn(nbb, afterQuiet(bars), '1h'));
  expect(signal!.entry - signal!.stop).toBeGreaterThanOrEqual(0.002 * signal!.entry - 1e-9);
});

test('several zones never fire together: the newest speaks, and all of them are spent', () => {
  // A low at bar 9 and a higher one at bar 22; one bar touches the zones of both, twice.
  const closes = [
    ...steps(110, 100, 10),
    ...steps(100, 106, 6),
    ...steps(106, 101, 7),
    ...steps(101, 110, 10),
    ...steps(110, 102, 6),
    100.5,
    102,
    104,
    100.5,
  ];
  const lows: Readonly<Record<number, number>> = { 22: 100.2, 39: 100, 42: 100 };
  const bars = barsOf(closes, 9).map((bar, i) => ({ ...bar, low: lows[i] ?? bar.low }));
  const signals = signalsAmong(opinionsOn(nbb.with({ pivotSide: 4 }), afterQuiet(bars), '1h'));
  expect(signals.map(({ setupId }) => setupId)).toEqual([`nbb:LONG:${(QUIET + 22) * HOUR}`]);
});

test('a zone that was closed through stays dead when price comes back above it', () => {
  const through = [...FALL, ...RISE, ...steps(120, 102, 9), 97, ...steps(97, 110, 10)];
  const back = opinionsAfter([...through, ...steps(110, 100, 10)]);
  expect(signalsAmong(back)).toHaveLength(0);
});

describe('a session', () => {
  const london = nbb.with({ session: 'london' });
  const startingAt = (hour: number): GrowableSeries =>
    afterQuiet(
      barsOf([...FALL, ...RISE, ...RETURN], 20).map((bar) => ({
        ...bar,
        openTimeMs: bar.openTimeMs + hour * HOUR,
      })),
    );

  test('keeps out a retest that closes outside of it', () => {
    // The last bar closes at three in the morning.
    expect(opinionsOn(london, startingAt(0), '1h').at(-1)).toMatchObject({
      because: 'a zone was touched outside of the chosen session',
    });
  });

  test('lets one that closes inside of it through', () => {
    expect(opinionsOn(london, startingAt(4), '1h').at(-1)).toMatchObject({ kind: 'SIGNAL' });
  });
});

test('its parameters are what it trades by', () => {
  const series = afterQuiet(barsOf([...FALL, ...RISE, ...RETURN], 20));
  const wide = nbb.with({ stopBeyondBps: 100, rewardRisk: 4, riskBps: 50, expiryBars: 6 });
  const [signal] = signalsAmong(opinionsOn(wide, series, '1h'));
  expect(signal!.stop).toBeCloseTo(98 * 0.99, 10);
  expect(signal!.target).toBeCloseTo(100 + 4 * (100 - 98 * 0.99), 10);
  expect(signal).toMatchObject({ riskBps: 50, expiresAfterMs: 6 * HOUR });
  // The retest comes ten bars after the zone is known, and by then it is forgotten.
  const short = nbb.with({ zoneLife: 10 });
  expect(signalsAmong(opinionsOn(short, series, '1h'))).toHaveLength(0);
  expect(nbb.with({ pivotSide: 5 }).warmupBars).toBe(11 + 250);
});

describeWithData(
  'NBB on real markets',
  ['btcusd-coinbase-4h-2016-2024.csv', 'eurusd-1h-2017-2018.csv'],
  (btc, eur) => {
    test('signals as often as it did when these counts were written down', () => {
      expect(countSides(opinionsOn(nbb, readCandles(btc!), '4h'))).toEqual({
        long: 198,
        short: 185,
      });
      expect(countSides(opinionsOn(nbb, readCandles(eur!), '1h'))).toEqual({ long: 50, short: 52 });
    });
  },
);
