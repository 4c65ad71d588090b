import { expect, test } from 'vitest';
import { rungOf, rungTone } from './ladder.ts';

const ladder = [
  { rung: 0, startBps: 0, words: 'full size' },
  { rung: 1, startBps: 500, words: 'half size' },
] as const;

test('a rung is found by its number, not by its place', () => {
  expect(rungOf(ladder.toReversed(), 1).words).toBe('half size');
});

test('a rung that the server did not describe is a fault and not full size', () => {
  expect(() => rungOf(ladder, 3)).toThrow('the ladder has no rung 3');
});

test('smaller sizes deserve a look, exits only is a broken limit', () => {
  expect(([0, 1, 2, 3, 4] as const).map(rungTone)).toEqual([
    'calm',
    'near',
    'near',
    'broken',
    'broken',
  ]);
});
