/** The account's load lines, measured on the same picture of the account that the kernel is shown. */
import { ONE } from '../../../domain/decimal.ts';
import { clientOrderId, type InstrumentId, type StrategyId } from '../../../domain/ids.ts';
import {
  add,
  larger,
  type Money,
  NO_MONEY,
  ratioBps,
  subtract,
  text,
  toNumber,
} from '../../../domain/units.ts';
import { takeSnapshot } from '../../../execution/risk-snapshot.ts';
import { LIMITS } from '../../../risk-kernel/limits.ts';
import type { Exposure, RiskSnapshot } from '../../../risk-kernel/snapshot.ts';
import type { LimitView } from '../../api/views.ts';
import type { Runtime } from '../../runtime/runtime.ts';

export function limitViews(runtime: Runtime): readonly LimitView[] {
  const snapshot = snapshotOf(runtime);
  const { equity } = snapshot;
  const exposures: readonly Exposure[] = [...snapshot.positions, ...snapshot.holds];
  const fall = larger(subtract(snapshot.peakEquity, equity), NO_MONEY);
  const loss = larger(subtract(snapshot.dayOpenEquity, equity), NO_MONEY);
  const { currency } = runtime.parts.book.portfolio;
  return [
    most('drawdown', 'Drawdown', ratioBps(fall, snapshot.peakEquity), LIMITS.drawdownBpsMax, 'bps'),
    most(
      'dailyLoss',
      'Loss today',
      ratioBps(loss, snapshot.dayOpenEquity),
      LIMITS.dailyLossBpsMax,
      'bps',
    ),
    most('openPositions', 'Open positions', exposures.length, LIMITS.positionsOpenMax, 'positions'),
    most(
      'entriesToday',
      'Entries today',
      snapshot.entriesToday,
      LIMITS.entriesPerDayMax,
      'entries',
    ),
    most(
      'entriesThisHour',
      'Entries in the last hour',
      snapshot.entriesLastHour,
      LIMITS.entriesPerHourMax,
      'entries',
    ),
    mostMoney(
      'grossExposure',
      `Gross exposure, at most ${LIMITS.leverageMax} times equity`,
      exposures.reduce((sum, exposure) => add(sum, exposure.notional), NO_MONEY),
      (equity * BigInt(LIMITS.leverageMax)) as Money,
      currency,
    ),
    most(
      'positionSize',
      'Largest position, of equity',
      largestShareBps(exposures, equity, ({ instrumentId, notional }) => [instrumentId, notional]),
      LIMITS.positionSizeBpsMax,
      'bps',
    ),
    most(
      'strategyRisk',
      'Most at risk in one strategy, of equity',
      largestShareBps(exposures, equity, ({ strategyId, risk }) => [strategyId, risk]),
      LIMITS.strategyRiskBpsMax,
      'bps',
    ),
    balance(equity, currency),
    ...snapshot.strategies.map(({ id, lossStreak }) =>
      most(
        `lossStreak.${id}`,
        `Losses in a row, ${id}`,
        lossStreak,
        LIMITS.strategyLossStreakMax,
        'losses',
      ),
    ),
  ];
}

function snapshotOf({ options, parts }: Runtime): RiskSnapshot {
  const { feed, ledger, clock } = options;
  const { book, marks, engine } = parts;
  const { instrument } = feed;
  const nobodys = { id: clientOrderId('limits'), instrumentId: instrument.id };
  const sources = {
    book,
    marks,
    instruments: new Map([[instrument.id, instrument]]),
    auditIntact: ledger.broken === undefined,
    reconciled: engine.reconciled,
  };
  return takeSnapshot(sources, nobodys, clock.now());
}

function largestShareBps(
  exposures: readonly Exposure[],
  equity: Money,
  measure: (exposure: Exposure) => readonly [InstrumentId | StrategyId, Money],
): number {
  const sums = new Map<string, Money>();
  for (const exposure of exposures) {
    const [key, amount] = measure(exposure);
    sums.set(key, add(sums.get(key) ?? NO_MONEY, amount));
  }
  const largest = [...sums.values()].reduce<Money>((most, sum) => larger(most, sum), NO_MONEY);
  return largest === NO_MONEY ? 0 : ratioBps(largest, equity);
}

/** Far past any limit; an account without equity breaks every share of it, but JSON has no infinity. */
const BEYOND = 1_000_000;

function most(id: string, title: string, measured: number, limit: number, unit: string): LimitView {
  const value = Math.min(measured, BEYOND);
  return {
    id,
    title,
    value: String(value),
    limit: String(limit),
    headroom: String(limit - value),
    unit,
    used: value / limit,
  };
}

function mostMoney(id: string, title: string, value: Money, limit: Money, unit: string): LimitView {
  return {
    id,
    title,
    value: text(value),
    limit: text(limit),
    headroom: text(subtract(limit, value)),
    unit,
    used: value === NO_MONEY ? 0 : share(value, limit),
  };
}

/** The one limit from below: what is used of it is how near the account has come. */
function balance(equity: Money, unit: string): LimitView {
  const limit = (BigInt(LIMITS.accountBalanceMin) * ONE) as Money;
  return {
    id: 'accountBalance',
    title: 'Smallest equity',
    value: text(equity),
    limit: text(limit),
    headroom: text(subtract(equity, limit)),
    unit,
    used: share(limit, equity),
  };
}

const share = (part: Money, whole: Money): number =>
  whole <= NO_MONEY ? BEYOND : Math.min(toNumber(part) / toNumber(whole), BEYOND);
