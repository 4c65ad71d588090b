import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  choice,
  decimal,
  defaultsOf,
  integer,
  type Parameter,
  schemaFault,
  toggle,
  valueFault,
  valueFromText,
  valuesWith,
} from './parameters.ts';

const PARAMETERS = {
  period: integer({ default: 14, min: 2, max: 100, unit: 'bars', says: 'How far back it looks.' }),
  distance: decimal({ default: 1.5, min: 0.5, max: 2.5, unit: '%', says: 'How far away.' }),
  trail: toggle({ default: true, says: 'Whether the stop follows.' }),
  side: choice({ default: 'both', options: ['both', 'long'], says: 'Which way it may trade.' }),
};
const DEFAULTS = defaultsOf(PARAMETERS);

test('the defaults are what the schema says', () => {
  expect(DEFAULTS).toEqual({ period: 14, distance: 1.5, trail: true, side: 'both' });
});

test('an optimizer walks a decimal in twentieths of its range unless told otherwise', () => {
  expect(PARAMETERS.distance.step).toBeCloseTo(0.1, 12);
  expect(PARAMETERS.period.step).toBe(1);
});

test('both ends of a range belong to it', () => {
  for (const value of [2, 100])
    expect(valueFault('period', PARAMETERS.period, value)).toBeUndefined();
});

describe('a value that does not fit is refused with its name, itself and what would be right', () => {
  test.each<[keyof typeof PARAMETERS, unknown, string]>([
    ['period', 1, 'period 1 must be a whole number from 2 to 100 (bars)'],
    ['period', 101, 'period 101 must be a whole number from 2 to 100 (bars)'],
    ['period', 14.5, 'period 14.5 must be a whole number from 2 to 100 (bars)'],
    ['period', '14', 'period 14 must be a whole number from 2 to 100 (bars)'],
    ['distance', Number.NaN, 'distance NaN must be a number from 0.5 to 2.5 (%)'],
    ['trail', 'yes', 'trail yes must be true or false'],
    ['side', 'short', 'side "short" must be one of both, long'],
  ])('%s %s', (name, value, sentence) => {
    expect(valueFault(name, PARAMETERS[name], value)).toBe(sentence);
    expect(() => valuesWith(PARAMETERS, DEFAULTS, { [name]: value as number })).toThrow(sentence);
  });

  test('a name that is none of them, the names of every object included', () => {
    const sentence = 'the known ones are period, distance, trail, side';
    for (const name of ['perod', 'constructor', 'toString'])
      expect(() => valuesWith(PARAMETERS, DEFAULTS, { [name]: 1 })).toThrow(sentence);
    expect(() => valuesWith({}, {}, { any: 1 })).toThrow('the known ones are none');
  });
});

test('text becomes the value it says, or a sentence', () => {
  expect(valueFromText('period', PARAMETERS.period, '20')).toBe(20);
  expect(valueFromText('distance', PARAMETERS.distance, '0.75')).toBe(0.75);
  expect(valueFromText('trail', PARAMETERS.trail, 'false')).toBe(false);
  expect(valueFromText('side', PARAMETERS.side, 'long')).toBe('long');
  expect(() => valueFromText('period', PARAMETERS.period, 'ten')).toThrow('period "ten" must be');
  expect(() => valueFromText('period', PARAMETERS.period, '')).toThrow('period "" must be a whole');
  expect(() => valueFromText('trail', PARAMETERS.trail, '1')).toThrow('must be true or false');
});

test('a schema that contradicts itself says so', () => {
  const odd = (change: object): Parameter => ({ ...PARAMETERS.period, ...change });
  expect(schemaFault('period', odd({ default: 1 }))).toContain('the default of period 1 must be');
  expect(schemaFault('period', odd({ step: 0 }))).toBe('period has a step of 0');
  expect(schemaFault('period', PARAMETERS.period)).toBeUndefined();
});

test('whatever is accepted lies in the range', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean()), (value) => {
      if (valueFault('period', PARAMETERS.period, value) !== undefined) return;
      expect(Number.isInteger(value) && Number(value) >= 2 && Number(value) <= 100).toBe(true);
    }),
  );
});

test.each<[string, unknown, string]>([
  ['fa.st', PARAMETERS.period, 'must be named by letters and digits'],
  ['Fast', PARAMETERS.period, 'must be named by letters and digits'],
  ['fast', 20, 'must be made by integer, decimal, toggle or choice'],
  ['fast', undefined, 'must be made by integer, decimal, toggle or choice'],
  ['fast', { ...PARAMETERS.period, says: undefined }, 'must say in a sentence what it is'],
  ['fast', { ...PARAMETERS.period, unit: undefined }, 'must have a min, a max and a unit'],
  ['fast', { ...PARAMETERS.period, max: Infinity }, 'must have a min, a max and a unit'],
  ['fast', { ...PARAMETERS.side, options: undefined }, 'must list what can be chosen'],
])('%s as %o cannot be a parameter', (name, parameter, sentence) => {
  expect(schemaFault(name, parameter as Parameter)).toContain(sentence);
});
