import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type ValueArea, VolumeProfile, volumeProfileOf } from './volume-profile.ts';

interface Traded {
  readonly low: number;
  readonly high: number;
  readonly volume: number;
}

/** Thousandths about 1: a bar may be flat, silent, or as tall as its market. */
const anyBar = fc
  .tuple(fc.integer({ min: 900, max: 1_100 }), fc.nat(50), fc.nat(5_000))
  .map(([low, height, volume]): Traded => ({
    low: low / 1_000,
    high: (low + height) / 1_000,
    volume,
  }));
const market = fc.array(anyBar, { minLength: 1, maxLength: 60 });
const anyPeriod = fc.integer({ min: 1, max: 20 });
const anyRows = fc.integer({ min: 1, max: 60 });

const NOTHING: ValueArea = { pointOfControl: Number.NaN, low: Number.NaN, high: Number.NaN };

/** The value area of a market that traded `volumes[i]` between the prices i and i + 1. */
function areaOf(volumes: readonly number[]): ValueArea {
  const profile = new VolumeProfile(volumes.length, volumes.length);
  return volumes.map((volume, low) => profile.push({ low, high: low + 1, volume })).at(-1)!;
}

/** The share of the volume traded between two prices. */
function shareWithin(bars: readonly Traded[], low: number, high: number): number {
  const total = bars.reduce((sum, { volume }) => sum + volume, 0);
  const within = bars.reduce((sum, bar) => {
    const overlap = Math.min(high, bar.high) - Math.max(low, bar.low);
    if (bar.high === bar.low) return overlap >= 0 ? sum + bar.volume : sum;
    return sum + (bar.volume * Math.max(0, overlap)) / (bar.high - bar.low);
  }, 0);
  return within / total;
}

describe('the value area', () => {
  test('lies around the point of control, and inside of what was traded', () => {
    fc.assert(
      fc.property(market, anyPeriod, anyRows, (bars, period, rows) => {
        const profile = new VolumeProfile(period, rows);
        bars.forEach((bar, i) => {
          const { low, pointOfControl, high } = profile.push(bar);
          const window = bars.slice(Math.max(0, i + 1 - period), i + 1);
          const isSilent = window.every(({ volume }) => volume === 0);
          if (i + 1 < period || isSilent) {
            expect({ low, pointOfControl, high }).toEqual(NOTHING);
            return;
          }
          expect(low).toBeLessThanOrEqual(pointOfControl);
          expect(pointOfControl).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(Math.min(...window.map((each) => each.low)));
          expect(high).toBeLessThanOrEqual(Math.max(...window.map((each) => each.high)));
        });
      }),
    );
  });

  test('holds seven tenths of the volume', () => {
    fc.assert(
      fc.property(market, anyRows, (bars, rows) => {
        fc.pre(bars.some(({ volume }) => volume > 0));
        const profile = new VolumeProfile(bars.length, rows);
        const { low, high } = bars.map((bar) => profile.push(bar)).at(-1)!;
        expect(shareWithin(bars, low, high)).toBeGreaterThanOrEqual(0.7 - 1e-9);
      }),
    );
  });

  test('is one piece: a far row with much volume does not join it over a gap', () => {
    // By volume alone the rows 0 and 8 would be the first two, with nothing between them.
    expect(areaOf([30, 0, 0, 0, 0, 0, 10, 20, 31, 9])).toEqual({
      pointOfControl: 8.5,
      low: 6,
      high: 10,
    });
  });

  test('grows by the fuller of the pairs above and below', () => {
    // From row 3: above holds 6 + 5, below 7 + 1; then below, and 29 of 32 are more than enough.
    expect(areaOf([1, 1, 7, 10, 6, 5, 2])).toEqual({ pointOfControl: 3.5, low: 1, high: 6 });
  });

  test('has the fullest row nearest the middle as its point of control', () => {
    expect(areaOf([9, 1, 9, 1, 1, 1, 9]).pointOfControl).toBe(2.5);
  });
});

test('volume is spread evenly over the prices of its bar', () => {
  const profile = new VolumeProfile(2, 4);
  profile.push({ low: 0, high: 4, volume: 4 });
  // Rows 1, 1, 1 + 2, 1 + 2: two of them hold six of eight.
  expect(profile.push({ low: 2, high: 4, volume: 4 })).toEqual({
    pointOfControl: 2.5,
    low: 2,
    high: 4,
  });
});

test('a bar that covers a part of a row leaves no more than that part in it', () => {
  const profile = new VolumeProfile(2, 4);
  profile.push({ low: 0, high: 4, volume: 0 });
  // Rows of 1, 4 and 2: the two above the fullest hold more than the one below.
  expect(profile.push({ low: 0.75, high: 2.5, volume: 7 })).toEqual({
    pointOfControl: 1.5,
    low: 1,
    high: 4,
  });
});

test.each([
  ['a share', 400],
  ['a coin', 60_000],
  ['a currency', 1.1],
  ['a coin of little worth', 0.000_012],
])('%s has the same profile at its own scale', (_, scale) => {
  const bars = [1, 4, 2, 3, 3, 6].map((volume, i) => ({ low: 1 + i / 50, high: 1.1, volume }));
  const plain = new VolumeProfile(6, 24);
  const scaled = new VolumeProfile(6, 24);
  const expected = bars.map((bar) => plain.push(bar)).at(-1)!;
  const found = bars
    .map(({ low, high, volume }) => scaled.push({ low: low * scale, high: high * scale, volume }))
    .at(-1)!;
  expect(found.low / scale).toBeCloseTo(expected.low, 10);
  expect(found.pointOfControl / scale).toBeCloseTo(expected.pointOfControl, 10);
  expect(found.high / scale).toBeCloseTo(expected.high, 10);
});

test('a market that stands still has one price for all three', () => {
  const profile = new VolumeProfile(2, 10);
  profile.push({ low: 5, high: 5, volume: 1 });
  expect(profile.push({ low: 5, high: 5, volume: 1 })).toEqual({
    pointOfControl: 5,
    low: 5,
    high: 5,
  });
});

test('a number that is missing is answered in NaN until it has passed', () => {
  const profile = new VolumeProfile(2, 10);
  profile.push({ low: 1, high: 2, volume: 3 });
  expect(profile.push({ low: 1, high: 2, volume: Number.NaN })).toEqual(NOTHING);
  expect(profile.push({ low: 1, high: 2, volume: 3 })).toEqual(NOTHING);
  expect(profile.push({ low: 1, high: 2, volume: 3 }).low).not.toBeNaN();
});

test('whole columns and one bar after another have the same areas', () => {
  fc.assert(
    fc.property(market, anyPeriod, anyRows, (bars, period, rows) => {
      const profile = new VolumeProfile(period, rows);
      const areas = bars.map((bar) => profile.push(bar));
      const column = (name: keyof Traded) => Float64Array.from(bars, (bar) => bar[name]);
      const columns = volumeProfileOf(
        { high: column('high'), low: column('low'), volume: column('volume') },
        period,
        rows,
      );
      expect([...columns.low]).toEqual(areas.map(({ low }) => low));
      expect([...columns.high]).toEqual(areas.map(({ high }) => high));
      expect([...columns.pointOfControl]).toEqual(
        areas.map(({ pointOfControl }) => pointOfControl),
      );
    }),
  );
});

test('saved after any bar it goes on as if it had never been put away', () => {
  fc.assert(
    fc.property(market, market, anyPeriod, (before, after, period) => {
      const original = new VolumeProfile(period, 12);
      for (const bar of before) original.push(bar);
      const saved = original.save();
      const kept = structuredClone(saved);
      const again = new VolumeProfile(period, 12);
      again.load(saved);
      for (const bar of after) expect(again.push(bar)).toEqual(original.push(bar));
      expect(again.save()).toEqual(original.save());
      expect(saved).toEqual(kept);
    }),
  );
});

test('a profile of another period cannot be taken up, and one without rows cannot be made', () => {
  expect(() => new VolumeProfile(3, 10).load(new VolumeProfile(2, 10).save())).toThrow(
    'a window of 3 values cannot go on from 2',
  );
  expect(() => new VolumeProfile(3, 0)).toThrow('0 rows must be a whole number, 1 or more');
  expect(() => new VolumeProfile(0, 10)).toThrow('volume profile: period 0');
});
