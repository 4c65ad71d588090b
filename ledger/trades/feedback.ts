/**
 * What the results of a strategy say about it, and the one thing they recommend. The rules are applied
 * in their order and the first that fits decides; acting on it is a person's.
 */
import type { FeedbackAction } from '../../domain/event.ts';
import { NO_MONEY, toNumber } from '../../domain/units.ts';
import type { TrackRecord } from './performance.ts';

/** Fewer trades than these say nothing about a strategy. */
export const TRADES_MIN = 5;
/** Fewer make the baseline itself uncertain by more than what would be called a deviation from it. */
export const BASELINE_TRADES_MIN = 20;
export const WIN_RATE_MIN_PERCENT = 40;
export const DEVIATION_WARNING_POINTS = 10;
export const DEVIATION_CRITICAL_POINTS = 20;
export const LOSING_STREAK_MAX = 5;

export type IssueCode =
  | 'WIN_RATE_DEVIATES'
  | 'PROFIT_FACTOR_DEVIATES'
  | 'LOSING_STREAK'
  | 'UNPROFITABLE'
  | 'WIN_RATE_LOW';

export interface Issue {
  readonly code: IssueCode;
  readonly severity: 'WARNING' | 'CRITICAL';
  readonly sentence: string;
}

export interface Feedback {
  /** Null while there are not enough trades to recommend anything. */
  readonly recommendation: FeedbackAction | null;
  /** What it follows from, figures included. */
  readonly because: string;
  /** Gravest first. */
  readonly issues: readonly Issue[];
  /** Why there is no comparison with the baseline; null when there is one, or none was given. */
  readonly notCompared: string | null;
}

export function judge(live: TrackRecord, baseline: TrackRecord | null): Feedback {
  if (live.trades < TRADES_MIN) {
    const because = `Not enough trades: ${live.trades} of ${TRADES_MIN}.`;
    return { recommendation: null, because, issues: [], notCompared: null };
  }
  const thin = baseline !== null && baseline.trades < BASELINE_TRADES_MIN;
  const deviations = baseline === null || thin ? [] : deviationsOf(live, baseline);
  const issues = gravestFirst([...deviations, ...issuesOf(live)]);
  const [recommendation, grounds] = recommend(issues);
  return {
    recommendation,
    because:
      grounds.length === 0
        ? `Nothing speaks against it: ${recordWords(live)}.`
        : grounds.map(({ sentence }) => sentence).join(' '),
    issues,
    notCompared: thin
      ? `The baseline has not enough trades: ${baseline.trades} of ${BASELINE_TRADES_MIN}.`
      : null,
  };
}

const gravestFirst = (issues: readonly Issue[]): readonly Issue[] => [
  ...issues.filter(({ severity }) => severity === 'CRITICAL'),
  ...issues.filter(({ severity }) => severity === 'WARNING'),
];

function recommend(issues: readonly Issue[]): readonly [FeedbackAction, readonly Issue[]] {
  const named = (code: IssueCode): readonly Issue[] => issues.filter((one) => one.code === code);
  const critical = issues.filter(({ severity }) => severity === 'CRITICAL');
  if (critical.length > 0) return ['REOPTIMISE', critical];
  const [streak, unprofitable, low] = [
    named('LOSING_STREAK'),
    named('UNPROFITABLE'),
    named('WIN_RATE_LOW'),
  ];
  if (streak.length > 0) return ['DISABLE', streak];
  if (unprofitable.length > 0 && low.length > 0) return ['DISABLE', [...unprofitable, ...low]];
  if (unprofitable.length > 0) return ['REOPTIMISE', unprofitable];
  return low.length > 0 ? ['WATCH', low] : ['KEEP', []];
}

function deviationsOf(live: TrackRecord, baseline: TrackRecord): readonly Issue[] {
  const issues: Issue[] = [];
  const severity = winRateDeviation(live, baseline);
  if (severity !== undefined) {
    const sentence =
      `The win rate is ${winRateWords(live)}, and was ${winRateWords(baseline)} in the baseline: ` +
      `more than ${severity === 'CRITICAL' ? DEVIATION_CRITICAL_POINTS : DEVIATION_WARNING_POINTS} points apart.`;
    issues.push({ code: 'WIN_RATE_DEVIATES', severity, sentence });
  }
  if (isUnprofitable(live) && baseline.gained > baseline.lost) {
    const sentence = `The profit factor is ${factorWords(live)}, and was ${factorWords(baseline)} in the baseline.`;
    issues.push({ code: 'PROFIT_FACTOR_DEVIATES', severity: 'CRITICAL', sentence });
  }
  return issues;
}

function issuesOf(live: TrackRecord): readonly Issue[] {
  const issues: Issue[] = [];
  const warn = (code: IssueCode, sentence: string): void =>
    void issues.push({ code, severity: 'WARNING', sentence });
  if (live.losingStreak >= LOSING_STREAK_MAX)
    warn('LOSING_STREAK', `None of the last ${live.losingStreak} trades won.`);
  if (isUnprofitable(live))
    warn('UNPROFITABLE', `The profit factor is ${factorWords(live)}, below 1.00.`);
  if (live.wins * 100 < WIN_RATE_MIN_PERCENT * live.trades)
    warn('WIN_RATE_LOW', `The win rate is ${winRateWords(live)}, below ${WIN_RATE_MIN_PERCENT} %.`);
  return issues;
}

/** In whole numbers, so that exactly ten points are never a hair more than ten. */
function winRateDeviation(live: TrackRecord, baseline: TrackRecord): Issue['severity'] | undefined {
  const both = live.trades * baseline.trades;
  const apart = Math.abs(live.wins * baseline.trades - baseline.wins * live.trades) * 100;
  if (apart > DEVIATION_CRITICAL_POINTS * both) return 'CRITICAL';
  return apart > DEVIATION_WARNING_POINTS * both ? 'WARNING' : undefined;
}

/** A profit factor below 1. */
const isUnprofitable = ({ gained, lost }: TrackRecord): boolean => gained < lost;

const recordWords = (record: TrackRecord): string =>
  `win rate ${winRateWords(record)}, profit factor ${factorWords(record)}`;

const winRateWords = ({ wins, trades }: TrackRecord): string =>
  `${((wins / trades) * 100).toFixed(1)} % (${wins} of ${trades})`;

/** Cut and not rounded: what is below one must not be told as 1.00. */
function factorWords({ gained, lost }: TrackRecord): string {
  if (lost === NO_MONEY) return 'without a loss to set against';
  return (Math.floor((toNumber(gained) / toNumber(lost)) * 100) / 100).toFixed(2);
}
