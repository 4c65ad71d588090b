import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Management, Trail } from '../../domain/management.ts';
import { trailBy } from '../../domain/management.ts';
import { BTC } from '../../domain/testing/samples.ts';
import { type DecimalText, type Price, price, quantity, text } from '../../domain/units.ts';
import type { BarHistory } from '../../ledger/projections/readonly-book.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { isTighter, stopLevel, type StopSubject } from './stop-level.ts';

const subject = (long: boolean, change: Partial<StopSubject> = {}): StopSubject => ({
  long,
  tick: BTC.tick,
  protectiveStop: price(long ? '49000' : '51000'),
  lastStop: undefined,
  entryPrice: price('50000'),
  best: price('50000'),
  targetsFilled: 0,
  management: undefined,
  bars: undefined,
  ...change,
});
const level = (long: boolean, change: Partial<StopSubject> = {}): DecimalText =>
  text(stopLevel(subject(long, change)));

/** Bars whose true range is always `range`. */
const swinging = (range: number, count: number): BarHistory => ({
  timesMs: Array.from({ length: count }, (_, index) => index),
  highs: Array<number>(count).fill(50_000 + range),
  lows: Array<number>(count).fill(50_000),
  closes: Array<number>(count).fill(50_000 + range / 2),
});

describe('a stop that nothing moves', () => {
  test('rests where the entry wanted it, and then where it rested', () => {
    expect(level(true)).toBe('49000');
    expect(level(true, { lastStop: price('49500') })).toBe('49500');
    expect(level(false, { lastStop: price('50500') })).toBe('50500');
  });

  test('never goes back behind the protective stop', () => {
    expect(level(true, { lastStop: price('48000') })).toBe('49000');
    expect(level(false, { lastStop: price('52000') })).toBe('51000');
  });
});

describe('a trail by a share of the best price', () => {
  const trailed = (
    long: boolean,
    best: DecimalText,
    lastStop: DecimalText,
    management: Management = trailBy(100),
  ): DecimalText => level(long, { best: price(best), lastStop: price(lastStop), management });

  test('follows at its distance, on the tick and never nearer', () => {
    expect(trailed(true, '52000', '49000')).toBe('51480');
    expect(trailed(false, '48000', '51000')).toBe('48480');
    expect(trailed(true, '52000.01', '49000')).toBe('51480');
    expect(trailed(false, '48000.01', '51000')).toBe('48480.02');
  });

  test('arms at the entry once it would lock it in, and not one tick before', () => {
    expect(trailed(true, '50505.06', '49000')).toBe('50000');
    expect(trailed(true, '50505.04', '49000')).toBe('49000');
    expect(trailed(false, '49504.95', '51000')).toBe('50000');
    expect(trailed(false, '49504.96', '51000')).toBe('51000');
  });

  test('moves only when it gains ten basis points of itself', () => {
    // A tenth of a percent of 51,428.57 is 51.43.
    expect(trailed(true, '52000', '51428.57')).toBe('51480');
    expect(trailed(true, '52000', '51428.58')).toBe('51428.58');
    expect(trailed(false, '48000', '48528.53')).toBe('48480');
    expect(trailed(false, '48000', '48528.52')).toBe('48528.52');
  });

  test('never loosens', () => {
    expect(trailed(true, '52000', '51900')).toBe('51900');
    expect(trailed(false, '48000', '48100')).toBe('48100');
  });

  test('armed at a gain begins there, wherever its level is', () => {
    const trail: Trail = { distance: { bps: 150 }, armed: { gainBps: 100 } };
    // At +1% the level is still below the entry, and above the protective stop.
    expect(trailed(true, '50500', '49000', { trail })).toBe('49742.5');
    expect(trailed(true, '50499.99', '49000', { trail })).toBe('49000');
    expect(trailed(false, '49500', '51000', { trail })).toBe('50242.5');
    expect(trailed(false, '49500.01', '51000', { trail })).toBe('51000');
  });

  test('armed at a target waits for it, however far the price went', () => {
    const management: Management = {
      trail: { distance: { bps: 100 }, armed: { targetsFilled: 2 } },
    };
    const at = (targetsFilled: number): DecimalText =>
      level(true, { best: price('52000'), management, targetsFilled });
    expect([at(0), at(1), at(2), at(3)]).toEqual(['49000', '49000', '51480', '51480']);
  });

  test('without a best price stays', () => {
    expect(level(true, { best: undefined, management: trailBy(100) })).toBe('49000');
  });
});

describe('a trail by the average true range', () => {
  const management: Management = {
    trail: { distance: { atrTenths: 25, atrBars: 14 }, armed: 'AT_ENTRY' },
  };

  test('follows at so many tenths of it, on the tick and never nearer', () => {
    const best = price('51000');
    expect(level(true, { best, management, bars: swinging(100, 15) })).toBe('50750');
    expect(level(true, { best, management, bars: swinging(100.003, 15) })).toBe('50749.99');
    expect(level(false, { best: price('49000'), management, bars: swinging(100, 15) })).toBe(
      '49250',
    );
  });

  test('waits for enough bars, and for a market that moves', () => {
    const best = price('51000');
    expect(level(true, { best, management, bars: swinging(100, 14) })).toBe('49000');
    expect(level(true, { best, management, bars: undefined })).toBe('49000');
    expect(level(true, { best, management, bars: swinging(0, 15) })).toBe('49000');
  });

  test('stays where it is when the swings grow', () => {
    const change = { best: price('51000'), management, lastStop: price('50750') };
    expect(level(true, { ...change, bars: swinging(300, 15) })).toBe('50750');
  });
});

describe('the break-even ladder', () => {
  const target = (at: DecimalText) => ({ price: price(at), quantity: quantity('0.001') });
  const management = (long: boolean): Management => ({
    breakEven: true,
    partialTargets: (long ? ['51000', '52000', '53000'] : ['49000', '48000', '47000']).map(target),
  });
  const after = (long: boolean, targetsFilled: number, entryPrice: DecimalText): DecimalText =>
    level(long, { management: management(long), targetsFilled, entryPrice: price(entryPrice) });

  test('goes to the entry with the first target, then to the target before', () => {
    expect([0, 1, 2, 3].map((filled) => after(true, filled, '50000'))).toEqual([
      '49000',
      '50000',
      '51000',
      '52000',
    ]);
    expect([0, 1, 2, 3].map((filled) => after(false, filled, '50000'))).toEqual([
      '51000',
      '50000',
      '49000',
      '48000',
    ]);
  });

  test('rounds the entry to the side that gives nothing away', () => {
    expect(after(true, 1, '50000.001')).toBe('50000.01');
    expect(after(false, 1, '50000.009')).toBe('50000');
  });

  test('is not asked for by targets alone', () => {
    const { partialTargets } = management(true);
    expect(
      level(true, { management: { partialTargets: partialTargets ?? [] }, targetsFilled: 2 }),
    ).toBe('49000');
  });

  test('gives way to a trail that is tighter, and only by a whole step', () => {
    const both: Management = { ...management(true), ...trailBy(100) };
    const change = { management: both, targetsFilled: 1 };
    expect(level(true, { ...change, best: price('51000') })).toBe('50490');
    expect(level(true, { ...change, best: price('50530') })).toBe('50000');
  });
});

describe('whatever happens to it', () => {
  const prices = fc
    .integer({ min: 4_000_000, max: 6_000_000 })
    .map((n) => (BigInt(n) * BTC.tick) as Price);
  const trails: fc.Arbitrary<Trail> = fc.record({
    distance: fc.oneof(
      fc.record({ bps: fc.integer({ min: 1, max: 2_000 }) }),
      fc.record({
        atrTenths: fc.integer({ min: 1, max: 100 }),
        atrBars: fc.integer({ min: 1, max: 20 }),
      }),
    ),
    armed: fc.oneof(
      fc.constant('AT_ENTRY' as const),
      fc.record({ gainBps: fc.integer({ min: 1, max: 1_000 }) }),
      fc.record({ targetsFilled: fc.integer({ min: 1, max: 3 }) }),
    ),
  });
  const anything = fc.record({
    long: fc.boolean(),
    protectiveStop: prices,
    entryPrice: prices,
    bests: fc.array(fc.tuple(prices, fc.nat(3), fc.double({ min: 0, max: 900, noNaN: true })), {
      maxLength: 8,
    }),
    management: fc.record(
      {
        breakEven: fc.boolean(),
        trail: trails,
        partialTargets: fc.array(
          prices.map((at) => ({ price: at, quantity: quantity('1') })),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: [] },
    ),
  });

  test('a stop stays on the tick and never goes back', () => {
    fc.assert(
      fc.property(anything, ({ long, bests, management, ...fixed }) => {
        let lastStop: Price | undefined;
        for (const [best, targetsFilled, range] of bests) {
          const bars = swinging(range, 15);
          const change = { ...fixed, best, targetsFilled, bars, management, lastStop };
          const next = stopLevel(subject(long, change as Partial<StopSubject>));
          expect(next % BTC.tick).toBe(0n);
          expect(isTighter(long, fixed.protectiveStop, next)).toBe(false);
          if (lastStop !== undefined) expect(isTighter(long, lastStop, next)).toBe(false);
          lastStop = next;
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});
