/**
 * What the kernel compares, in words. The kernel names a check by the code it would deny with, which
 * would read like a fault beside a tick.
 */
import type { ReasonCode } from '../../../../domain/reason-code.ts';
import { humanise } from './measure.ts';

const NAMES: Readonly<Record<ReasonCode, string>> = {
  COMMAND_MALFORMED: 'Order is well formed',
  COMMAND_DUPLICATE: 'Order is new',
  SNAPSHOT_INCONSISTENT: 'Account picture is consistent',
  SNAPSHOT_STALE: 'Age of the account picture',
  RECONCILIATION_PENDING: 'Venue and ledger compared',
  AUDIT_CHAIN_BROKEN: 'Audit chain',
  INSTRUMENT_NOT_PERMITTED: 'Instrument is permitted',
  EMERGENCY_ACTIVE: 'Emergency flag',
  TRADING_HALTED: 'Trading state allows orders',
  TRADING_REDUCING: 'Trading state allows entries',
  DRAWDOWN_EXCEEDS_MAXIMUM: 'Drawdown from the peak',
  POSITIONS_EXCEED_MAXIMUM: 'Open positions',
  POSITION_ALREADY_OPEN: 'Strategy is flat here',
  POSITION_CONFLICT: 'No strategy on the other side',
  CORRELATED_POSITIONS_EXCEED_MAXIMUM: 'Positions that move together',
  ENTRIES_PER_DAY_EXCEED_MAXIMUM: 'Entries today',
  ENTRIES_PER_HOUR_EXCEED_MAXIMUM: 'Entries in the last hour',
  ACCOUNT_BALANCE_BELOW_MINIMUM: 'Account balance',
  QUANTITY_NOT_ON_LOT: 'Quantity on the lot',
  NOTIONAL_BELOW_MINIMUM: 'Order value',
  RISK_PER_TRADE_EXCEEDS_MAXIMUM: 'Risk of this trade',
  LOTS_EXCEED_MAXIMUM: 'Order size',
  POSITION_SIZE_EXCEEDS_MAXIMUM: 'Position size',
  LEVERAGE_EXCEEDS_MAXIMUM: 'Gross exposure',
  BUYING_POWER_INSUFFICIENT: 'Buying power',
  MARKET_DATA_MISSING: 'Mark price is there',
  MARKET_DATA_STALE: 'Age of the mark price',
  PRICE_NOT_ON_TICK: 'Prices on the tick',
  PRICE_OUTSIDE_COLLAR: 'Distance from the mark',
  STOP_MISSING: 'Protective stop',
  STOP_WRONG_SIDE: 'Stop on the losing side',
  TARGET_WRONG_SIDE: 'Target on the winning side',
  REWARD_RISK_BELOW_MINIMUM: 'Reward to risk',
  STRATEGY_UNKNOWN: 'Strategy has a budget',
  STRATEGY_DISABLED: 'Strategy is switched on',
  STRATEGY_LOSING_STREAK: 'Losses in a row',
  STRATEGIES_ACTIVE_EXCEED_MAXIMUM: 'Active strategies',
  STRATEGY_RISK_EXCEEDS_MAXIMUM: 'Risk at the strategy’s stops',
  DAILY_LOSS_EXCEEDS_MAXIMUM: 'Loss today',
  REDUCE_WITHOUT_POSITION: 'There is a position to reduce',
  REDUCE_WRONG_SIDE: 'Side reduces the position',
  REDUCE_EXCEEDS_POSITION: 'Exits against the position',
  CLEARANCE_INVALID: 'Clearance is valid',
  APPROVAL_MISSING: 'Approval stands behind it',
  PRICE_MOVED: 'Price inside the approved band',
};

/** A check this page does not know yet keeps the kernel's own word. */
export const checkName = (check: string): string =>
  check in NAMES ? NAMES[check as ReasonCode] : humanise(check);
