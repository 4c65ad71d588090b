import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inFolder } from '../../../tests/support/cli.ts';
import { type DrillRecord, isGood, keepDrill, lastDrill, median } from './drills.ts';

const GOOD = { noNewOrdersMs: 1, canceledMs: 2, flatMs: 3, canceled: 1, sentAfter: 0 };
const record = (atMs: number): DrillRecord => ({
  atMs,
  version: '0',
  rehearse: 'calm',
  ok: true,
  noNewOrdersMs: 1,
  canceledMs: 2,
  flatMs: 3,
  runs: [GOOD],
});

describe('drills are kept', () => {
  test('one after another, and the last is found', () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, 'new');
      expect(lastDrill(dataDir)).toBeUndefined();
      keepDrill(dataDir, record(1));
      keepDrill(dataDir, record(2));
      expect(lastDrill(dataDir)).toEqual(record(2));
    }));

  test('and one that was cut short hides none before it', () =>
    inFolder(async (folder) => {
      const path = keepDrill(folder, record(1));
      appendFileSync(path, '{"atMs": 2, "ver');
      expect(lastDrill(folder)).toEqual(record(1));
    }));
});

test.each([
  [[], null],
  [[7], 7],
  [[9, 1, 5], 5],
  [[4, 1, 2, 3], 2.5],
  [[100, 20, 3], 20],
  [[1, null, 3], null],
])('the median of %j is %s', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test.each([
  ['everything was reached and nothing sent after it', {}, true],
  ['something was sent after the first step', { sentAfter: 1 }, false],
  ['new orders were never stopped', { noNewOrdersMs: null }, false],
  ['something may still be open', { canceledMs: null }, false],
  ['it is not flat', { flatMs: null }, false],
])('a drill where %s: %s', (_, change, good) => {
  expect(isGood([GOOD, { ...GOOD, ...change }])).toBe(good);
});
