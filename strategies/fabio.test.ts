import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS } from '../domain/candle.ts';
import type { Direction, Opinion } from '../domain/signal.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import { type ValueArea, VolumeProfile } from '../market/indicators/volume-profile.ts';
import { describeWithData } from '../tests/support/data.ts';
import { fabio } from './fabio.ts';
import { countSides, opinionsOn, signalsAmong, strategyContract } from './strategy.contract.ts';

strategyContract(fabio);

const HOUR = TIMEFRAME_MS['1h'];

/** Low, close and high of a bar. */
type Levels = readonly [number, number, number];

/** Fifty bars and a week more, which warm it up. */
const VALUE_BARS = 50 + 7 * 24;
/** Bars about 100, whose value area reaches from about 99.7 to about 100.3. */
const VALUE: readonly Levels[] = Array.from({ length: VALUE_BARS }, (_, i) => [
  99.5,
  i % 2 === 0 ? 99.9 : 100.1,
  100.5,
]);
const BREAK: Levels = [100, 102, 102];
const AWAY: Levels = [101.5, 103, 103.2];
/** Down to the edge of the value area and closed above it again. */
const RETURN: Levels = [100.3, 101.2, 102.8];
const SET_UP: readonly Levels[] = [...VALUE, BREAK, AWAY, RETURN];

const times = (count: number, levels: Levels): readonly Levels[] =>
  Array.from({ length: count }, () => levels);

const barsOf = (levels: readonly Levels[]): readonly Candle[] =>
  levels.map(([low, close, high], i) => ({
    openTimeMs: i * HOUR,
    open: close,
    high,
    low,
    close,
    volume: 10,
  }));

/** The same bars upside down about a price of 100. */
const flipped = (bars: readonly Candle[]): readonly Candle[] =>
  bars.map((bar) => ({
    ...bar,
    open: 200 - bar.open,
    high: 200 - bar.low,
    low: 200 - bar.high,
    close: 200 - bar.close,
  }));

const opinionsAfter = (bars: readonly Candle[], strategy = fabio): readonly Opinion[] =>
  opinionsOn(strategy, GrowableSeries.of(bars), '1h');
const lastAfter = (...levels: readonly Levels[]): Opinion =>
  opinionsAfter(barsOf([...VALUE, ...levels])).at(-1)!;

/** The value area of the bars before the break. */
function valueOf(bars: readonly Candle[]): ValueArea {
  const profile = new VolumeProfile(50, 48);
  return bars
    .slice(0, 50)
    .map((bar) => profile.push(bar))
    .at(-1)!;
}

test.each<[Direction, 1 | -1, (bars: readonly Candle[]) => readonly Candle[]]>([
  ['LONG', 1, (bars) => bars],
  ['SHORT', -1, flipped],
])('a %s signal comes when price is accepted outside of value', (direction, sign, view) => {
  const bars = view(barsOf(SET_UP));
  const area = valueOf(bars);
  const opinions = opinionsAfter(bars);
  const [signal] = signalsAmong(opinions.slice(-1));
  const entry = bars.at(-1)!.close;
  const stop = (direction === 'LONG' ? area.low : area.high) * (1 - sign * 0.002);
  expect(signalsAmong(opinions)).toHaveLength(1);
  expect(signal).toMatchObject({
    direction,
    entry,
    confidence: 0.8,
    riskBps: 200,
    expiresAfterMs: 24 * HOUR,
    setupId: `fabio:${direction}:${VALUE_BARS * HOUR}`,
  });
  expect(signal!.stop).toBeCloseTo(stop, 10);
  expect(signal!.target).toBeCloseTo(entry + 2.5 * (entry - stop), 10);
});

test('it can fire: the entry lies above the value area and its point of control at once', () => {
  const bars = barsOf(SET_UP);
  const { high, pointOfControl } = valueOf(bars);
  const [signal] = signalsAmong(opinionsAfter(bars));
  expect(signal!.entry).toBeGreaterThan(high * 1.002);
  expect(signal!.entry).toBeGreaterThan(pointOfControl * 1.002);
});

test('a bar that reaches the point of control and closes above it is accepted there', () => {
  expect(lastAfter(BREAK, AWAY, [99.9, 100.2, 101.5])).toMatchObject({
    kind: 'SIGNAL',
    because: expect.stringContaining('came back to the point of control'),
  });
});

test('a return that closes inside of value waits for a close outside of it', () => {
  const inside: Levels = [100.15, 100.2, 101.5];
  expect(lastAfter(BREAK, AWAY, inside)).toMatchObject({
    because: 'price has not come back and been accepted outside of value',
  });
  expect(lastAfter(BREAK, AWAY, inside, RETURN)).toMatchObject({ kind: 'SIGNAL' });
});

test('a break is over when a bar closes through the point of control', () => {
  const through: Levels = [99.6, 99.7, 101];
  expect(lastAfter(BREAK, AWAY, through)).toMatchObject({
    because: 'price fell back through the point of control: the break has failed',
  });
  expect(lastAfter(BREAK, AWAY, through, [99.8, 100.2, 100.3])).toMatchObject({
    because: 'price has not broken out of its value area',
  });
});

test('a break that nobody comes back from in time is forgotten', () => {
  const away = times(50, AWAY);
  expect(lastAfter(BREAK, ...away, AWAY)).toMatchObject({
    because: 'price did not come back in time',
  });
  expect(lastAfter(BREAK, ...away.slice(1), RETURN)).toMatchObject({ kind: 'SIGNAL' });
  const late = opinionsAfter(barsOf([...VALUE, BREAK, ...away, AWAY, RETURN]));
  expect(signalsAmong(late)).toHaveLength(0);
});

test('a break signals once', () => {
  const again = opinionsAfter(barsOf([...SET_UP, AWAY, RETURN, AWAY, RETURN]));
  expect(signalsAmong(again)).toHaveLength(1);
});

test('the levels of a break stand still, whatever is traded after it', () => {
  const bars = barsOf(SET_UP).map((bar, i) => (i > VALUE_BARS ? { ...bar, volume: 100_000 } : bar));
  const [signal] = signalsAmong(opinionsAfter(bars));
  const { low, pointOfControl, high } = valueOf(bars);
  const values = signal!.evidence.map(({ id, value }) => [id, value]);
  expect(values).toEqual(
    expect.arrayContaining([
      ['fabio.value-high', high],
      ['fabio.point-of-control', pointOfControl],
      ['fabio.value-low', low],
    ]),
  );
});

test('a bar that has only just broken out is no return', () => {
  // It reaches down into the value area as well, and closes far above it.
  expect(lastAfter([99.6, 102, 102])).toMatchObject({
    because: 'price breaks out of its value area and has yet to come back',
  });
});

test('a market that was outside of value all along has not broken out of it', () => {
  const opinions = opinionsAfter(barsOf([...VALUE, BREAK, AWAY, RETURN, AWAY, AWAY]));
  expect(opinions.at(-1)).toMatchObject({ because: 'price has not broken out of its value area' });
});

test.each([
  ['a coin', 600],
  ['a share', 4],
  ['a currency', 0.011],
  ['a coin of little worth', 0.000_000_1],
])('%s has the same set-ups at its own scale', (_, scale) => {
  const bars = barsOf(SET_UP).map((bar) => ({
    ...bar,
    open: bar.open * scale,
    high: bar.high * scale,
    low: bar.low * scale,
    close: bar.close * scale,
  }));
  const [signal] = signalsAmong(opinionsAfter(bars));
  const [plain] = signalsAmong(opinionsAfter(barsOf(SET_UP)));
  expect(signal!.setupId).toBe(plain!.setupId);
  expect(signal!.stop / scale).toBeCloseTo(plain!.stop, 10);
});

test('a stop keeps its distance from the entry, however thin the value area is', () => {
  const thin = Array.from({ length: VALUE_BARS }, (): Levels => [99.999, 100, 100.001]);
  const bars = barsOf([...thin, [100, 100.21, 100.21], [100.001, 100.002, 100.22]]);
  const [signal] = signalsAmong(opinionsAfter(bars, fabio.with({ stopBeyondBps: 0 })));
  expect(signal!.entry - signal!.stop).toBeGreaterThanOrEqual(0.002 * signal!.entry - 1e-12);
});

test('without volume it says that there is none', () => {
  const silent = barsOf(SET_UP).map((bar) => ({ ...bar, volume: 0 }));
  expect(opinionsAfter(silent).at(-1)).toMatchObject({
    because: 'there is no volume to build a profile of',
  });
});

test('a break that was accepted during the warm-up is spent with it', () => {
  const early = barsOf([...VALUE.slice(0, 100), BREAK, AWAY, RETURN, ...times(100, AWAY), RETURN]);
  expect(signalsAmong(opinionsAfter(early))).toHaveLength(0);
});

test('before its warm-up is over it says so', () => {
  const opinions = opinionsAfter(barsOf(SET_UP));
  expect(opinions[fabio.warmupBars - 2]).toMatchObject({ because: 'warming up' });
  expect(opinions[fabio.warmupBars - 1]).not.toMatchObject({ because: 'warming up' });
});

describe('a session', () => {
  const london = fabio.with({ session: 'london' });
  const startingAt = (hour: number): readonly Candle[] =>
    barsOf(SET_UP).map((bar) => ({ ...bar, openTimeMs: bar.openTimeMs + hour * HOUR }));

  test('keeps out a return that closes outside of it', () => {
    // The last bar closes at five o'clock in the morning.
    expect(opinionsAfter(startingAt(0), london).at(-1)).toMatchObject({
      because: 'price came back outside of the chosen session',
    });
  });

  test('lets one that closes inside of it through', () => {
    expect(opinionsAfter(startingAt(3), london).at(-1)).toMatchObject({ kind: 'SIGNAL' });
  });
});

test('it never risks more than the kernel allows', () => {
  expect(() => fabio.with({ riskBps: 201 })).toThrow('riskBps 201');
});

describeWithData(
  'Fabio on real markets',
  ['btcusd-coinbase-4h-2016-2024.csv', 'eurusd-1h-2017-2018.csv'],
  (btc, eur) => {
    test('signals as often as it did when these counts were written down', () => {
      expect(countSides(opinionsOn(fabio, readCandles(btc!), '4h'))).toEqual({
        long: 304,
        short: 239,
      });
      expect(countSides(opinionsOn(fabio, readCandles(eur!), '1h'))).toEqual({
        long: 33,
        short: 34,
      });
    });
  },
);
