import { expect, test } from 'vitest';

import { Patience } from './patience.ts';

test('patience is over at once for what was never waited for, and when the time is up', () => {
  const patience = new Patience();
  expect(patience.isOver('a', 0)).toBe(true);
  patience.wait('a', 100, 50);
  expect([patience.isOver('a', 149), patience.isOver('a', 150)]).toEqual([false, true]);
  expect(patience.isOver('b', 149)).toBe(true);
});

test('patience with one thing outlasts a wait for another', () => {
  const patience = new Patience();
  patience.wait('a', 100, 50);
  patience.wait('b', 120, 10);
  expect(patience.isOver('a', 140)).toBe(false);
});
