import { expect, test } from 'vitest';

import { RETRACEMENTS, retracementOf } from './fibonacci.ts';

test.each([
  ['rising', 100, 200, [161.8, 150, 138.2]],
  ['falling', 200, 100, [138.2, 150, 161.8]],
])('a %s swing gives back from its end', (_, start, end, levels) => {
  const found = RETRACEMENTS.map((share) => retracementOf(start, end, share));
  levels.forEach((level, i) => expect(found[i]).toBeCloseTo(level, 10));
});

test('nothing given back is the end of the swing, and all of it the start', () => {
  expect(retracementOf(100, 200, 0)).toBe(200);
  expect(retracementOf(100, 200, 1)).toBe(100);
});

test('the outer levels are the golden ratio and its square, to three places', () => {
  const golden = (Math.sqrt(5) - 1) / 2;
  expect(RETRACEMENTS[2]).toBeCloseTo(golden, 3);
  expect(RETRACEMENTS[0]).toBeCloseTo(golden * golden, 3);
});
