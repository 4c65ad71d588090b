import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS } from '../domain/candle.ts';
import type { Direction, Opinion } from '../domain/signal.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import { syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import { describeWithData } from '../tests/support/data.ts';
import { countSides, opinionsOn, signalsAmong, strategyContract } from './strategy.contract.ts';
import { tori } from './tori.ts';

strategyContract(tori);

const BAR = TIMEFRAME_MS['4h'];

const steps = (from: number, to: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 1)) / count);

/** Whole days of small steps without a turn, which warm it up. */
const QUIET = 53 * 6;

/** After them: lows of 100 at bar 31 and of `second` at bar 111, a rise to `top` until bar 151, and a fall from it. */
const closesOf = (second: number, top: number, quiet = QUIET): readonly number[] => [
  ...steps(132, 131, quiet),
  ...steps(131, 100, 32),
  ...steps(100, 130, 40),
  ...steps(130, second, 40),
  ...steps(second, top, 40),
  ...steps(top, 117.5, 13),
];

/** Bars that run from close to close. */
const barsOf = (closes: readonly number[]): readonly Candle[] =>
  closes.map((close, i) => {
    const open = closes[i - 1] ?? close;
    const [low, high] = [Math.min(open, close), Math.max(open, close)];
    return { openTimeMs: i * BAR, open, high, low, close, volume: 1 };
  });

interface Ending {
  readonly low: number;
  readonly close: number;
  readonly high: number;
}

/** The next bars, each opened at the close before it. */
const followedBy = (bars: readonly Candle[], ...endings: readonly Ending[]): readonly Candle[] =>
  endings.reduce(
    (all, ending) => [
      ...all,
      { openTimeMs: all.length * BAR, open: all.at(-1)!.close, volume: 1, ...ending },
    ],
    bars,
  );

/** The same bars upside down about a price of 110. */
const flipped = (bars: readonly Candle[]): readonly Candle[] =>
  bars.map((bar) => ({
    ...bar,
    open: 220 - bar.open,
    high: 220 - bar.low,
    low: 220 - bar.high,
    close: 220 - bar.close,
  }));

const FALLING_BACK = barsOf(closesOf(110, 124));
/** At the next bar the line stands at 116.75, and half of the swing from 110 to 124 at 117. */
const TURN: Ending = { low: 116.8, close: 117.8, high: 117.9 };
const SET_UP = followedBy(FALLING_BACK, TURN);

const opinionsAfter = (bars: readonly Candle[], strategy = tori): readonly Opinion[] =>
  opinionsOn(strategy, GrowableSeries.of(bars), '4h');
const lastAfter = (bars: readonly Candle[]): Opinion => opinionsAfter(bars).at(-1)!;

test.each<[Direction, 1 | -1, (bars: readonly Candle[]) => readonly Candle[]]>([
  ['LONG', 1, (bars) => bars],
  ['SHORT', -1, flipped],
])('a %s signal comes at a line and a level that turn price away', (direction, sign, view) => {
  const bars = view(SET_UP);
  const opinions = opinionsAfter(bars);
  const [signal] = signalsAmong(opinions.slice(-1));
  const entry = bars.at(-1)!.close;
  // Beyond the deepest level, which lies further away than the line.
  const deepest = 124 - 0.618 * 14;
  const stop = (direction === 'LONG' ? deepest : 220 - deepest) * (1 - sign * 0.005);
  expect(signalsAmong(opinions)).toHaveLength(1);
  expect(signal).toMatchObject({
    direction,
    entry,
    confidence: 0.85,
    riskBps: 150,
    expiresAfterMs: 2 * TIMEFRAME_MS['1d'],
    setupId: `tori:${direction}:${(QUIET + 31) * BAR}:${(QUIET + 111) * BAR}`,
  });
  expect(signal!.stop).toBeCloseTo(stop, 10);
  expect(signal!.target).toBeCloseTo(entry + 3 * (entry - stop), 10);
});

test('its evidence is the line, the swing and the level that met', () => {
  const [signal] = signalsAmong(opinionsAfter(SET_UP));
  const found = Object.fromEntries(signal!.evidence.map(({ id, value }) => [id, value]));
  expect(found['tori.pivot-first']).toBeCloseTo(100, 10);
  expect(found['tori.pivot-second']).toBeCloseTo(110, 10);
  expect(found['tori.line']).toBeCloseTo(116.75, 10);
  expect(found['tori.swing-end']).toBeCloseTo(124, 10);
  expect(found['tori.level']).toBeCloseTo(117, 10);
  expect(found['tori.touch']).toBe(116.8);
});

test('two lows of which the second is no higher carry no line', () => {
  for (const second of [100, 95]) {
    const bars = followedBy(barsOf(closesOf(second, 124)), TURN);
    const opinions = opinionsAfter(bars);
    expect(signalsAmong(opinions)).toHaveLength(0);
    expect(opinions.at(-1)).toMatchObject({
      because: 'no line through the last two turning points is alive',
    });
  }
});

test('a bar at the line that closes down is not turned away', () => {
  expect(
    lastAfter(followedBy(FALLING_BACK, { low: 116.8, close: 117.3, high: 117.5 })),
  ).toMatchObject({ because: 'the bar at the trend line did not close away from it' });
});

test('a bar at the line that closes up in its lower half is not turned away', () => {
  expect(
    lastAfter(followedBy(FALLING_BACK, { low: 116.8, close: 117.6, high: 118.8 })),
  ).toMatchObject({ because: 'the bar at the trend line did not close away from it' });
});

test('the line alone is not enough: the low must lie at a level of the swing as well', () => {
  const farFromLevels = followedBy(barsOf(closesOf(110, 150)), TURN);
  expect(lastAfter(farFromLevels)).toMatchObject({
    because: 'price is at its trend line, but at no Fibonacci level of the swing',
  });
});

test('above the line it waits', () => {
  expect(lastAfter(FALLING_BACK)).toMatchObject({ because: 'price is not at its trend line' });
});

test('a line that a bar has closed through is dead', () => {
  const through = followedBy(
    FALLING_BACK,
    { low: 115, close: 115.2, high: 117.5 },
    { low: 115.2, close: 118, high: 118 },
    { low: 116.9, close: 118.2, high: 118.3 },
  );
  const opinions = opinionsAfter(through);
  expect(signalsAmong(opinions)).toHaveLength(0);
  expect(opinions.at(-1)).toMatchObject({
    because: 'no line through the last two turning points is alive',
  });
});

test('a line that was closed through before its second low was known is dead', () => {
  const closes = closesOf(110, 124).map((close, i) => (i === QUIET + 120 ? 110.05 : close));
  expect(lastAfter(followedBy(barsOf(closes), TURN))).toMatchObject({
    because: 'no line through the last two turning points is alive',
  });
});

test('a line signals once', () => {
  const again = followedBy(
    SET_UP,
    { low: 117, close: 118, high: 118.2 },
    { low: 117.1, close: 118.1, high: 118.2 },
  );
  expect(signalsAmong(opinionsAfter(again))).toHaveLength(1);
});

describe('warm-up', () => {
  test('is as long as two turning points and the average range want it', () => {
    expect(tori.warmupBars).toBe(16 * 30);
    expect(tori.with({ pivotSide: 3 }).warmupBars).toBe(14 * 14);
    const opinions = opinionsAfter(SET_UP);
    expect(opinions[tori.warmupBars - 2]).toMatchObject({ because: 'warming up' });
    expect(opinions[tori.warmupBars - 1]).not.toMatchObject({ because: 'warming up' });
  });

  test('spends a line that would have signalled during it', () => {
    const touches = followedBy(
      barsOf(closesOf(110, 124, tori.warmupBars - 168)),
      TURN,
      { low: 117, close: 118, high: 118.2 },
      { low: 117.1, close: 118.1, high: 118.2 },
    );
    expect(touches).toHaveLength(tori.warmupBars);
    expect(lastAfter(touches)).toMatchObject({
      because: 'no line through the last two turning points is alive',
    });
  });
});

test('both sides never fire on one bar: each wants a close its own way', () => {
  const loose = tori.with({ pivotSide: 3, lineTouchAtr: 3, levelTouchAtr: 3 });
  const all = { long: 0, short: 0 };
  fc.assert(
    fc.property(fc.nat(100_000), (seed) => {
      const series = GrowableSeries.of(syntheticFeed({ seed }).history);
      const opinions = opinionsOn(loose, series, '1h');
      const { long, short } = countSides(opinions);
      all.long += long;
      all.short += short;
      opinions.forEach((opinion, i) => {
        if (opinion.kind !== 'SIGNAL') return;
        const { open, high, low, close } = series.candle(i);
        const sign = opinion.direction === 'LONG' ? 1 : -1;
        expect(sign * (close - open)).toBeGreaterThan(0);
        expect(sign * (close - (high + low) / 2)).toBeGreaterThan(0);
      });
    }),
    { numRuns: 25 },
  );
  expect(all.long).toBeGreaterThan(0);
  expect(all.short).toBeGreaterThan(0);
});

test('a line touched outside of the chosen session waits for a touch inside of it', () => {
  // The first touch closes at eight in the morning, the second at noon, when New York opens.
  const touches = followedBy(SET_UP, { low: 117, close: 118, high: 118.2 }).map((bar) => ({
    ...bar,
    openTimeMs: bar.openTimeMs + 4 * BAR,
  }));
  const opinions = opinionsAfter(touches, tori.with({ session: 'new-york' }));
  expect(opinions.at(-2)).toMatchObject({
    because: 'the trend line was touched outside of the chosen session',
  });
  expect(opinions.at(-1)).toMatchObject({ kind: 'SIGNAL' });
});

describeWithData(
  'Tori on real markets',
  ['btcusd-coinbase-4h-2016-2024.csv', 'eurusd-1h-2017-2018.csv'],
  (btc, eur) => {
    test('signals as often as it did when these counts were written down', () => {
      expect(countSides(opinionsOn(tori, readCandles(btc!), '4h'))).toEqual({
        long: 42,
        short: 17,
      });
      expect(countSides(opinionsOn(tori, readCandles(eur!), '1h'))).toEqual({ long: 8, short: 8 });
    });
  },
);
