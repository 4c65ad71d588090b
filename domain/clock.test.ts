import { expect, test } from 'vitest';

import { DAY_MS, ManualClock, utcDay } from './clock.ts';

test('a manual clock stands until it is moved, and never goes back', () => {
  const clock = new ManualClock(100);
  expect(clock.now()).toBe(100);
  clock.advanceTo(150);
  clock.advanceTo(120);
  clock.advanceTo(NaN);
  expect(clock.now()).toBe(150);
});

test('a UTC day ends one millisecond before midnight', () => {
  expect(utcDay(0)).toBe(0);
  expect(utcDay(DAY_MS - 1)).toBe(0);
  expect(utcDay(DAY_MS)).toBe(1);
  expect(utcDay(-1)).toBe(-1);
});
