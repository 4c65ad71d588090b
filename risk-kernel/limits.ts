/**
 * The load lines. They are code: no table, agent, person or mode can raise them, and nothing in this
 * folder reads a configuration. Changing one is a change of the program, with a new hash that every
 * decision carries. In the names, most significant word first and the unit last; a `Max` is tighter
 * when it is smaller, a `Min` when it is larger.
 */
import { createHash } from 'node:crypto';
import type { ReasonCode } from '../domain/reason-code.ts';

interface Line {
  readonly value: number;
  readonly unit: string;
  readonly why: string;
  /** What the kernel says when it fires. */
  readonly code: ReasonCode;
}

const line = (value: number, unit: string, code: ReasonCode, why: string): Line =>
  Object.freeze({ value, unit, code, why });

/** Every limit with its value, its unit, the code it fires with, and why it is there. */
export const LIMIT_TABLE = Object.freeze({
  // Size of one order and of everything together.
  riskPerTradeBpsMax: line(
    200,
    'bps of equity',
    'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    'No single stop may cost more.',
  ),
  orderLotsMax: line(
    1,
    'standard lots',
    'LOTS_EXCEED_MAXIMUM',
    'Catches a slipped digit in the quantity.',
  ),
  orderNotionalMax: line(
    1_000_000,
    'account currency',
    'NOTIONAL_EXCEEDS_MAXIMUM',
    'Catches a slipped digit whatever the size of the account.',
  ),
  positionSizeBpsMax: line(
    1_000,
    'bps of equity',
    'POSITION_SIZE_EXCEEDS_MAXIMUM',
    'A gap through the stop in one instrument must be survivable.',
  ),
  assetClassExposureBpsMax: line(
    5_000,
    'bps of equity',
    'CONCENTRATION_EXCEEDS_MAXIMUM',
    'One kind of market may not carry the whole book.',
  ),
  grossExposureBpsMax: line(
    8_000,
    'bps of equity',
    'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
    'Something always stays uncommitted.',
  ),
  leverageMax: line(
    10,
    'times equity',
    'LEVERAGE_EXCEEDS_MAXIMUM',
    'The end of the line for an account that shrank under its positions.',
  ),
  accountBalanceMin: line(
    1_000,
    'account currency',
    'ACCOUNT_BALANCE_BELOW_MINIMUM',
    'Below it, fees and minimum sizes decide and not judgement.',
  ),

  // How many positions, and how alike.
  positionsOpenMax: line(
    10,
    'positions',
    'POSITIONS_EXCEED_MAXIMUM',
    'More than a person can watch.',
  ),
  correlatedPositionsMax: line(
    3,
    'positions',
    'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    'Positions that move together are one position.',
  ),
  independentCorrelationMax: line(
    0.7,
    'correlation',
    'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    'From here on two instruments count as moving together.',
  ),

  // How often.
  entriesPerDayMax: line(
    20,
    'entries',
    'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
    'Overtrading has a cost even when each trade is small.',
  ),
  entriesPerHourMax: line(
    5,
    'entries',
    'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    'Slows a strategy that has lost its head.',
  ),
  identicalEntriesPerHourMax: line(
    2,
    'entries',
    'REPEATED_EXECUTION',
    'The same order again and again is a loop and not an idea.',
  ),
  messagesPerMinuteMax: line(
    60,
    'messages',
    'MESSAGE_RATE_EXCEEDS_MAXIMUM',
    'Venues ban those who flood them.',
  ),
  openOrdersMax: line(
    50,
    'orders',
    'OPEN_ORDERS_EXCEED_MAXIMUM',
    'Orders that pile up are not being looked after.',
  ),
  turnoverPerHourBpsMax: line(
    4_000,
    'bps of equity',
    'TURNOVER_EXCEEDS_MAXIMUM',
    'Bounds what a bad hour can commit, however many orders it takes.',
  ),

  // Prices.
  priceCollarBpsMax: line(
    100,
    'bps of the mark',
    'PRICE_OUTSIDE_COLLAR',
    'A price far from the market is a mistake; a market order is judged at this bound.',
  ),
  markAgeMsMax: line(60_000, 'ms', 'MARKET_DATA_STALE', 'An old price proves nothing.'),
  rewardRiskMilliMin: line(
    1_500,
    'thousandths',
    'REWARD_RISK_BELOW_MINIMUM',
    'Being right four times in ten must be enough.',
  ),

  // One strategy.
  strategiesActiveMax: line(
    4,
    'strategies',
    'STRATEGIES_ACTIVE_EXCEED_MAXIMUM',
    'Each strategy needs somebody who understands it.',
  ),
  strategyRiskBpsMax: line(
    500,
    'bps of equity',
    'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    'All stops of one strategy together.',
  ),
  strategyDailyLossBpsMax: line(
    200,
    'bps of the day’s opening equity',
    'STRATEGY_DAILY_LOSS_EXCEEDS_MAXIMUM',
    'A strategy that has a bad day sits the rest of it out.',
  ),
  strategyLossStreakMax: line(
    5,
    'losses',
    'STRATEGY_LOSING_STREAK',
    'The market it was made for may be gone.',
  ),

  // The whole account.
  dailyLossBpsMax: line(
    500,
    'bps of the day’s opening equity',
    'DAILY_LOSS_EXCEEDS_MAXIMUM',
    'Nobody trades well on the day of their worst loss.',
  ),
  drawdownFullSizeBpsMax: line(
    500,
    'bps of the equity peak',
    'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    'First rung: from here on half size.',
  ),
  drawdownHalfSizeBpsMax: line(
    800,
    'bps of the equity peak',
    'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    'Second rung: from here on quarter size.',
  ),
  drawdownEntriesBpsMax: line(
    1_200,
    'bps of the equity peak',
    'DRAWDOWN_BLOCKS_ENTRIES',
    'Third rung: from here on exits only.',
  ),
  drawdownBpsMax: line(
    1_500,
    'bps of the equity peak',
    'DRAWDOWN_EXCEEDS_MAXIMUM',
    'Last rung: emergency, everything halts.',
  ),
  drawdownReleaseBpsMin: line(
    100,
    'bps of the equity peak',
    'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    'A rung is left only well below it, so that size does not flicker.',
  ),
  halfSizeBpsMax: line(
    5_000,
    'bps of the full size',
    'POSITION_SIZE_EXCEEDS_MAXIMUM',
    'What half size means.',
  ),
  quarterSizeBpsMax: line(
    2_500,
    'bps of the full size',
    'POSITION_SIZE_EXCEEDS_MAXIMUM',
    'What quarter size means.',
  ),
  entriesPerHourHalfSizeMax: line(
    3,
    'entries',
    'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    'Fewer tries while size is halved.',
  ),
  entriesPerHourQuarterSizeMax: line(
    1,
    'entries',
    'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    'One try an hour while size is quartered.',
  ),

  // Breakers: what moves the trading state by itself.
  rejectsPerMinuteMax: line(
    5,
    'rejections',
    'REJECT_STORM',
    'A venue that keeps refusing knows something we do not.',
  ),
  messagesStormPerMinuteMax: line(
    120,
    'messages',
    'ORDER_STORM',
    'Exits are never throttled, so a loop among them must stop everything.',
  ),
  feedSilenceMsMax: line(120_000, 'ms', 'FEED_SILENT', 'Without prices nothing new is opened.'),

  // Validity of what is judged and of what was permitted.
  snapshotAgeMsMax: line(
    5_000,
    'ms',
    'SNAPSHOT_STALE',
    'An account picture is true only at its instant.',
  ),
  clearanceMsMax: line(30_000, 'ms', 'CLEARANCE_INVALID', 'Permission is for now.'),
});

export type LimitName = keyof typeof LIMIT_TABLE;
export type Limits = Readonly<Record<LimitName, number>>;

export const LIMIT_NAMES = Object.freeze(Object.keys(LIMIT_TABLE)) as readonly LimitName[];

export const LIMITS: Limits = Object.freeze(
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, LIMIT_TABLE[name].value])),
) as Limits;

/** Ranges and relations that any edit of the constants must keep; the program does not load otherwise. */
export function assertLimits(limits: Limits): void {
  const must = (holds: boolean, rule: string): void => {
    if (!holds) throw new Error(`risk limits: ${rule}`);
  };
  for (const name of LIMIT_NAMES) {
    const value = limits[name];
    must(Number.isFinite(value) && value > 0, `${name} must be a positive number, found ${value}`);
    must(
      name === 'independentCorrelationMax' || Number.isSafeInteger(value),
      `${name} must be a whole number, found ${value}`,
    );
  }
  for (const [name, most] of HIGHEST) must(limits[name] <= most, `${name} must be at most ${most}`);
  must(limits.rewardRiskMilliMin >= 1_000, 'rewardRiskMilliMin must be at least 1000');
  for (const [smaller, larger] of ORDERED) {
    must(limits[smaller] <= limits[larger], `${smaller} must not exceed ${larger}`);
  }
  must(
    limits.drawdownReleaseBpsMin < limits.drawdownFullSizeBpsMax,
    'drawdownReleaseBpsMin must be below drawdownFullSizeBpsMax, or the first rung is never left',
  );
  must(
    limits.correlatedPositionsMax < limits.positionsOpenMax || limits.positionsOpenMax === 1,
    'correlatedPositionsMax must be below positionsOpenMax',
  );
}

/** How high an edit of the program may set a limit at all. */
const HIGHEST: readonly (readonly [LimitName, number])[] = Object.freeze([
  ['riskPerTradeBpsMax', 500],
  ['positionsOpenMax', 20],
  ['dailyLossBpsMax', 1_000],
  ['drawdownBpsMax', 2_000],
  ['entriesPerDayMax', 50],
  ['positionSizeBpsMax', 2_000],
  ['strategyLossStreakMax', 10],
  ['independentCorrelationMax', 0.99],
  ['grossExposureBpsMax', 10_000],
  ['halfSizeBpsMax', 10_000],
] as const);

/** Which limit may never be larger than which; whoever tightens the second tightens the first with it. */
export const ORDERED: readonly (readonly [LimitName, LimitName])[] = Object.freeze([
  ['riskPerTradeBpsMax', 'strategyRiskBpsMax'],
  ['riskPerTradeBpsMax', 'dailyLossBpsMax'],
  ['strategyDailyLossBpsMax', 'dailyLossBpsMax'],
  ['dailyLossBpsMax', 'drawdownBpsMax'],
  ['positionSizeBpsMax', 'assetClassExposureBpsMax'],
  ['assetClassExposureBpsMax', 'grossExposureBpsMax'],
  ['entriesPerHourMax', 'entriesPerDayMax'],
  ['identicalEntriesPerHourMax', 'entriesPerHourMax'],
  ['entriesPerHourHalfSizeMax', 'entriesPerHourMax'],
  ['entriesPerHourQuarterSizeMax', 'entriesPerHourHalfSizeMax'],
  ['quarterSizeBpsMax', 'halfSizeBpsMax'],
  ['drawdownFullSizeBpsMax', 'drawdownHalfSizeBpsMax'],
  ['drawdownHalfSizeBpsMax', 'drawdownEntriesBpsMax'],
  ['drawdownEntriesBpsMax', 'drawdownBpsMax'],
  ['messagesPerMinuteMax', 'messagesStormPerMinuteMax'],
] as const);

assertLimits(LIMITS);

/** SHA-256 of the limits' names and values: printed at start, stored with every verdict. */
export const hashLimits = (limits: Limits): string =>
  createHash('sha256')
    .update(JSON.stringify([...LIMIT_NAMES].sort().map((name) => [name, limits[name]])))
    .digest('hex');
