/** Why something was denied: a closed list, so that every reason has a sentence and a test. */
export const REASONS = {
  // Integrity gate: nothing is judged on a picture that cannot be trusted.
  COMMAND_MALFORMED: 'The order is not well formed.',
  COMMAND_DUPLICATE: 'An order with this id was already reviewed for sending.',
  SNAPSHOT_INCONSISTENT: 'The account picture contradicts itself or has a missing number.',
  SNAPSHOT_STALE: 'The account picture is too old.',
  RECONCILIATION_PENDING:
    'The venue and the ledger have not been compared since the start, or since the stream broke.',
  AUDIT_CHAIN_BROKEN: 'The audit chain does not verify, so nothing new is opened.',
  INSTRUMENT_NOT_PERMITTED: 'The instrument is not on the permitted list.',
  CURRENCY_MISMATCH: 'The instrument is quoted in another currency than the account is kept in.',
  LIMITS_UNKNOWN: 'The limits handed to the kernel are not limits it made.',
  // 1 emergency and halts
  EMERGENCY_ACTIVE: 'The emergency flag is set.',
  TRADING_HALTED: 'Trading is halted.',
  TRADING_REDUCING: 'Only exits are allowed until a person resumes trading.',
  INSTRUMENT_HALTED: 'Nothing new is opened in this instrument until a person resumes it.',
  ORDER_UNRESOLVED: 'Nobody knows what became of an order.',
  ORDER_SUSPECT: 'The venue cannot find an order that it had acknowledged.',
  // 2 drawdown ladder
  DRAWDOWN_EXCEEDS_MAXIMUM: 'The fall from the equity peak reached the emergency limit.',
  DRAWDOWN_BLOCKS_ENTRIES: 'The fall from the equity peak leaves room for exits only.',
  // 3 open positions
  POSITIONS_EXCEED_MAXIMUM: 'Too many positions are open or on their way.',
  POSITION_ALREADY_OPEN: 'This strategy already holds or is entering this instrument.',
  ADD_NOT_PLANNED: 'The order adds to a position, and no such add was planned with its entry.',
  POSITION_CONFLICT: 'Another strategy holds or is entering the other side of this instrument.',
  CORRELATED_POSITIONS_EXCEED_MAXIMUM: 'Too many open positions move together with this one.',
  // 4 and 5 how often
  ENTRIES_PER_DAY_EXCEED_MAXIMUM: 'Too many entries since midnight UTC.',
  ENTRIES_PER_HOUR_EXCEED_MAXIMUM: 'Too many entries in the last sixty minutes.',
  REPEATED_EXECUTION: 'The same order was sent too often in the last sixty minutes.',
  MESSAGE_RATE_EXCEEDS_MAXIMUM: 'Too many orders and cancels went out in the last minute.',
  OPEN_ORDERS_EXCEED_MAXIMUM: 'Too many orders are open already.',
  // 6 size
  ACCOUNT_BALANCE_BELOW_MINIMUM: 'The account is too small to open anything.',
  QUANTITY_NOT_ON_LOT: 'The quantity is not a multiple of the lot.',
  NOTIONAL_BELOW_MINIMUM: 'The order is worth less than the venue takes.',
  RISK_PER_TRADE_EXCEEDS_MAXIMUM: 'The loss at the stop is too large a share of equity.',
  LOTS_EXCEED_MAXIMUM: 'The order is larger than the most standard lots allowed.',
  NOTIONAL_EXCEEDS_MAXIMUM: 'The order is worth more than any single order may be.',
  POSITION_SIZE_EXCEEDS_MAXIMUM: 'The position would be too large a share of equity.',
  CONCENTRATION_EXCEEDS_MAXIMUM: 'Too much of the account would stand in one kind of market.',
  LEVERAGE_EXCEEDS_MAXIMUM: 'Positions, open orders and holds together exceed the leverage limit.',
  BUYING_POWER_INSUFFICIENT: 'The account cannot pay for the order at its worst price.',
  GROSS_EXPOSURE_EXCEEDS_MAXIMUM: 'Too little of the account would stay uncommitted.',
  TURNOVER_EXCEEDS_MAXIMUM: 'Too much was committed in the last sixty minutes.',
  // 7 price sanity and reward/risk
  MARKET_DATA_MISSING: 'There is no mark price for the instrument.',
  MARKET_DATA_STALE: 'The mark price is too old.',
  PRICE_NOT_ON_TICK: 'A price is not a multiple of the tick.',
  PRICE_OUTSIDE_COLLAR: 'The price is too far from the mark.',
  STOP_MISSING: 'An entry without a protective stop is not allowed.',
  STOP_WRONG_SIDE: 'The protective stop is not on the losing side of the price.',
  TARGET_WRONG_SIDE: 'The target is not on the winning side of the price.',
  REWARD_RISK_BELOW_MINIMUM: 'The reward is too small for the risk.',
  SELF_MATCH: 'The order could trade against an order of our own.',
  // 8 strategy budget
  STRATEGY_UNKNOWN: 'The strategy has no budget.',
  STRATEGY_DISABLED: 'The strategy is switched off.',
  STRATEGY_LOSING_STREAK: 'The strategy lost too many trades in a row.',
  STRATEGIES_ACTIVE_EXCEED_MAXIMUM: 'Too many strategies are active.',
  STRATEGY_RISK_EXCEEDS_MAXIMUM: 'The strategy would have too much at risk at its stops.',
  STRATEGY_DAILY_LOSS_EXCEEDS_MAXIMUM: 'The strategy lost too much since midnight UTC.',
  // 9 daily loss
  DAILY_LOSS_EXCEEDS_MAXIMUM:
    'The loss since midnight UTC, open positions included, reached the limit.',
  // The reduce-only lane.
  REDUCE_WITHOUT_POSITION: 'There is no position for this order to reduce.',
  REDUCE_WRONG_SIDE: 'The order would add to the position.',
  REDUCE_EXCEEDS_POSITION:
    'The order, with the exits already resting, is larger than the position.',
  // Breakers: what moves the trading state by itself, beside drawdown, daily loss and a broken audit.
  REJECT_STORM: 'The venue refused too many orders within a minute.',
  ORDER_STORM: 'Too many orders and cancels went out within a minute; something loops.',
  FEED_SILENT: 'The market data has been silent for too long.',
  VENUE_MISMATCH: 'The venue and the ledger disagree.',
  POSITION_UNPROTECTED: 'A protective stop could not be placed.',
  ORDER_OVERFILLED: 'The venue filled more than was ordered.',
  KILL_SWITCH: 'A person stopped everything.',
  CANARY_CLEARED: 'The kernel cleared an order that it must deny.',
  // Loosening: what a person who asks for it has to meet.
  STATE_NOT_LOOSER: 'The trading state is loosened one step at a time, and only from where it is.',
  PEAK_NOT_FLAT: 'A new equity peak is set only while nothing is open.',
  // Outside the kernel, but part of the same record.
  CLEARANCE_INVALID: 'The clearance is forged, altered, expired or already used.',
  APPROVAL_MISSING: 'No valid approval stands behind the intent.',
  PRICE_MOVED: 'The price left the band the approval was given for.',
} as const;

export type ReasonCode = keyof typeof REASONS;

export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];
