import { describe, expect, test } from 'vitest';

import { strategyId } from '../domain/ids.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import { nothingBy } from './opinions.ts';
import { integer, toggle } from './parameters.ts';
import { defineStrategy, Memory, rulesOf } from './strategy.ts';

const ID = strategyId('counter');
const nothing = nothingBy(ID);

/** Counts the bars it has seen, by as much as it is set to. */
const counter = defineStrategy({
  id: ID,
  name: 'Counter',
  rule: 'It counts.',
  timeframes: ['1h'],
  parameters: {
    by: integer({ default: 1, min: 1, max: 9, unit: 'bars', says: 'How many at once.' }),
    odd: toggle({ default: false, says: 'Whether only odd steps are allowed.' }),
  },
  warmupBars: ({ by }) => 2 * by,
  conflict: ({ by, odd }) => (odd && by % 2 === 0 ? `by ${by} is even` : undefined),
  start({ values, keep }) {
    const count = keep(new Memory(0));
    return () => {
      count.value += values.by;
      return nothing(`counted ${count.value}`);
    };
  },
});

const SERIES = GrowableSeries.of([
  { openTimeMs: 0, open: 1, high: 1, low: 1, close: 1, volume: 0 },
]);

test('a strategy runs with its defaults, and with other values by another name for them', () => {
  expect(counter.start('1h').onBar(SERIES).because).toBe('counted 1');
  const faster = counter.with({ by: 3 });
  expect(faster.start('1h').onBar(SERIES).because).toBe('counted 3');
  expect([counter.warmupBars, faster.warmupBars]).toEqual([2, 6]);
  expect(counter.values).toEqual({ by: 1, odd: false });
});

test('changes add up, and what was set before stays set', () => {
  expect(counter.with({ by: 3 }).with({ odd: true }).values).toEqual({ by: 3, odd: true });
});

describe('values that do not fit', () => {
  test('one by one', () => {
    expect(() => counter.with({ by: 10 })).toThrow('by 10 must be a whole number from 1 to 9');
  });

  test('together', () => {
    expect(() => counter.with({ by: 2, odd: true })).toThrow('counter: by 2 is even');
  });
});

test('a run goes on from what another one kept, and they share nothing', () => {
  const one = counter.start('1h');
  one.onBar(SERIES);
  const saved = one.save();
  one.onBar(SERIES);
  const other = counter.start('1h');
  other.load(saved);
  expect(other.onBar(SERIES).because).toBe('counted 2');
});

test('a start records where the code came from and everything that is set', () => {
  expect(rulesOf([counter, counter.from('mine.ts').with({ by: 2 })])).toEqual({
    counter: { origin: 'mine.ts', values: { by: 2, odd: false } },
  });
  expect(rulesOf([counter])).toEqual({
    counter: { origin: 'plimsoll', values: { by: 1, odd: false } },
  });
});

/** As a file might give it whose types nobody checked. */
const unchecked = (change: object) =>
  defineStrategy({
    id: ID,
    name: 'Mine',
    rule: 'It does something.',
    timeframes: ['1h'],
    parameters: {},
    warmupBars: () => 1,
    start: () => () => nothing('nothing'),
    ...change,
  });

test.each([
  ['parameters', undefined, 'counter: it has no parameters; "parameters: {}"'],
  ['parameters', null, 'counter: it has no parameters'],
  ['warmupBars', 50, 'counter: its warmupBars must be a function of what is set'],
  ['start', undefined, 'counter: its start must be a function'],
])('a strategy whose %s is %s is refused with what would be right', (field, value, sentence) => {
  expect(() => unchecked({ [field]: value })).toThrow(sentence);
});

test('a start that answers with no rule is refused before the first bar', () => {
  expect(() => unchecked({ start: () => undefined }).start('1h')).toThrow(
    'start must answer with the rule',
  );
});

test('keep takes only what can save and load', () => {
  for (const part of [{}, { save: () => null }, null, 5])
    expect(() =>
      unchecked({ start: ({ keep }: { keep: (part: unknown) => void }) => keep(part) }).start('1h'),
    ).toThrow('keep was given what cannot save and load; wrap plain data in new Memory(…)');
});

test('keep is for start: on a bar it would keep another part for ever', () => {
  const greedy = defineStrategy({
    ...counter,
    parameters: {},
    warmupBars: () => 1,
    start:
      ({ keep }) =>
      () =>
        nothing(`${keep(new Memory(0)).value}`),
  });
  expect(() => greedy.start('1h').onBar(SERIES)).toThrow('keep was called on a bar');
});
