import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS } from '../../domain/candle.ts';
import { seededRandom } from '../../domain/random.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import { resample } from '../../market/candles/resample.ts';
import { adxOf } from '../../market/indicators/adx.ts';
import { DirectionalGate, gateWarmupBars } from './directional-gate.ts';

const SETTINGS = { adxBars: 14, adxMin: 20 };
const HOUR_MS = TIMEFRAME_MS['1h'];

/** A market of hours that drifts up and down in turns and breaks now and then. */
function hours(count: number, seed: number): readonly Candle[] {
  const random = seededRandom(seed);
  let close = 100;
  return Array.from({ length: count }, (_, i) => {
    const open = close;
    close *= 1 + 0.006 * (2 * random.next() - 1) + 0.002 * Math.sin(i / 150);
    if (i % 701 === 700) close *= i % 2 ? 0.85 : 1.18;
    return {
      openTimeMs: i * HOUR_MS,
      open,
      high: Math.max(open, close) * 1.001,
      low: Math.min(open, close) * 0.999,
      close,
      volume: 1,
    };
  });
}

const statesOf = (bars: readonly Candle[]): readonly number[] => {
  const gate = new DirectionalGate(HOUR_MS, SETTINGS);
  return bars.map((bar) => gate.push(bar));
};

/** The rule once more over whole columns of bars of four hours. */
function statesBySearch(bars: readonly Candle[]): readonly number[] {
  const higher = resample(GrowableSeries.of(bars), '1h', '4h');
  const { high, low, close, length } = higher;
  const columns = {
    high: high.slice(0, length),
    low: low.slice(0, length),
    close: close.slice(0, length),
  };
  const { plusDi, minusDi, adx } = adxOf(columns, SETTINGS.adxBars);
  let [state, side] = [Number.NaN, 0];
  const states: number[] = [];
  for (let i = 0; i < length; i++) {
    const known = !Number.isNaN(adx[i]!) && i >= 49;
    if (known) {
      const now = Math.sign(plusDi[i]! - minusDi[i]!) || side;
      const wasKnown = !Number.isNaN(state);
      const rises = (back: number): boolean => adx[i - back]! > adx[i - back - 1]!;
      const falls = (back: number): boolean => adx[i - back]! < adx[i - back - 1]!;
      const first = i - 49;
      const [top, bottom] = [
        Math.max(...columns.high.slice(first, i + 1)),
        Math.min(...columns.low.slice(first, i + 1)),
      ];
      const isFar = now >= 0 ? close[i]! < 0.9 * top : close[i]! > 1.1 * bottom;
      const hasFallenUnder = wasKnown && adx[i - 1]! >= 20 && adx[i]! < 20;
      if (isFar) state = 0;
      else if (now !== side) state = now;
      else if (hasFallenUnder || (falls(0) && falls(1) && falls(2))) state = 0;
      else if (adx[i]! >= 20 && rises(0) && rises(1)) state = 2 * now;
      side = now;
    }
    states.push(state);
  }
  return states;
}

describe('the gate', () => {
  const bars = hours(6_000, 5);
  const states = statesOf(bars);

  test('says what the rule says on the bars of four hours that have closed by then', () => {
    const search = statesBySearch(bars);
    // The counts of rises and falls begin with the first reading; some readings later both know them.
    for (let i = 4 * 60; i < bars.length; i++)
      expect(states[i]).toBe(search[Math.floor((i + 1) / 4) - 1]);
    expect(new Set(states)).toEqual(new Set([Number.NaN, -2, -1, 0, 1, 2]));
  });

  test('does not look into the bar of four hours that is still open', () => {
    for (const at of [2_001, 2_002, 3_405]) {
      const openBarEnd = 4 * Math.floor(at / 4) + 4;
      for (const shock of [0.5, 2]) {
        const other = bars.map((bar, i) => {
          if (i <= at || i >= openBarEnd) return bar;
          const [open, close] = [bar.open * shock, bar.close * shock];
          return { ...bar, open, close, high: Math.max(open, close), low: Math.min(open, close) };
        });
        expect(statesOf(other).slice(0, openBarEnd - 1)).toEqual(states.slice(0, openBarEnd - 1));
        expect(statesOf(other).slice(0, openBarEnd + 8)).not.toEqual(
          states.slice(0, openBarEnd + 8),
        );
      }
    }
  });

  test('has answered by the end of its warm-up and not at its beginning', () => {
    expect(states[gateWarmupBars(SETTINGS, HOUR_MS) - 1]).not.toBeNaN();
    expect(states[190]).toBeNaN();
    expect(gateWarmupBars(SETTINGS, TIMEFRAME_MS['1d'])).toBe(113);
  });

  test('saved after any bar goes on as if it had never been put away', () => {
    for (const cut of [0, 3, 190, 2_222]) {
      const original = new DirectionalGate(HOUR_MS, SETTINGS);
      for (const bar of bars.slice(0, cut)) original.push(bar);
      const again = new DirectionalGate(HOUR_MS, SETTINGS);
      again.load(structuredClone(original.save()));
      for (const bar of bars.slice(cut, cut + 500))
        expect(again.push(bar)).toBe(original.push(bar));
      expect(again.save()).toEqual(original.save());
    }
  });
});
