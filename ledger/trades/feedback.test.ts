import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money } from '../../domain/units.ts';
import { BASELINE_TRADES_MIN, type IssueCode, judge, TRADES_MIN } from './feedback.ts';
import type { TrackRecord } from './performance.ts';

const record = (
  wins: number,
  trades: number,
  gained: string,
  lost: string,
  losingStreak = 0,
): TrackRecord => ({ wins, trades, gained: money(gained), lost: money(lost), losingStreak });

const good = record(5, 10, '20', '10');
const codes = (...judged: Parameters<typeof judge>): readonly [string | null, IssueCode[]] => {
  const { recommendation, issues } = judge(...judged);
  return [recommendation, issues.map(({ code }) => code)];
};

describe('too little to go by', () => {
  test.each([0, 1, TRADES_MIN - 1])('%i trades recommend nothing, and are counted', (trades) => {
    const lost = record(0, trades, '0', '100', trades);
    expect(judge(lost, good)).toEqual({
      recommendation: null,
      because: `Not enough trades: ${trades} of 5.`,
      issues: [],
      notCompared: null,
    });
  });

  test('a thin baseline is compared with nothing, and that is said', () => {
    const thin = record(BASELINE_TRADES_MIN - 1, BASELINE_TRADES_MIN - 1, '100', '1');
    const { recommendation, notCompared } = judge(good, thin);
    expect(recommendation).toBe('KEEP');
    expect(notCompared).toBe('The baseline has not enough trades: 19 of 20.');
  });
});

describe('the rules, in their order', () => {
  const baseline = record(12, 20, '30', '10');

  test.each<[string, TrackRecord, TrackRecord | null, string, IssueCode[]]>([
    ['nothing speaks against it', good, null, 'KEEP', []],
    ['exactly 40 % is not low', record(4, 10, '20', '10'), null, 'KEEP', []],
    ['a low win rate alone', record(3, 10, '20', '10'), null, 'WATCH', ['WIN_RATE_LOW']],
    ['unprofitable alone', record(5, 10, '9', '10'), null, 'REOPTIMISE', ['UNPROFITABLE']],
    ['a profit factor of exactly 1', record(5, 10, '10', '10'), null, 'KEEP', []],
    [
      'unprofitable with a low win rate',
      record(3, 10, '9', '10'),
      null,
      'DISABLE',
      ['UNPROFITABLE', 'WIN_RATE_LOW'],
    ],
    ['five losses in a row', record(5, 10, '20', '10', 5), null, 'DISABLE', ['LOSING_STREAK']],
    ['four losses in a row', record(5, 10, '20', '10', 4), null, 'KEEP', []],
    [
      'a deviation of more than 10 points warns and changes nothing',
      record(49, 100, '20', '10'),
      baseline,
      'KEEP',
      ['WIN_RATE_DEVIATES'],
    ],
    ['exactly 10 points', record(5, 10, '20', '10'), baseline, 'KEEP', []],
    ['exactly 20 points warn', record(4, 10, '20', '10'), baseline, 'KEEP', ['WIN_RATE_DEVIATES']],
    [
      'more than 20 points come before everything',
      record(3, 10, '20', '10', 7),
      baseline,
      'REOPTIMISE',
      ['WIN_RATE_DEVIATES', 'LOSING_STREAK', 'WIN_RATE_LOW'],
    ],
    [
      'a win rate that is too good is a deviation too',
      record(10, 10, '20', '0'),
      baseline,
      'REOPTIMISE',
      ['WIN_RATE_DEVIATES'],
    ],
    [
      'unprofitable where the baseline was not',
      record(6, 10, '9', '10', 6),
      baseline,
      'REOPTIMISE',
      ['PROFIT_FACTOR_DEVIATES', 'LOSING_STREAK', 'UNPROFITABLE'],
    ],
    [
      'unprofitable where the baseline came to nothing too',
      record(6, 10, '9', '10'),
      record(12, 20, '10', '10'),
      'REOPTIMISE',
      ['UNPROFITABLE'],
    ],
  ])('%s', (_, live, compared, recommendation, issues) => {
    expect(codes(live, compared)).toEqual([recommendation, issues]);
  });

  test('the gravest is named first, and the reason tells its figures', () => {
    const { issues, because } = judge(record(48, 100, '9', '10'), baseline);
    expect(issues.map(({ severity }) => severity)).toEqual(['CRITICAL', 'WARNING', 'WARNING']);
    expect(because).toBe('The profit factor is 0.90, and was 3.00 in the baseline.');
  });

  test('each reason is a sentence with the figures it follows from', () => {
    expect(judge(record(3, 10, '9.999', '10'), null).because).toBe(
      'The profit factor is 0.99, below 1.00. The win rate is 30.0 % (3 of 10), below 40 %.',
    );
    expect(judge(record(10, 10, '20', '0'), null).because).toBe(
      'Nothing speaks against it: win rate 100.0 % (10 of 10), profit factor without a loss to set against.',
    );
  });
});

test('one recommendation comes of any record, and a worse one is never milder than KEEP', () => {
  const any = fc
    .record({
      trades: fc.integer({ min: 0, max: 60 }),
      share: fc.integer({ min: 0, max: 60 }),
      gained: fc.integer({ min: 0, max: 1_000 }),
      lost: fc.integer({ min: 0, max: 1_000 }),
      streak: fc.integer({ min: 0, max: 10 }),
    })
    .map(({ trades, share, gained, lost, streak }) =>
      record(Math.min(share, trades), trades, String(gained), String(lost), streak),
    );
  fc.assert(
    fc.property(any, fc.option(any), (live, compared) => {
      const { recommendation, issues, because } = judge(live, compared);
      expect(recommendation === null).toBe(live.trades < TRADES_MIN);
      if (issues.some(({ code }) => code !== 'WIN_RATE_DEVIATES'))
        expect(recommendation).not.toBe('KEEP');
      expect(because).toMatch(/\.$/);
      expect(because).not.toContain('NaN');
    }),
  );
});
