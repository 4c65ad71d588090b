import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTime } from './time-text.ts';

const AT = Date.UTC(2018, 2, 11, 2, 30);

test.each([
  ['2018-03-11', 'DATE', Date.UTC(2018, 2, 11)],
  ['20180311', 'DATE', Date.UTC(2018, 2, 11)],
  ['2018-03-11 02:30', 'WALL', AT],
  ['2018.03.11 02:30', 'WALL', AT],
  ['2018/03/11 02:30:00', 'WALL', AT],
  ['20180311 023000', 'WALL', AT],
  ['20180311023000', 'WALL', AT],
  ['2018-03-11T02:30:00.250', 'WALL', AT + 250],
  ['2018-03-11T02:30:00Z', 'UTC', AT],
  ['2018-03-11 02:30:00 UTC', 'UTC', AT],
  ['2018-03-11T02:30:00.000000000Z', 'UTC', AT],
  ['2018-03-11 02:30:00+00:00', 'UTC', AT],
  ['2018-03-11 02:30:00+05:30', 'UTC', AT - 5.5 * 3_600_000],
  ['2018-03-11 02:30:00-0500', 'UTC', AT + 5 * 3_600_000],
  ['2018-03-11 02:30:00-05', 'UTC', AT + 5 * 3_600_000],
])('%s is a time: %s %i', (text, kind, ms) => {
  expect(readTime(text)).toEqual({ kind, ms });
});

test.each([
  '',
  'yesterday',
  '2018-02-29',
  '2018-04-31 10:00',
  '2018-13-01',
  '2018-00-10',
  '2018-03-11 24:00',
  '2018-03-11 02:60',
  '2018-03-11 02:30:61',
  // Which of these is the month?
  '03/11/2018',
  '11.03.2018 00:00:00',
  // Finer than a millisecond.
  '2018-03-11T02:30:00.0001Z',
  '2018-03.11',
  '0050-01-01',
  '2018-03-11+01:00',
])('"%s" is no time', (text) => {
  expect(readTime(text)).toBeUndefined();
});

test('every instant of our time survives being written and read', () => {
  const instants = fc.date({
    min: new Date('1000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instants, (date) => {
      expect(readTime(date.toISOString())).toEqual({ kind: 'UTC', ms: date.getTime() });
    }),
  );
});
