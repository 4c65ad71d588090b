import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { StreamGaps } from './stream-gaps.ts';
import type { NumberedReport } from './venue.ts';

const numbered = (...seqs: readonly number[]): readonly NumberedReport[] =>
  seqs.map((seq) => ({ seq, report: { kind: 'CANCELED', clientId: `${seq}`, because: '' } }));

describe('a numbered stream', () => {
  test.each([
    ['nothing', []],
    ['the first', [1]],
    ['one after another', [1, 2, 3]],
    ['out of order', [3, 1, 2]],
    ['repeated', [1, 1, 2, 1]],
  ])('has no gap after %s', (_, seqs) => {
    expect(new StreamGaps().follow(numbered(...seqs))).toBe(false);
  });

  test.each([
    ['the first is missing', [2]],
    ['one in the middle is missing', [1, 3]],
    ['one is missing, whatever the order', [4, 1, 2]],
  ])('has a gap when %s', (_, seqs) => {
    expect(new StreamGaps().follow(numbered(...seqs))).toBe(true);
  });

  test('may go on or repeat in the next batch', () => {
    const gaps = new StreamGaps();
    gaps.follow(numbered(1, 2));
    expect(gaps.follow(numbered(2, 3))).toBe(false);
    expect(gaps.follow(numbered(1))).toBe(false);
    expect(gaps.follow(numbered(4))).toBe(false);
  });

  test('has a gap between two batches, and tells of it once', () => {
    const gaps = new StreamGaps();
    gaps.follow(numbered(1));
    expect(gaps.follow(numbered(3))).toBe(true);
    expect(gaps.follow(numbered(4))).toBe(false);
    expect(gaps.follow([])).toBe(false);
    // What comes late was asked for meanwhile.
    expect(gaps.follow(numbered(2))).toBe(false);
  });

  test('that has run for long is followed from its middle at no cost', () => {
    const gaps = new StreamGaps();
    expect(gaps.follow(numbered(9_000_000_000_000_000))).toBe(true);
    expect(gaps.follow(numbered(9_000_000_000_000_001))).toBe(false);
  });

  test('has a gap exactly when not all of its beginning was seen', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (seqs) => {
        const whole = new Set(seqs).size === Math.max(...seqs);
        expect(new StreamGaps().follow(numbered(...seqs))).toBe(!whole);
      }),
    );
  });
});
