import { expect, test } from 'vitest';

import { TIMEFRAME_MS } from '../domain/candle.ts';
import { sessionParameter, sessionTest } from './sessions.ts';

const HOUR = TIMEFRAME_MS['1h'];
const NOON_OF_A_DAY = Date.UTC(2024, 6, 1, 12);

/** The hours of a day, UTC, at whose end a bar of an hour closes inside the session. */
const closesInside = (session: string): readonly number[] => {
  const isInside = sessionTest(session, HOUR);
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
    isInside(Date.UTC(2024, 0, 9, hour) - HOUR),
  );
};

test.each([
  ['any', 0, 23],
  ['london', 7, 15],
  ['new-york', 12, 20],
  ['london+new-york', 7, 20],
])('%s takes bars that close from %i to %i o’clock', (session, first, last) => {
  const hours = closesInside(session);
  expect(hours).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
});

test('a session counts from the close of the bar and not from its open', () => {
  const isInside = sessionTest('new-york', 4 * HOUR);
  expect(isInside(NOON_OF_A_DAY - 4 * HOUR)).toBe(true);
  expect(isInside(NOON_OF_A_DAY - 4 * HOUR - 1)).toBe(false);
});

test('summer and winter have the same hours', () => {
  const isInside = sessionTest('london', HOUR);
  expect(isInside(Date.UTC(2024, 0, 9, 6))).toBe(true);
  expect(isInside(Date.UTC(2024, 6, 9, 6))).toBe(true);
});

test('no choice of session keeps a daily bar out', () => {
  for (const session of sessionParameter.options)
    expect(sessionTest(session, TIMEFRAME_MS['1d'])(Date.UTC(2024, 0, 9))).toBe(true);
});
