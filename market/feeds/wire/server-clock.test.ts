import { expect, test } from 'vitest';
import { ServerClock } from './server-clock.ts';

test('whichever clock is behind is believed', () => {
  const clock = new ServerClock();
  expect(clock.earlierOf(5_500)).toBe(5_500);
  clock.heard('Thu, 01 Jan 1970 00:00:03 GMT');
  expect([2_000, 5_500].map((ms) => clock.earlierOf(ms))).toEqual([2_000, 3_000]);
  clock.heard('Thu, 01 Jan 1970 00:00:09 GMT');
  expect(clock.earlierOf(5_500)).toBe(5_500);
});

test.each([null, undefined, '', 'yesterday'])('the date %j says nothing', (date) => {
  const clock = new ServerClock();
  clock.heard('Thu, 01 Jan 1970 00:00:03 GMT');
  clock.heard(date);
  expect(clock.earlierOf(5_500)).toBe(3_000);
});
