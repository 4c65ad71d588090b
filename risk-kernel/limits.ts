/**
 * The load lines. They are code: no setting, table, agent, person or mode can raise them, and nothing
 * in this folder reads a configuration. Changing one is a change of the program, with a new hash that
 * every decision carries.
 */
import { createHash } from 'node:crypto';

export interface Limits {
  /** Most that one entry may lose at its stop, of equity. */
  readonly riskPerTradeBpsMax: number;
  /** Largest order, in standard lots of its instrument. */
  readonly orderLotsMax: number;
  /** Open positions and entries on their way, together. */
  readonly positionsOpenMax: number;
  /** Loss since midnight UTC, unrealised included, of the day's opening equity: trading stops here. */
  readonly dailyLossBpsMax: number;
  /** Fall from the equity peak at which the emergency begins. */
  readonly drawdownBpsMax: number;
  /** Gross exposure over equity. */
  readonly leverageMax: number;
  readonly entriesPerDayMax: number;
  readonly entriesPerHourMax: number;
  readonly strategiesActiveMax: number;
  /** Most that one strategy may lose at all its stops together, of equity. */
  readonly strategyRiskBpsMax: number;
  /** Open or reserved positions that move together with a new one. */
  readonly correlatedPositionsMax: number;
  /** From this effective correlation on, two positions move together. */
  readonly correlationMin: number;
  /** Reward over risk, in thousandths. */
  readonly rewardRiskMilliMin: number;
  /** Smallest equity, in whole units of the account currency, with which anything is opened. */
  readonly accountBalanceMin: number;
  /** Largest position in one instrument, of equity. */
  readonly positionSizeBpsMax: number;
  /** Losses in a row after which a strategy is switched off. */
  readonly strategyLossStreakMax: number;

  /** How far an entry's price may lie from the mark; a market order is judged at this bound. */
  readonly priceCollarBpsMax: number;
  /** Age of the newest mark at which an entry may still be judged. */
  readonly markAgeMsMax: number;
  /** Age of the account picture at which anything may still be judged. */
  readonly snapshotAgeMsMax: number;
  /** How long a clearance is good for. */
  readonly clearanceMsMax: number;
}

export const LIMITS: Limits = Object.freeze({
  riskPerTradeBpsMax: 200,
  orderLotsMax: 1,
  positionsOpenMax: 10,
  dailyLossBpsMax: 500,
  drawdownBpsMax: 1_500,
  leverageMax: 10,
  entriesPerDayMax: 20,
  entriesPerHourMax: 5,
  strategiesActiveMax: 4,
  strategyRiskBpsMax: 500,
  correlatedPositionsMax: 3,
  correlationMin: 0.7,
  rewardRiskMilliMin: 1_500,
  accountBalanceMin: 1_000,
  positionSizeBpsMax: 1_000,
  strategyLossStreakMax: 5,

  priceCollarBpsMax: 100,
  markAgeMsMax: 60_000,
  snapshotAgeMsMax: 5_000,
  clearanceMsMax: 30_000,
});

/** Ranges and relations that any edit of the constants must keep; the program does not load otherwise. */
export function assertLimits(limits: Limits): void {
  const must = (holds: boolean, rule: string): void => {
    if (!holds) throw new Error(`risk limits: ${rule}`);
  };
  for (const [name, value] of Object.entries(limits)) {
    must(Number.isFinite(value) && value > 0, `${name} must be a positive number, found ${value}`);
    must(name === 'correlationMin' || Number.isInteger(value), `${name} must be a whole number`);
  }
  must(limits.riskPerTradeBpsMax <= 500, 'riskPerTradeBpsMax must be at most 500');
  must(limits.positionsOpenMax <= 20, 'positionsOpenMax must be at most 20');
  must(limits.dailyLossBpsMax <= 1_000, 'dailyLossBpsMax must be at most 1000');
  must(limits.drawdownBpsMax <= 2_000, 'drawdownBpsMax must be at most 2000');
  must(limits.entriesPerDayMax <= 50, 'entriesPerDayMax must be at most 50');
  must(limits.positionSizeBpsMax <= 2_000, 'positionSizeBpsMax must be at most 2000');
  must(limits.strategyLossStreakMax <= 10, 'strategyLossStreakMax must be at most 10');
  must(limits.correlationMin < 1, 'correlationMin must be below 1');
  must(limits.rewardRiskMilliMin >= 1_000, 'rewardRiskMilliMin must be at least 1000');
  must(
    limits.riskPerTradeBpsMax <= limits.strategyRiskBpsMax,
    'one trade may not risk more than its strategy',
  );
  must(
    limits.riskPerTradeBpsMax <= limits.dailyLossBpsMax,
    'one trade may not risk more than a day',
  );
  must(
    limits.dailyLossBpsMax <= limits.drawdownBpsMax,
    'a day may not lose more than the drawdown limit',
  );
  must(
    limits.entriesPerHourMax <= limits.entriesPerDayMax,
    'an hour may not hold more entries than a day',
  );
  must(
    limits.correlatedPositionsMax < limits.positionsOpenMax,
    'a cluster must be smaller than the book',
  );
}

assertLimits(LIMITS);

/** SHA-256 of the limits' names and values: printed at start, stored with every verdict. */
export const hashLimits = (limits: Limits): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');

export const LIMITS_HASH: string = hashLimits(LIMITS);
