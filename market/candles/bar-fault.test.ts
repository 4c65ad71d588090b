import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candleFault } from '../../domain/candle.ts';
import { barFault } from './bar-fault.ts';

const value = fc.oneof(
  fc.integer({ min: -1, max: 4 }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0.5, 2 ** 53),
);

test('a bar in columns is judged as the candle that it is', () => {
  const bar = fc.record({
    openTimeMs: value,
    open: value,
    high: value,
    low: value,
    close: value,
    volume: value,
  });
  fc.assert(
    fc.property(bar, (candle) => {
      const columns = {
        openTimeMs: Float64Array.of(candle.openTimeMs),
        open: Float64Array.of(candle.open),
        high: Float64Array.of(candle.high),
        low: Float64Array.of(candle.low),
        close: Float64Array.of(candle.close),
        volume: Float64Array.of(candle.volume),
      };
      expect(barFault(columns, 0)).toBe(candleFault(candle));
    }),
    { numRuns: 2_000 },
  );
});

test('a sound bar has no fault', () => {
  const columns = {
    openTimeMs: Float64Array.of(60_000),
    open: Float64Array.of(2),
    high: Float64Array.of(3),
    low: Float64Array.of(1),
    close: Float64Array.of(2),
    volume: Float64Array.of(0),
  };
  expect(barFault(columns, 0)).toBeUndefined();
});
