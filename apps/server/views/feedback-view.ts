/** What the results say of each strategy, and the comparison with a baseline that somebody brings along. */
import type { StrategyId } from '../../../domain/ids.ts';
import { type Money, money, NO_MONEY, text } from '../../../domain/units.ts';
import { judge } from '../../../ledger/trades/feedback.ts';
import {
  byStrategy,
  endedWithin,
  type Performance,
  performanceOf,
  type TrackRecord,
} from '../../../ledger/trades/performance.ts';
import { isClosed } from '../../../ledger/trades/trade.ts';
import type { Trades } from '../../../ledger/trades/trades.ts';
import type { FeedbackView, PerformanceView, StrategyFeedbackView } from '../../api/trade-views.ts';

/** Every strategy that the last start named or that traded; trades of the mode that is on now. */
export function feedbackView(trades: Trades, days: number): FeedbackView {
  const venueMode = trades.run?.venueMode ?? null;
  const own = trades.all().filter(({ run }) => run?.venueMode === venueMode);
  const ended = byStrategy(endedWithin(own, days, trades.newestMs));
  const named = new Set([...trades.active, ...ended.keys()]);
  return {
    venueMode,
    currency: trades.currency,
    days,
    untilMs: trades.newestMs,
    strategies: [...named].map((strategyId) => {
      const performance = performanceOf(ended.get(strategyId) ?? []);
      return {
        strategyId,
        off: trades.off.get(strategyId) ?? null,
        performance: performanceView(performance),
        ...judge(performance, null),
        lastAnswer: trades.answers.get(strategyId) ?? null,
      };
    }),
  };
}

/** All that another journal's trades came to, by strategy. */
export function baselineOf(trades: Trades): ReadonlyMap<string, TrackRecord> {
  const ended = byStrategy(trades.all().filter(isClosed));
  return new Map(
    [...ended].map(([id, own]): [StrategyId, TrackRecord] => [id, performanceOf(own)]),
  );
}

/** The same results, judged beside a baseline. */
export const comparedWith = (
  view: FeedbackView,
  baseline: ReadonlyMap<string, TrackRecord>,
): FeedbackView => ({
  ...view,
  strategies: view.strategies.map((one): StrategyFeedbackView => ({
    ...one,
    ...judge(recordFrom(one.performance), baseline.get(one.strategyId) ?? NEVER_TRADED),
  })),
});

const NEVER_TRADED: TrackRecord = {
  trades: 0,
  wins: 0,
  gained: NO_MONEY,
  lost: NO_MONEY,
  losingStreak: 0,
};

const recordFrom = (view: PerformanceView): TrackRecord => ({
  trades: view.trades,
  wins: view.wins,
  gained: money(view.gained),
  lost: money(view.lost),
  losingStreak: view.losingStreak,
});

const performanceView = (performance: Performance): PerformanceView => ({
  ...performance,
  gained: text(performance.gained),
  lost: text(performance.lost),
  net: text(performance.net),
  fees: text(performance.fees),
  expectancy: textOrNull(performance.expectancy),
  averageWin: textOrNull(performance.averageWin),
  averageLoss: textOrNull(performance.averageLoss),
  largestWin: textOrNull(performance.largestWin),
  largestLoss: textOrNull(performance.largestLoss),
});

const textOrNull = (amount: Money | null): string | null => (amount === null ? null : text(amount));
