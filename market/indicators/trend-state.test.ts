import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS, type Timeframe, TIMEFRAMES } from '../../domain/candle.ts';
import { seededRandom } from '../../domain/random.ts';
import { GrowableSeries } from '../candles/growable-series.ts';
import { resample } from '../candles/resample.ts';
import { bandStateOf } from './band-state.ts';
import { jmaOf } from './jma.ts';
import { rationalQuadraticOf } from './rational-quadratic.ts';
import { TrendState, trendStateOf, trendStateWarmupBars } from './trend-state.ts';

/** A market that drifts one way for a while and then the other, in bursts. */
function marketOf(bars: number, seed: number, timeframe: Timeframe): readonly Candle[] {
  const random = seededRandom(seed);
  let close = 100;
  return Array.from({ length: bars }, (_, i) => {
    const open = close;
    const size = 0.0006 + 0.002 * Math.max(0, Math.sin(i / 260)) ** 6;
    close *= 1 + size * (2 * random.next() - 1) + 0.4 * size * Math.sin(i / 900);
    return {
      openTimeMs: i * TIMEFRAME_MS[timeframe],
      open,
      high: Math.max(open, close) * 1.0001,
      low: Math.min(open, close) * 0.9999,
      close,
      volume: 1,
    };
  });
}

const closesOf = (series: GrowableSeries): Float64Array => series.close.slice(0, series.length);
const smooth = (closes: Float64Array, period: number): Float64Array => {
  const average = jmaOf(closes, period);
  const known = rationalQuadraticOf(average.slice(period - 1));
  return Float64Array.of(...average.slice(0, period - 1), ...known);
};

/** The order of the averages on the bars of a quarter of an hour, by whole columns. */
function ordersOf(closes: Float64Array): readonly number[] {
  const [fast, middle, slow] = [5, 10, 20].map((period) => smooth(closes, period)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return Array.from(closes, (_, i) => {
    if (Number.isNaN(slow[i]!)) return Number.NaN;
    if (Math.min(fast[i]!, middle[i]!) > slow[i]!) return 1;
    return Math.max(fast[i]!, middle[i]!) < slow[i]! ? -1 : 0;
  });
}

describe('on a chart of one minute', () => {
  const series = GrowableSeries.of(marketOf(40_000, 3, '1m'));
  const states = trendStateOf(series, '1m');

  test('is what its parts say on the higher bars that have closed by then', () => {
    const orders = ordersOf(closesOf(resample(series, '1m', '15m')));
    const bands = bandStateOf(closesOf(resample(series, '1m', '5m')));
    let state = Number.NaN;
    for (const [i, answer] of states.entries()) {
      const order = orders[Math.floor((i + 1) / 15) - 1] ?? Number.NaN;
      const band = bands[Math.floor((i + 1) / 5) - 1] ?? Number.NaN;
      if (Number.isNaN(order + band)) state = Number.NaN;
      else if (order !== 0 && (state === 2 * order || band === 2 * order)) state = 2 * order;
      else state = order;
      if (!Object.is(answer, state)) expect({ i, answer }).toEqual({ i, answer: state });
    }
    expect(new Set(states)).toEqual(new Set([Number.NaN, -2, -1, 0, 1, 2]));
  });

  test('what is not bullish is not bearish for that', () => {
    const orders = ordersOf(closesOf(resample(series, '1m', '15m')));
    const neutral = [...states.keys()].filter((i) => orders[Math.floor((i + 1) / 15) - 1] === 0);
    expect(neutral.length).toBeGreaterThan(100);
    expect(neutral.filter((i) => !Number.isNaN(states[i]!)).every((i) => states[i] === 0)).toBe(
      true,
    );
  });

  test('changes only with a bar that closes a higher one', () => {
    const changes = [...states.keys()].filter((i) => i > 0 && states[i] !== states[i - 1]);
    const known = changes.filter((i) => !Number.isNaN(states[i - 1]!));
    expect(known.length).toBeGreaterThan(20);
    expect(known.every((i) => (i + 1) % 5 === 0)).toBe(true);
  });

  test('is never changed by what comes later', () => {
    const part = GrowableSeries.of(Array.from({ length: 20_003 }, (_, i) => series.candle(i)));
    expect(trendStateOf(part, '1m')).toEqual(states.slice(0, 20_003));
  });

  test('has answered by the end of its warm-up', () => {
    expect(states[trendStateWarmupBars('1m') - 1]).not.toBeNaN();
    expect(states[60]).toBeNaN();
  });

  test('saved after any bar it goes on as if it had never been put away', () => {
    for (const bars of [0, 7, 404, 3_333]) {
      const original = new TrendState('1m');
      for (let i = 0; i < bars; i++) original.push(series.candle(i));
      const again = new TrendState('1m');
      again.load(structuredClone(original.save()));
      for (let i = bars; i < bars + 600; i++)
        expect(again.push(series.candle(i))).toBe(original.push(series.candle(i)));
      expect(again.save()).toEqual(original.save());
    }
  });
});

test.each(TIMEFRAMES)('answers on a chart of %s', (timeframe) => {
  const series = GrowableSeries.of(marketOf(trendStateWarmupBars(timeframe), 5, timeframe));
  expect(trendStateOf(series, timeframe).at(-1)).not.toBeNaN();
});
