/** What the trades of one strategy came to. Money is exact; shares and multiples are doubles for people. */
import { DAY_MS } from '../../domain/clock.ts';
import { divideRounded } from '../../domain/decimal.ts';
import type { StrategyId } from '../../domain/ids.ts';
import {
  add,
  larger,
  type Money,
  NO_MONEY,
  smaller,
  subtract,
  toNumber,
} from '../../domain/units.ts';
import { figuresOf } from './figures.ts';
import { type ClosedTrade, isClosed, type Trade } from './trade.ts';

/** The days looked back on when nobody says how many. */
export const WINDOW_DAYS = 30;

/** What a strategy is judged by. */
export interface TrackRecord {
  readonly trades: number;
  /** Those that brought something, every fee included. */
  readonly wins: number;
  readonly gained: Money;
  /** An amount above zero. */
  readonly lost: Money;
  /** Losses since the last win. A trade that brought nothing ends no streak, as in the book. */
  readonly losingStreak: number;
}

export interface Performance extends TrackRecord {
  readonly net: Money;
  readonly fees: Money;
  /** 0 to 1; null without trades. */
  readonly winRate: number | null;
  /** Gained for each unit lost; null while nothing was lost. */
  readonly profitFactor: number | null;
  /** Net result of a trade, on average. */
  readonly expectancy: Money | null;
  /** The same in multiples of the planned loss, over the trades that had one. */
  readonly expectancyR: number | null;
  readonly averageWin: Money | null;
  readonly averageLoss: Money | null;
  readonly largestWin: Money | null;
  readonly largestLoss: Money | null;
  readonly longestLosingStreak: number;
  readonly averageDurationMs: number | null;
}

/** Trades that ended in the last so many days before `untilMs`. */
export const endedWithin = (
  trades: readonly Trade[],
  days: number,
  untilMs: number,
): readonly ClosedTrade[] =>
  trades
    .filter(isClosed)
    .filter(({ closedAtMs }) => closedAtMs > untilMs - days * DAY_MS && closedAtMs <= untilMs);

export function byStrategy<T extends Trade>(
  trades: readonly T[],
): ReadonlyMap<StrategyId, readonly T[]> {
  const found = new Map<StrategyId, T[]>();
  for (const trade of trades) {
    const own = found.get(trade.strategyId);
    if (own === undefined) found.set(trade.strategyId, [trade]);
    else own.push(trade);
  }
  return found;
}

export function performanceOf(trades: readonly ClosedTrade[]): Performance {
  const ended = trades.toSorted((a, b) => a.closedAtMs - b.closedAtMs);
  const results = ended.map(({ net }) => net);
  const wins = results.filter((net) => net > NO_MONEY);
  const losses = results.filter((net) => net < NO_MONEY);
  const [gained, lost] = [sum(wins), subtract(NO_MONEY, sum(losses))];
  const figures = ended.map(figuresOf);
  const multiples = figures.flatMap(({ r }) => (r === null ? [] : [r]));
  const streaks = losingStreaks(results);
  return {
    trades: ended.length,
    wins: wins.length,
    gained,
    lost,
    losingStreak: streaks.at(-1) ?? 0,
    net: sum(results),
    fees: sum(figures.map(({ fees }) => fees)),
    winRate: ended.length === 0 ? null : wins.length / ended.length,
    profitFactor: lost === NO_MONEY ? null : toNumber(gained) / toNumber(lost),
    expectancy: average(results),
    expectancyR: mean(multiples),
    averageWin: average(wins),
    averageLoss: average(losses),
    largestWin: wins.length === 0 ? null : wins.reduce<Money>((a, b) => larger(a, b), NO_MONEY),
    largestLoss:
      losses.length === 0 ? null : losses.reduce<Money>((a, b) => smaller(a, b), NO_MONEY),
    longestLosingStreak: streaks.reduce((a, b) => Math.max(a, b), 0),
    averageDurationMs: mean(ended.map(({ openedAtMs, closedAtMs }) => closedAtMs - openedAtMs)),
  };
}

const sum = (amounts: readonly Money[]): Money =>
  amounts.reduce<Money>((total, one) => add(total, one), NO_MONEY);

const average = (amounts: readonly Money[]): Money | null =>
  amounts.length === 0
    ? null
    : (divideRounded(sum(amounts), BigInt(amounts.length), 'half-even') as Money);

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;

/** After each trade, how many losses in a row there were. */
function losingStreaks(results: readonly Money[]): readonly number[] {
  let streak = 0;
  return results.map((net) => (streak = net > NO_MONEY ? 0 : streak + 1));
}
