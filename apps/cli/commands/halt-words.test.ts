import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { HaltReportView, HaltResult } from '../../api/views.ts';
import { haltLines, notReached } from './halt-words.ts';

const result = (change: Partial<HaltReportView> = {}): HaltResult => ({
  steps: [],
  report: {
    canceled: [],
    exitsKept: [],
    confirmed: true,
    leftOpen: [],
    flat: true,
    recorded: true,
    ...change,
  },
});
// Where colours are on, as under a continuous integration server, the words are the same.
const told = (change: Partial<HaltReportView>): string =>
  stripVTControlCharacters(haltLines(result(change)).join('\n'));

describe('a halt tells', () => {
  test.each<[string, Partial<HaltReportView>, RegExp]>([
    ['that there was nothing to cancel', {}, /canceled +no entry was open/],
    ['what was canceled', { canceled: ['E1P1', 'E2P1'] }, /canceled +E1P1, E2P1/],
    [
      'which exits were kept and why',
      { exitsKept: [{ id: 'S1P1', instrumentId: 'BTC/USD' }], flat: false },
      /kept +S1P1: it guards the position in BTC\/USD\n.*positions +open/,
    ],
    ['what is left open', { leftOpen: ['E1P1'] }, /STILL OPEN +E1P1/],
    ['that the venue did not answer', { confirmed: false }, /UNCONFIRMED +the venue did not say/],
    ['that nothing was recorded', { recorded: false }, /journal +cannot be written/],
  ])('%s', (_, change, line) => {
    expect(told(change)).toMatch(line);
  });
});

test.each<[string, boolean, Partial<HaltReportView>, string | undefined]>([
  ['everything', true, {}, undefined],
  ['all that was asked for, positions being left', false, { flat: false }, undefined],
  ['no close', true, { flat: false }, 'not every position could be closed'],
  ['no cancel', false, { leftOpen: ['E1P1'] }, 'still open at the venue: E1P1'],
  ['no answer of the venue', false, { confirmed: false }, 'did not say what rests there'],
])('a halt that reached %s ends so', (_, flatten, change, sentence) => {
  const missed = notReached(flatten, result(change));
  if (sentence === undefined) expect(missed).toBeUndefined();
  else expect(missed).toContain(sentence);
});
