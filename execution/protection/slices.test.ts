import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  add,
  type DecimalText,
  NO_QUANTITY,
  type Quantity,
  quantity,
  text,
} from '../../domain/units.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { slicesOf } from './slices.ts';

const LOT = quantity('0.1');
const left = (
  planned: readonly DecimalText[],
  closed: readonly DecimalText[],
  held: DecimalText,
): readonly DecimalText[] =>
  slicesOf(planned.map(quantity), closed.map(quantity), quantity(held), LOT).map(text);

describe('a position is left in slices', () => {
  test.each<
    [string, readonly DecimalText[], readonly DecimalText[], DecimalText, readonly DecimalText[]]
  >([
    ['one, when there is no partial target', [], ['0'], '1', ['1']],
    [
      'as planned, the rest in the last',
      ['0.3', '0.2'],
      ['0', '0', '0'],
      '1',
      ['0.3', '0.2', '0.5'],
    ],
    [
      'the nearest first while it is still being entered',
      ['0.3', '0.2'],
      ['0', '0', '0'],
      '0.4',
      ['0.3', '0.1', '0'],
    ],
    [
      'without what a target took off',
      ['0.3', '0.2'],
      ['0.3', '0', '0'],
      '0.7',
      ['0', '0.2', '0.5'],
    ],
    ['with what a target left', ['0.3', '0.2'], ['0.1', '0', '0'], '0.9', ['0.2', '0.2', '0.5']],
    [
      'the rest of a slice that was served from a part of the entry',
      ['0.5'],
      ['0.3', '0'],
      '0.7',
      ['0.2', '0.5'],
    ],
    ['all of an add in the last', ['0.5'], ['0', '0'], '2', ['0.5', '1.5']],
    [
      'with too much closed in one missing at the far end',
      ['0.3', '0.2'],
      ['0.4', '0', '0'],
      '0.6',
      ['0', '0.2', '0.4'],
    ],
    [
      'with too much closed in the last missing there',
      ['0.3', '0.5'],
      ['0', '0', '0.4'],
      '0.6',
      ['0.3', '0.3', '0'],
    ],
    ['less than a lot of one with the last', ['0.35'], ['0', '0'], '1', ['0.3', '0.7']],
    ['nothing of nothing', ['0.3'], ['0.3', '0.7'], '0', ['0', '0']],
  ])('%s', (_, planned, closed, held, slices) => {
    expect(left(planned, closed, held)).toEqual(slices);
  });
});

const lots = (max: number): fc.Arbitrary<Quantity> =>
  fc.integer({ min: 0, max }).map((count) => (BigInt(count) * LOT) as Quantity);
const sum = (parts: readonly Quantity[]): Quantity =>
  parts.reduce((total, part) => add(total, part), NO_QUANTITY);

describe('whatever was planned and whatever was closed', () => {
  const anything = fc.integer({ min: 0, max: 5 }).chain((targets) =>
    fc.record({
      planned: fc.array(lots(20), { minLength: targets, maxLength: targets }),
      closed: fc.array(lots(20), { minLength: targets + 1, maxLength: targets + 1 }),
      held: lots(60),
    }),
  );

  test('the slices add up to what is held, each on the lot and none below zero', () => {
    fc.assert(
      fc.property(anything, ({ planned, closed, held }) => {
        const slices = slicesOf(planned, closed, held, LOT);
        expect(slices).toHaveLength(planned.length + 1);
        expect(sum(slices)).toBe(held);
        for (const slice of slices) {
          expect(slice % LOT).toBe(0n);
          expect(slice >= 0n).toBe(true);
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test('closing a part of one slice changes that slice and no other', () => {
    fc.assert(
      fc.property(anything, fc.nat(), fc.nat(), ({ planned, held }, which, howMuch) => {
        const untouched = planned.map(() => NO_QUANTITY).concat(NO_QUANTITY);
        const before = slicesOf(planned, untouched, held, LOT);
        const index = which % before.length;
        const slice = before[index] ?? NO_QUANTITY;
        const part = (BigInt(howMuch % (Number(slice / LOT) + 1)) * LOT) as Quantity;
        const closed = untouched.map((none, at) => (at === index ? part : none));
        const after = slicesOf(planned, closed, (held - part) as Quantity, LOT);
        expect(after).toEqual(before.map((one, at) => (at === index ? one - part : one)));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});
