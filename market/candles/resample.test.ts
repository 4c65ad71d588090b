import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Candle } from '../../domain/candle.ts';
import { GrowableSeries } from './growable-series.ts';
import { resample, Resampler } from './resample.ts';

const MINUTE = 60_000;
const FIVE = 5 * MINUTE;

const bar = (minute: number, open: number, high: number, low: number, close: number): Candle => ({
  openTimeMs: minute * MINUTE,
  open,
  high,
  low,
  close,
  volume: 2,
});
const flat = (minute: number, price = 10): Candle => bar(minute, price, price, price, price);

test('a higher bar is the first open, the extremes, the last close and the summed volume', () => {
  const series = GrowableSeries.of([
    bar(0, 10, 12, 9, 11),
    bar(1, 11, 15, 11, 14),
    bar(2, 14, 14, 7, 8),
    bar(3, 8, 9, 8, 9),
    bar(4, 9, 10, 9, 9.5),
  ]);
  const higher = resample(series, '1m', '5m');
  expect(higher.length).toBe(1);
  expect(higher.candle(0)).toEqual({ ...bar(0, 10, 15, 7, 9.5), volume: 10 });
});

test('a higher bar is reported by the lower bar that closes it, not before', () => {
  const resampler = new Resampler(MINUTE, FIVE);
  const reported = [0, 1, 2, 3, 4, 5].map((minute) => resampler.push(flat(minute)).length);
  expect(reported).toEqual([0, 0, 0, 0, 1, 0]);
});

test('when its last bars are missing, it is reported once a later bar shows that it is over', () => {
  const resampler = new Resampler(MINUTE, FIVE);
  expect(resampler.push(flat(0))).toEqual([]);
  const [closed, ...rest] = resampler.push(flat(12, 20));
  expect(closed).toMatchObject({ openTimeMs: 0, close: 10 });
  expect(rest).toEqual([]);
});

test('one bar can close two higher bars after a hole', () => {
  const resampler = new Resampler(MINUTE, FIVE);
  resampler.push(flat(0));
  expect(resampler.push(flat(9)).map((higher) => higher.openTimeMs)).toEqual([0, FIVE]);
});

test('higher bars begin at multiples of their span, and one whose start was not seen is dropped', () => {
  const series = GrowableSeries.of([3, 4, 5, 6, 7, 8, 9, 10].map((minute) => flat(minute)));
  const higher = resample(series, '1m', '5m');
  expect([...higher.openTimeMs.subarray(0, higher.length)]).toEqual([FIVE]);
});

test('spans that do not add up, and time that goes back, are refused', () => {
  expect(() => new Resampler(MINUTE, 90_000)).toThrow(
    'bars of 60000 ms do not add up to bars of 90000 ms',
  );
  expect(() => resample(new GrowableSeries(), '5m', '5m')).toThrow('do not add up');
  const resampler = new Resampler(MINUTE, FIVE);
  resampler.push(flat(3));
  expect(() => resampler.push(flat(3))).toThrow('time 180000 does not come after 180000');
});

const bars = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 5, max: 50 }), fc.nat(5)), {
    minLength: 1,
    maxLength: 80,
  })
  .map((steps) => {
    let minute = 0;
    return steps.map(([step, price, height]) =>
      bar((minute += step), price, price + height, price - Math.min(height, 4), price),
    );
  });

test('nothing is ever taken back: a longer series only adds higher bars', () => {
  fc.assert(
    fc.property(bars, fc.nat(), (candles, cut) => {
      const all = resample(GrowableSeries.of(candles), '1m', '5m');
      const some = resample(GrowableSeries.of(candles.slice(0, cut % candles.length)), '1m', '5m');
      expect(some.length).toBeLessThanOrEqual(all.length);
      for (let i = 0; i < some.length; i++) expect(some.candle(i)).toEqual(all.candle(i));
    }),
  );
});

test('a higher bar agrees with the lower bars it covers', () => {
  fc.assert(
    fc.property(bars, (candles) => {
      const higher = resample(GrowableSeries.of(candles), '1m', '5m');
      for (let i = 0; i < higher.length; i++) {
        const { openTimeMs, open, high, low, close, volume } = higher.candle(i);
        const covered = candles.filter(
          (candle) => candle.openTimeMs >= openTimeMs && candle.openTimeMs < openTimeMs + FIVE,
        );
        expect(openTimeMs % FIVE).toBe(0);
        expect(open).toBe(covered[0]!.open);
        expect(high).toBe(Math.max(...covered.map((candle) => candle.high)));
        expect(low).toBe(Math.min(...covered.map((candle) => candle.low)));
        expect(close).toBe(covered.at(-1)!.close);
        expect(volume).toBe(2 * covered.length);
      }
    }),
  );
});

test('a resampler saved after any bar reports the same higher bars from there on', () => {
  fc.assert(
    fc.property(bars, fc.nat(), (candles, cut) => {
      const until = cut % (candles.length + 1);
      const original = new Resampler(MINUTE, FIVE);
      for (const candle of candles.slice(0, until)) original.push(candle);
      const again = new Resampler(MINUTE, FIVE);
      again.load(original.save());
      for (const candle of candles.slice(until))
        expect(again.push(candle)).toEqual(original.push(candle));
      const last = candles.at(-1);
      // The time that the next bar must come after is remembered too.
      if (last !== undefined) expect(() => again.push(last)).toThrow('does not come after');
    }),
  );
});
