import { describe, expect, it } from 'vitest';
import type { DecisionView } from '../../../api/views.ts';
import { withNewest, withOlderDecisions } from './decisions-data.ts';

const decision = (number: number): DecisionView => ({
  cycleId: `c${number}`,
  atMs: number,
  instrumentId: 'BTC/USD',
  phase: 'COMPLETED',
  outcome: 'SENT',
  because: '',
  strategyId: null,
  direction: null,
  quantity: null,
  denialCode: null,
  decidedBy: null,
  fillPrice: null,
  result: null,
});
const down = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => decision(from - index));
const first = { rows: down(100, 51), quiet: false, atEnd: false };

describe('the decisions table', () => {
  it('is complete when the newest page is not full', () => {
    expect(withNewest(null, down(3, 1), false).atEnd).toBe(true);
  });

  it('keeps older rows under a refreshed first page', () => {
    const loaded = withOlderDecisions(first, down(50, 1));
    const refreshed = withNewest(loaded, down(102, 53), false);
    expect(refreshed.rows.map(({ cycleId }) => cycleId)).toEqual(
      down(102, 1).map(({ cycleId }) => cycleId),
    );
  });

  it('starts over when nothing joins or the filter changed', () => {
    expect(withNewest(first, down(300, 251), false).rows).toHaveLength(50);
    expect(withNewest(first, down(100, 51), true).quiet).toBe(true);
  });
});
