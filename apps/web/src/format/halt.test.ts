import { expect, it } from 'vitest';
import type { HaltReportView } from '../../../api/views.ts';
import { formatTook, missedWords, reportWords } from './halt.ts';

const QUIET: HaltReportView = {
  canceled: [],
  exitsKept: [],
  confirmed: true,
  leftOpen: [],
  flat: true,
  recorded: true,
};
const exits = [
  { id: 'S1', instrumentId: 'BTC/USD' },
  { id: 'T1', instrumentId: 'BTC/USD' },
];

it.each<[Partial<HaltReportView>, string]>([
  [{}, 'No entry was open. Nothing is held.'],
  [{ canceled: ['E1'] }, '1 entry was canceled. Nothing is held.'],
  [
    { canceled: ['E1', 'E2'], exitsKept: exits, flat: false },
    '2 entries were canceled. 2 exits stay at the venue to guard what is held.',
  ],
  [
    { recorded: false, flat: false },
    'No entry was open. The journal cannot be written, so none of this is in it.',
  ],
])('says what a halt came to: %j', (change, words) => {
  expect(reportWords({ ...QUIET, ...change })).toBe(words);
});

it.each<[boolean, Partial<HaltReportView>, string | null]>([
  [false, {}, null],
  [false, { flat: false }, null],
  [true, { flat: false }, 'Not every position could be closed.'],
  [false, { confirmed: false }, 'did not say what rests there'],
  [true, { leftOpen: ['E1'], flat: false }, 'did not confirm that E1 is gone'],
  [false, { leftOpen: ['E1', 'E2'] }, 'did not confirm that E1, E2 are gone'],
])('never passes over what was wanted and is not so: flatten %s, %j', (flatten, change, words) => {
  const missed = missedWords(flatten, { ...QUIET, ...change });
  if (words === null) expect(missed).toBeNull();
  else expect(missed).toContain(words);
});

it('tells times as people read them', () => {
  expect([0.4, 3, 999, 1_240].map(formatTook)).toEqual(['0 ms', '3 ms', '999 ms', '1.2 s']);
});
