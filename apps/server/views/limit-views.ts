/** The account's load lines, measured on the same picture of the account that the kernel is shown. */
import { HOUR_MS, utcDay } from '../../../domain/clock.ts';
import { ONE } from '../../../domain/decimal.ts';
import { clientOrderId } from '../../../domain/ids.ts';
import { add, larger, type Money, NO_MONEY, ratioBps, subtract } from '../../../domain/units.ts';
import { takeSnapshot } from '../../../execution/risk-snapshot.ts';
import type { Limits } from '../../../risk-kernel/limits.ts';
import { isStep } from '../../../risk-kernel/load.ts';
import type { Exposure, RiskSnapshot } from '../../../risk-kernel/snapshot.ts';
import type { LimitView } from '../../api/views.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { atLeast, atMost, shareBps } from './limit-gauge.ts';

export function limitViews(runtime: Runtime): readonly LimitView[] {
  const snapshot = snapshotOf(runtime);
  const limits = limitsNow(runtime);
  return [
    ...fallLimits(snapshot, limits),
    ...exposureLimits(snapshot, limits),
    ...paceLimits(snapshot, limits),
    balanceLimit(snapshot, limits, runtime.parts.book.portfolio.currency),
    ...streakLimits(snapshot, limits),
  ];
}

/** What binds on the rung of the drawdown ladder where the account stands. */
export const limitsNow = ({ options, parts }: Runtime): Limits =>
  options.limits.onRung[parts.book.rung] as Limits;

function snapshotOf({ options, parts }: Runtime): RiskSnapshot {
  const { feed, ledger, clock } = options;
  const { book, marks, engine } = parts;
  const { instrument } = feed;
  const nobodys = { id: clientOrderId('limits'), instrumentId: instrument.id };
  const sources = {
    book,
    marks,
    instruments: new Map([[instrument.id, instrument]]),
    auditIntact: ledger.intact,
    reconciled: engine.reconciled,
  };
  return takeSnapshot(sources, nobodys, clock.now());
}

function fallLimits(snapshot: RiskSnapshot, limits: Limits): readonly LimitView[] {
  const { equity, peakEquity, dayOpenEquity } = snapshot;
  const fallBps = ratioBps(larger(subtract(peakEquity, equity), NO_MONEY), peakEquity);
  const lossBps = ratioBps(larger(subtract(dayOpenEquity, equity), NO_MONEY), dayOpenEquity);
  return [
    atMost('drawdown', 'Drawdown', fallBps, limits.drawdownBpsMax, 'bps'),
    atMost('dailyLoss', 'Loss today', lossBps, limits.dailyLossBpsMax, 'bps'),
  ];
}

function exposureLimits(snapshot: RiskSnapshot, limits: Limits): readonly LimitView[] {
  const exposures: readonly Exposure[] = [...snapshot.positions, ...snapshot.holds];
  const share = (id: string, title: string, amount: Money, limit: number): LimitView =>
    atMost(id, `${title}, of equity`, shareBps(amount, snapshot.equity), limit, 'bps');
  return [
    atMost(
      'openPositions',
      'Open positions',
      positionsCounted(snapshot),
      limits.positionsOpenMax,
      'positions',
    ),
    share(
      'grossExposure',
      'Gross exposure',
      largestSum(exposures, ({ notional }) => ['everything', notional]),
      limits.grossExposureBpsMax,
    ),
    share(
      'assetClassExposure',
      'Largest asset class',
      largestSum(exposures, ({ assetClass, notional }) => [assetClass, notional]),
      limits.assetClassExposureBpsMax,
    ),
    share(
      'positionSize',
      'Largest position',
      largestSum(exposures, ({ instrumentId, notional }) => [instrumentId, notional]),
      limits.positionSizeBpsMax,
    ),
    share(
      'strategyRisk',
      'Most at risk in one strategy',
      largestSum(exposures, ({ strategyId, risk }) => [strategyId, risk]),
      limits.strategyRiskBpsMax,
    ),
  ];
}

/** As the kernel counts them: what adds to a position is no further one. */
const positionsCounted = (snapshot: RiskSnapshot): number =>
  snapshot.positions.length + snapshot.holds.filter((hold) => !isStep(hold, snapshot)).length;

/** The largest of the sums that come together under one key. */
function largestSum(
  exposures: readonly Exposure[],
  measure: (exposure: Exposure) => readonly [string, Money],
): Money {
  const sums = new Map<string, Money>();
  for (const exposure of exposures) {
    const [key, amount] = measure(exposure);
    sums.set(key, add(sums.get(key) ?? NO_MONEY, amount));
  }
  return [...sums.values()].reduce<Money>((most, sum) => larger(most, sum), NO_MONEY);
}

function paceLimits(snapshot: RiskSnapshot, limits: Limits): readonly LimitView[] {
  const { asOfMs, equity, recentEntries, messagesLastMinute, holds, exits } = snapshot;
  const today = recentEntries.filter(({ atMs }) => utcDay(atMs) === utcDay(asOfMs));
  const lastHour = recentEntries.filter(({ atMs }) => atMs > asOfMs - HOUR_MS);
  const turnover = lastHour.reduce((sum, { notional }) => add(sum, notional), NO_MONEY);
  return [
    atMost('entriesToday', 'Entries today', today.length, limits.entriesPerDayMax, 'entries'),
    atMost(
      'entriesThisHour',
      'Entries in the last hour',
      lastHour.length,
      limits.entriesPerHourMax,
      'entries',
    ),
    atMost(
      'turnoverThisHour',
      'Turnover in the last hour, of equity',
      shareBps(turnover, equity),
      limits.turnoverPerHourBpsMax,
      'bps',
    ),
    atMost(
      'messagesThisMinute',
      'Messages in the last minute',
      messagesLastMinute,
      limits.messagesPerMinuteMax,
      'messages',
    ),
    atMost(
      'openOrders',
      'Open orders',
      holds.length + exits.length,
      limits.openOrdersMax,
      'orders',
    ),
  ];
}

const balanceLimit = ({ equity }: RiskSnapshot, limits: Limits, currency: string): LimitView =>
  atLeast(
    'accountBalance',
    'Smallest equity',
    equity,
    (BigInt(limits.accountBalanceMin) * ONE) as Money,
    currency,
  );

const streakLimits = ({ strategies }: RiskSnapshot, limits: Limits): readonly LimitView[] =>
  strategies.map(({ id, lossStreak }) =>
    atMost(
      `lossStreak.${id}`,
      `Losses in a row, ${id}`,
      lossStreak,
      limits.strategyLossStreakMax,
      'losses',
    ),
  );
