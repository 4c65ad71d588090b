/** What every indicator does, run against each of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Bar, barAt, type Columns, type Indicator } from './indicator.ts';

type Answer = number | object;
type Batch = Float64Array | object;

export interface IndicatorCase<Input> {
  make(period: number): Indicator<Input, Answer>;
  /** The bar at an index, as the indicator wants to be told of it. */
  input(columns: Columns, index: number): Input;
  batch(columns: Columns, period: number): Batch;
  /**
   * How many bars are answered in NaN before the first number, for each of its columns or for its only
   * one; left out where the market decides.
   */
  readonly warmUp?: (period: number) => number | Readonly<Record<string, number>>;
  readonly periods?: readonly number[];
}

const PERIODS = Array.from({ length: 60 }, (_, i) => i + 1);
const PROPERTY_RUNS = 150;
/** A column's name where there is only one. */
const ONLY = '';

/** The indicator reads closes and nothing else. */
export const closeOf = ({ close }: Columns, index: number): number => close[index]!;
/** The indicator reads bars. */
export const barOf = (columns: Columns, index: number): Bar => barAt(columns, index);

export function indicatorContract<Input>(name: string, one: IndicatorCase<Input>): void {
  const periods = one.periods ?? PERIODS;
  const streamed = (columns: Columns, period: number): readonly Answer[] => {
    const indicator = one.make(period);
    return Array.from(columns.close, (_, i) => indicator.push(one.input(columns, i)));
  };
  const anyPeriod = fc.constantFrom(...periods);

  describe(`${name}: the contract of indicators`, () => {
    test('batch and streaming give the same bits for every period', () => {
      for (const period of periods) {
        const columns = market(WALK, 1);
        expect(difference(streamed(columns, period), one.batch(columns, period))).toBe(NONE);
      }
    });

    test('batch and streaming give the same bits on any market', () => {
      fc.assert(
        fc.property(anyMarket, anyPeriod, (columns, period) => {
          expect(difference(streamed(columns, period), one.batch(columns, period))).toBe(NONE);
        }),
        { numRuns: PROPERTY_RUNS },
      );
    });

    test('it answers in NaN until it has seen enough, and in numbers from then on', () => {
      const columns = market(WALK, 1);
      for (const period of periods) {
        const answers = streamed(columns, period);
        const warmUp = one.warmUp?.(period);
        if (warmUp === undefined) {
          expect(names(answers[0]!).filter((name) => !Number.isNaN(at(answers[0]!, name)))).toEqual(
            [],
          );
          continue;
        }
        for (const name of names(answers[0]!)) {
          const bars = typeof warmUp === 'number' ? warmUp : warmUp[name]!;
          expect(answers.findIndex((answer) => !Number.isNaN(at(answer, name)))).toBe(bars);
          expect(answers.slice(bars).every((answer) => Number.isFinite(at(answer, name)))).toBe(
            true,
          );
        }
      }
    });

    test('put away after any bar, it goes on as if nothing had been', () => {
      fc.assert(
        fc.property(anyMarket, anyPeriod, fc.nat({ max: 200 }), (columns, period, bars) => {
          const original = one.make(period);
          const { length } = columns.close;
          const stop = Math.min(bars, length);
          for (let i = 0; i < stop; i++) original.push(one.input(columns, i));
          const saved = original.save();
          const kept = structuredClone(saved);
          const again = one.make(period);
          again.load(saved as never);
          for (let i = stop; i < length; i++) {
            const input = one.input(columns, i);
            expect(again.push(input)).toEqual(original.push(input));
          }
          expect(again.save()).toEqual(original.save());
          // Neither wrote into what was put away.
          expect(saved).toEqual(kept);
        }),
        { numRuns: PROPERTY_RUNS },
      );
    });

    test('a NaN is answered in NaN, and then in NaN or as by one that begins after it', () => {
      fc.assert(
        fc.property(anyMarket, anyMarket, anyPeriod, (before, after, period) => {
          const gap = nowhere();
          const original = one.make(period);
          for (let i = 0; i < before.close.length; i++) original.push(one.input(before, i));
          const answer = original.push(one.input(gap, 0));
          for (const name of names(answer)) expect(at(answer, name)).toBeNaN();
          const fresh = one.make(period);
          for (let i = 0; i < after.close.length; i++) {
            const told = original.push(one.input(after, i));
            const right = fresh.push(one.input(after, i));
            for (const name of names(told)) {
              if (!Number.isNaN(at(told, name))) expectClose(at(told, name), at(right, name));
            }
          }
        }),
        { numRuns: PROPERTY_RUNS },
      );
    });
  });
}

const NONE = 'no difference';

/** Where the answers one by one and the columns first differ in any bit, as a sentence. */
function difference(answers: readonly Answer[], batch: Batch): string {
  const columns = batch instanceof Float64Array ? { [ONLY]: batch } : batch;
  for (const [name, column] of Object.entries(columns) as [string, Float64Array][]) {
    if (column.length !== answers.length)
      return `${name}: ${column.length} values in batch for ${answers.length} bars`;
    for (const [i, answer] of answers.entries()) {
      if (!Object.is(at(answer, name), column[i]))
        return `${name}[${i}]: ${at(answer, name)} streaming, ${column[i]} in batch`;
    }
  }
  const missing = answers.slice(0, 1).flatMap((answer) => names(answer));
  return missing.every((name) => name in columns) ? NONE : `batch has no ${missing.join(', ')}`;
}

const names = (answer: Answer): readonly string[] =>
  typeof answer === 'number' ? [ONLY] : Object.keys(answer);

function at(answer: Answer, name: string): number {
  return typeof answer === 'number' ? answer : (answer as Readonly<Record<string, number>>)[name]!;
}

/** To nine digits, which is what rounding may cost where two windows were summed in another order. */
function expectClose(value: number, right: number): void {
  expect(Math.abs(value - right)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(right)));
}

/** A bar: what the close does in thousandths, how far its wicks reach, and how much is traded. */
interface Step {
  readonly move: number;
  readonly up: number;
  readonly down: number;
  readonly volume: number;
}

/** Bars of a market whose first price is 1,000 × scale. */
function market(steps: readonly Step[], scale: number): Columns {
  const { length } = steps;
  const column = (): Float64Array => new Float64Array(length);
  const columns = { high: column(), low: column(), close: column(), volume: column() };
  let price = 1000 * scale;
  for (const [i, { move, up, down, volume }] of steps.entries()) {
    const open = price;
    price *= 1 + move / 1000;
    columns.close[i] = price;
    columns.high[i] = Math.max(open, price) * (1 + up / 1000);
    columns.low[i] = Math.min(open, price) * (1 - down / 1000);
    columns.volume[i] = volume;
  }
  return columns;
}

/** One bar of which nothing is known. */
function nowhere(): Columns {
  const column = (): Float64Array => Float64Array.of(Number.NaN);
  return { high: column(), low: column(), close: column(), volume: column() };
}

/** Three hundred lively bars, each with a move, some range and volume. */
const WALK: readonly Step[] = Array.from({ length: 300 }, (_, i) => ({
  move: Math.round(8 * Math.sin(i * 1.3) + 5 * Math.sin(i * 0.11) + 4 * Math.cos(i * i)) || 1,
  up: 1 + (i % 4),
  down: 1 + ((i * 7) % 5),
  volume: 10 + ((i * 13) % 90),
}));

const step = (move: fc.Arbitrary<number>): fc.Arbitrary<Step> =>
  fc.record({
    move,
    up: fc.nat({ max: 20 }),
    down: fc.nat({ max: 20 }),
    volume: fc.nat({ max: 1000 }),
  });
const still: fc.Arbitrary<Step> = fc.constant({ move: 0, up: 0, down: 0, volume: 0 });
const walking = step(fc.integer({ min: -30, max: 30 }));
const leaping = step(fc.constantFrom(-900, 9_000));

/** Walks, leaps and stretches in which nothing moves, at prices from the millionth to the billion. */
const anyMarket: fc.Arbitrary<Columns> = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.array(walking, { minLength: 1, maxLength: 60 }) },
        { weight: 2, arbitrary: fc.array(still, { minLength: 1, maxLength: 60 }) },
        { weight: 1, arbitrary: fc.array(leaping, { minLength: 1, maxLength: 2 }) },
      ),
      { maxLength: 5 },
    ),
    fc.constantFrom(1e-9, 1e-3, 1, 60, 1e6),
  )
  .map(([stretches, scale]) => market(stretches.flat(), scale));
