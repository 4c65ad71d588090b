import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('the first event is due at once and later ones a gap after the one before', () => {
  const pace = new Pace();
  expect(pace.waitMs(500, 1_000)).toBe(0);
  expect(pace.waitMs(500, 1_000)).toBe(500);
  expect(pace.waitMs(500, 1_500)).toBe(500);
});

test('a small delay is made up for', () => {
  const pace = new Pace();
  pace.waitMs(0, 0);
  expect(pace.waitMs(100, 130)).toBe(0);
  expect(pace.waitMs(100, 130)).toBe(70);
});

test('after a long sleep the schedule starts again from now', () => {
  const pace = new Pace();
  pace.waitMs(0, 0);
  expect(pace.waitMs(100, 60_000)).toBe(0);
  expect(pace.waitMs(100, 60_000)).toBe(100);
});
