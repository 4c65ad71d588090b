import { expect, test } from 'vitest';

import { type Candle, candleFault, TIMEFRAME_MS, TIMEFRAMES } from './candle.ts';

const good: Candle = { openTimeMs: 0, open: 10, high: 12, low: 9, close: 11, volume: 5 };

test('a sound candle has no fault', () => {
  expect(candleFault(good)).toBeUndefined();
  expect(candleFault({ ...good, open: 9, high: 9, low: 9, close: 9, volume: 0 })).toBeUndefined();
});

test.each<[Partial<Candle>, string]>([
  [{ openTimeMs: 0.5 }, 'time 0.5 is not whole milliseconds'],
  [{ openTimeMs: NaN }, 'time NaN is not whole milliseconds'],
  [{ open: 0 }, 'open 0 is not a positive number'],
  [{ high: NaN }, 'high NaN is not a positive number'],
  [{ low: -1 }, 'low -1 is not a positive number'],
  [{ close: Infinity }, 'close Infinity is not a positive number'],
  [{ volume: -1 }, 'volume -1 is not zero or more'],
  [{ volume: NaN }, 'volume NaN is not zero or more'],
  [{ volume: Infinity }, 'volume Infinity is not zero or more'],
  [{ high: 10.99 }, 'high 10.99 is below the open or the close'],
  [{ open: 12.01 }, 'high 12 is below the open or the close'],
  [{ low: 10.01 }, 'low 10.01 is above the open or the close'],
  [{ close: 8.99 }, 'low 9 is above the open or the close'],
])('%o is named as the fault', (change, fault) => {
  expect(candleFault({ ...good, ...change })).toBe(fault);
});

test('each timeframe is longer than the one before it and divides a day', () => {
  const lengths = TIMEFRAMES.map((timeframe) => TIMEFRAME_MS[timeframe]);
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  for (const length of lengths) expect(TIMEFRAME_MS['1d'] % length).toBe(0);
});
