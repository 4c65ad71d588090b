/** The kernel's checks by name, in the order in which they are made, and the codes each can give. */
import type { ReasonCode } from '../../../domain/reason-code.ts';
import type { Opinion } from '../../../risk-kernel/review.ts';

export interface Stage {
  readonly name: string;
  readonly codes: readonly ReasonCode[];
}

const stage = (name: string, codes: readonly ReasonCode[]): Stage => ({ name, codes });

const ORDER = stage('order', ['COMMAND_MALFORMED', 'COMMAND_DUPLICATE']);

/** What a review goes through, by its lane. */
export const LANES: Readonly<Record<Opinion['lane'], readonly Stage[]>> = {
  ENTRY: [
    ORDER,
    stage('integrity', [
      'LIMITS_UNKNOWN',
      'SNAPSHOT_INCONSISTENT',
      'SNAPSHOT_STALE',
      'AUDIT_CHAIN_BROKEN',
      'RECONCILIATION_PENDING',
      'INSTRUMENT_NOT_PERMITTED',
      'CURRENCY_MISMATCH',
    ]),
    stage('1 halts', [
      'EMERGENCY_ACTIVE',
      'TRADING_REDUCING',
      'TRADING_HALTED',
      'INSTRUMENT_HALTED',
      'ORDER_UNRESOLVED',
      'ORDER_SUSPECT',
    ]),
    stage('2 drawdown', ['DRAWDOWN_EXCEEDS_MAXIMUM', 'DRAWDOWN_BLOCKS_ENTRIES']),
    stage('3 positions', [
      'POSITIONS_EXCEED_MAXIMUM',
      'POSITION_ALREADY_OPEN',
      'ADD_NOT_PLANNED',
      'POSITION_CONFLICT',
      'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    ]),
    stage('4 entries a day', ['ENTRIES_PER_DAY_EXCEED_MAXIMUM']),
    stage('5 entries an hour', [
      'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
      'REPEATED_EXECUTION',
      'MESSAGE_RATE_EXCEEDS_MAXIMUM',
      'OPEN_ORDERS_EXCEED_MAXIMUM',
    ]),
    stage('market data', ['MARKET_DATA_MISSING', 'MARKET_DATA_STALE']),
    stage('6 size', [
      'QUANTITY_NOT_ON_LOT',
      'NOTIONAL_BELOW_MINIMUM',
      'LOTS_EXCEED_MAXIMUM',
      'NOTIONAL_EXCEEDS_MAXIMUM',
      'ACCOUNT_BALANCE_BELOW_MINIMUM',
      'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
      'POSITION_SIZE_EXCEEDS_MAXIMUM',
      'CONCENTRATION_EXCEEDS_MAXIMUM',
      'TURNOVER_EXCEEDS_MAXIMUM',
      'LEVERAGE_EXCEEDS_MAXIMUM',
      'BUYING_POWER_INSUFFICIENT',
      'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
    ]),
    stage('7 price', [
      'PRICE_NOT_ON_TICK',
      'PRICE_OUTSIDE_COLLAR',
      'SELF_MATCH',
      'STOP_MISSING',
      'STOP_WRONG_SIDE',
      'TARGET_WRONG_SIDE',
      'REWARD_RISK_BELOW_MINIMUM',
    ]),
    stage('8 strategy budget', [
      'STRATEGY_UNKNOWN',
      'STRATEGY_LOSING_STREAK',
      'STRATEGY_DISABLED',
      'STRATEGIES_ACTIVE_EXCEED_MAXIMUM',
      'STRATEGY_DAILY_LOSS_EXCEEDS_MAXIMUM',
      'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    ]),
    stage('9 daily loss', ['DAILY_LOSS_EXCEEDS_MAXIMUM']),
  ],
  REDUCE_ONLY: [
    ORDER,
    stage('exit', [
      'REDUCE_WITHOUT_POSITION',
      'SNAPSHOT_INCONSISTENT',
      'REDUCE_WRONG_SIDE',
      'QUANTITY_NOT_ON_LOT',
      'PRICE_NOT_ON_TICK',
      'REDUCE_EXCEEDS_POSITION',
    ]),
  ],
};

/** Codes that no review gives: what moves the trading state, what loosens it, what guards the send. */
export const BESIDE_REVIEW: readonly Stage[] = [
  stage('breakers', [
    'REJECT_STORM',
    'ORDER_STORM',
    'FEED_SILENT',
    'VENUE_MISMATCH',
    'POSITION_UNPROTECTED',
    'ORDER_OVERFILLED',
    'KILL_SWITCH',
    'CANARY_CLEARED',
  ]),
  stage('loosening', ['STATE_NOT_LOOSER', 'PEAK_NOT_FLAT']),
  stage('the send', ['CLEARANCE_INVALID', 'APPROVAL_MISSING', 'PRICE_MOVED']),
];

export const stageOf = (lane: Opinion['lane'], code: string): Stage | undefined =>
  LANES[lane].find(({ codes }) => (codes as readonly string[]).includes(code));

/** The stages behind the furthest one that made a comparison. */
export function notReached(lane: Opinion['lane'], compared: readonly string[]): readonly Stage[] {
  const stages = LANES[lane];
  const furthest = stages.findLastIndex(({ codes }) =>
    codes.some((code) => compared.includes(code)),
  );
  return stages.slice(furthest + 1);
}
