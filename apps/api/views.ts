/**
 * What the server says, as schemas: the HTTP and WebSocket wire, and the types of the page and the
 * command line. Amounts are decimal text in the account's currency unless the name says otherwise;
 * instants are UTC milliseconds on the market's clock.
 */
import { Schema } from 'effect';

const Text = Schema.String;
const Count = Schema.Finite;

export const LimitView = Schema.Struct({
  id: Text,
  title: Text,
  value: Text,
  limit: Text,
  headroom: Text,
  unit: Text,
  /** 0 to 1 of the limit in use; above 1 when it is broken. */
  used: Count,
});
export type LimitView = typeof LimitView.Type;

export const PositionView = Schema.Struct({
  instrumentId: Text,
  strategyId: Text,
  direction: Schema.Literals(['LONG', 'SHORT']),
  quantity: Text,
  base: Text,
  entryPrice: Text,
  markPrice: Text,
  notional: Text,
  unrealised: Text,
  stopPrice: Schema.NullOr(Text),
  targetPrice: Schema.NullOr(Text),
  /** True when a stop rests at the venue. */
  isProtected: Schema.Boolean,
  openedAtMs: Count,
});
export type PositionView = typeof PositionView.Type;

export const OrderView = Schema.Struct({
  id: Text,
  instrumentId: Text,
  strategyId: Text,
  role: Text,
  side: Text,
  type: Text,
  quantity: Text,
  filled: Text,
  price: Schema.NullOr(Text),
  state: Text,
  /** Nobody knows whether the venue has it. */
  unresolved: Schema.Boolean,
  atMs: Count,
});
export type OrderView = typeof OrderView.Type;

export const EvidenceView = Schema.Struct({
  id: Text,
  label: Text,
  value: Count,
  unit: Text,
  barTimeMs: Count,
});

export const CheckView = Schema.Struct({
  check: Text,
  passed: Schema.Boolean,
  code: Schema.NullOr(Text),
  value: Text,
  limit: Text,
  headroom: Text,
  unit: Text,
});
export type CheckView = typeof CheckView.Type;

export const VerdictView = Schema.Struct({
  cleared: Schema.Boolean,
  lane: Text,
  sentence: Text,
  limitsHash: Text,
  reviewedAtMs: Count,
  checks: Schema.Array(CheckView),
});
export type VerdictView = typeof VerdictView.Type;

export const ApprovalView = Schema.Struct({
  id: Text,
  version: Count,
  status: Schema.Literals([
    'PENDING',
    'APPROVED',
    'DECLINED',
    'EXPIRED',
    'INVALIDATED',
    'CONSUMED',
  ]),
  /** Send it back with the decision: it proves what was on the screen. */
  proposalHash: Text,
  cycleId: Text,
  instrumentId: Text,
  base: Text,
  quote: Text,
  strategyId: Text,
  direction: Schema.Literals(['LONG', 'SHORT']),
  quantity: Text,
  notional: Text,
  referencePrice: Text,
  stop: Text,
  target: Text,
  /** How the position would be looked after, one sentence each; empty for a plain stop and target. */
  management: Schema.Array(Text),
  lossAtStop: Text,
  rewardToRisk: Text,
  confidence: Count,
  thesis: Text,
  invalidation: Text,
  horizon: Text,
  reasoner: Text,
  evidence: Schema.Array(EvidenceView),
  /** The approval is only good while the mark stays inside. */
  bandLow: Text,
  bandHigh: Text,
  createdAtMs: Count,
  expiresAtMs: Count,
  /** Real milliseconds left, whatever the speed of the market's clock; null while the market waits. */
  wallMsLeft: Schema.NullOr(Count),
  /** The kernel's verdict when the proposal was made. */
  verdict: VerdictView,
});
export type ApprovalView = typeof ApprovalView.Type;

export const AgentView = Schema.Struct({
  name: Schema.Literals(['supervisor', 'strategy', 'risk', 'execution']),
  lastStep: Text,
  lastActiveMs: Schema.NullOr(Count),
});

const Rung = Schema.Literals([0, 1, 2, 3, 4]);

export const RungView = Schema.Struct({
  rung: Rung,
  /** The fall from the equity peak at which it begins. */
  startBps: Count,
  /** What it asks for: `half size`. */
  words: Text,
});
export type RungView = typeof RungView.Type;

export const StrategyView = Schema.Struct({
  id: Text,
  enabled: Schema.Boolean,
  lossStreak: Count,
  lossStreakMax: Count,
  /** Since midnight UTC, open positions at the mark. */
  dayResult: Text,
  /** Why it was last switched on or off; null while it never was. */
  because: Schema.NullOr(Text),
});
export type StrategyView = typeof StrategyView.Type;

/** Something a person should look at; told since the last start. */
export const AlarmView = Schema.Struct({
  seq: Count,
  atMs: Count,
  code: Text,
  /** What the code means. */
  sentence: Text,
  subject: Text,
  because: Text,
});
export type AlarmView = typeof AlarmView.Type;

/** Nothing new is opened in it until a named person says so. */
export const HaltedInstrumentView = Schema.Struct({
  instrumentId: Text,
  code: Text,
  sentence: Text,
  because: Text,
});
export type HaltedInstrumentView = typeof HaltedInstrumentView.Type;

/** Rests at the venue and is not ours. */
export const ExternalOrderView = Schema.Struct({
  venueOrderId: Text,
  instrumentId: Text,
  side: Text,
  quantity: Text,
});
export type ExternalOrderView = typeof ExternalOrderView.Type;

export const RehearsalView = Schema.Struct({ name: Text, says: Text });
export type RehearsalView = typeof RehearsalView.Type;

export const TightenedView = Schema.Struct({ name: Text, value: Count, standard: Count });
export type TightenedView = typeof TightenedView.Type;

export const StateView = Schema.Struct({
  version: Text,
  decisionMode: Schema.Literals(['GUIDE', 'AUTONOMOUS']),
  venueMode: Schema.Literals(['SIMULATION', 'PAPER', 'LIVE']),
  tradingState: Schema.Literals(['ACTIVE', 'REDUCING', 'HALTED']),
  tradingStateBecause: Schema.NullOr(Text),
  /** The breaker that moved the state; null when a person did, or nobody. */
  tradingStateCode: Schema.NullOr(Text),
  /** Since when the state is what it is; null while it never moved. */
  tradingStateSinceMs: Schema.NullOr(Count),
  emergency: Schema.Boolean,
  /** The file that stops everything while it is there. */
  haltFile: Schema.Struct({ path: Text, present: Schema.Boolean }),
  haltedInstruments: Schema.Array(HaltedInstrumentView),
  /** Newest first. */
  alarms: Schema.Array(AlarmView),
  /** The bad day that the venue plays; null on a calm one. */
  rehearsal: Schema.NullOr(RehearsalView),
  /** Whether anybody is registered who could loosen the state. */
  hasOperator: Schema.Boolean,
  /** Where the account stands on the drawdown ladder. */
  rung: Rung,
  ladder: Schema.Array(RungView),
  limitsHash: Text,
  /** The limits that this process keeps tighter than the constants. */
  tightened: Schema.Array(TightenedView),
  strategies: Schema.Array(StrategyView),
  phase: Text,
  market: Schema.Struct({
    instrumentId: Text,
    base: Text,
    quote: Text,
    timeframe: Text,
    source: Text,
    synthetic: Schema.Boolean,
    /** It happens while it is told. */
    live: Schema.Boolean,
    /** Market seconds per wall second. */
    speed: Count,
    pricePlaces: Count,
    nowMs: Count,
    lastPrice: Schema.NullOr(Text),
    lastPriceAtMs: Schema.NullOr(Count),
    /** A replay stands still while a proposal waits for a person. */
    waitsForDecision: Schema.Boolean,
    /** The file is over; nothing moves any more. */
    ended: Schema.Boolean,
    /** Why the market stands still for good although it is not over; absent while it moves. */
    stopped: Schema.optionalKey(Text),
  }),
  account: Schema.Struct({
    currency: Text,
    cash: Text,
    equity: Text,
    peakEquity: Text,
    drawdownBps: Count,
    dayOpenEquity: Text,
    dayResult: Text,
    realised: Text,
    unrealised: Text,
    fees: Text,
    startingCash: Text,
  }),
  positions: Schema.Array(PositionView),
  orders: Schema.Array(OrderView),
  externalOrders: Schema.Array(ExternalOrderView),
  limits: Schema.Array(LimitView),
  approvals: Schema.Array(ApprovalView),
  agents: Schema.Array(AgentView),
  journal: Schema.Struct({ seq: Count, hash: Text, broken: Schema.NullOr(Text) }),
  counts: Schema.Struct({
    cycles: Count,
    proposals: Count,
    denials: Count,
    fills: Count,
  }),
});
export type StateView = typeof StateView.Type;

export const CandleView = Schema.Struct({
  /** Bar open, UTC seconds, as the chart wants it. */
  time: Count,
  open: Count,
  high: Count,
  low: Count,
  close: Count,
});
export type CandleView = typeof CandleView.Type;

export const MarkerView = Schema.Struct({
  fillId: Text,
  timeMs: Count,
  side: Schema.Literals(['BUY', 'SELL']),
  role: Text,
  price: Text,
  quantity: Text,
  cycleId: Schema.NullOr(Text),
});
export type MarkerView = typeof MarkerView.Type;

export const ChartView = Schema.Struct({
  candles: Schema.Array(CandleView),
  /** The bar that has not closed yet; strategies never see it. */
  forming: Schema.NullOr(CandleView),
  fills: Schema.Array(MarkerView),
  equity: Schema.Array(Schema.Struct({ timeMs: Count, equity: Text })),
});
export type ChartView = typeof ChartView.Type;

export const DecisionView = Schema.Struct({
  cycleId: Text,
  atMs: Count,
  instrumentId: Text,
  phase: Text,
  /** Null while the cycle runs. */
  outcome: Schema.NullOr(Text),
  because: Text,
  strategyId: Schema.NullOr(Text),
  direction: Schema.NullOr(Text),
  quantity: Schema.NullOr(Text),
  denialCode: Schema.NullOr(Text),
  decidedBy: Schema.NullOr(Text),
  fillPrice: Schema.NullOr(Text),
  /** Net result once the position it opened is flat again. */
  result: Schema.NullOr(Text),
});
export type DecisionView = typeof DecisionView.Type;

export const EntryView = Schema.Struct({
  seq: Count,
  atMs: Count,
  type: Text,
  actor: Text,
  actorKind: Schema.Literals(['SYSTEM', 'AGENT', 'PERSON', 'SCRIPT', 'VENUE']),
  correlationId: Text,
  causationSeq: Schema.NullOr(Count),
  /** The event in one plain sentence. */
  sentence: Text,
  hash: Text,
  prevHash: Text,
  /** The recorded body, exactly. */
  body: Schema.Unknown,
});
export type EntryView = typeof EntryView.Type;

export const TraceView = Schema.Struct({
  decision: DecisionView,
  proposal: Schema.NullOr(ApprovalView),
  verdicts: Schema.Array(Schema.Struct({ stage: Text, atMs: Count, verdict: VerdictView })),
  /** Everything recorded for this decision, cause before effect. */
  entries: Schema.Array(EntryView),
});
export type TraceView = typeof TraceView.Type;

export const DecisionRequest = Schema.Struct({
  decision: Schema.Literals(['APPROVE', 'DECLINE']),
  version: Schema.Int.check(Schema.isGreaterThan(0)),
  seenHash: Schema.String.check(Schema.isMinLength(1)),
  reason: Schema.String.check(Schema.isMaxLength(500)),
});
export type DecisionRequest = typeof DecisionRequest.Type;

export const DecisionResult = Schema.Struct({
  status: Schema.Literals(['APPROVED', 'DECLINED', 'EXPIRED', 'INVALIDATED']),
  sentence: Text,
});
export type DecisionResult = typeof DecisionResult.Type;

/** What the WebSocket sends, one JSON object a frame. */
export type StreamMessage =
  | { readonly type: 'state'; readonly state: StateView }
  | {
      readonly type: 'price';
      readonly price: string;
      readonly atMs: number;
      readonly forming: CandleView;
    }
  | { readonly type: 'candle'; readonly candle: CandleView }
  | { readonly type: 'entries'; readonly entries: readonly EntryView[] };

/** What is missing or empty is answered with 403, like any act without a password. */
const Password = Schema.optionalKey(Schema.String);
const Reason = Schema.String.check(Schema.isPattern(/\S/), Schema.isMaxLength(500));

export const OperatorRequest = Schema.Struct({
  name: Text,
  password: Password,
  /** Who vouches for the new operator; the first one needs nobody. */
  sponsor: Schema.optionalKey(Schema.Struct({ name: Text, password: Password })),
});
export type OperatorRequest = typeof OperatorRequest.Type;

export const OperatorResult = Schema.Struct({ added: Text });
export type OperatorResult = typeof OperatorResult.Type;

export const TradingStateRequest = Schema.Struct({
  /** One step looser than the state is. */
  to: Schema.Literals(['REDUCING', 'ACTIVE']),
  name: Text,
  password: Password,
  reason: Reason,
  /** Starts the drawdown ladder anew from today's equity, while nothing is open. */
  rebasePeak: Schema.optionalKey(Schema.Boolean),
});
export type TradingStateRequest = typeof TradingStateRequest.Type;

export const EnableRequest = Schema.Struct({ name: Text, password: Password, reason: Reason });
export type EnableRequest = typeof EnableRequest.Type;

export const InstrumentRequest = Schema.Struct({
  instrumentId: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(64)),
  name: Text,
  password: Password,
  reason: Reason,
});
export type InstrumentRequest = typeof InstrumentRequest.Type;

export const LooseningResult = Schema.Struct({ sentence: Text });
export type LooseningResult = typeof LooseningResult.Type;

/** Toward safety is one step: nobody is asked for a password. */
export const HaltRequest = Schema.Struct({
  /** Also close every position at the market. */
  flatten: Schema.Boolean,
  because: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(500))),
});
export type HaltRequest = typeof HaltRequest.Type;

export const HaltStepView = Schema.Struct({
  step: Schema.Literals(['NO_NEW_ORDERS', 'CANCELED', 'FLAT']),
  /** Real milliseconds since the switch was pulled. */
  ms: Count,
});
export type HaltStepView = typeof HaltStepView.Type;

export const HaltReportView = Schema.Struct({
  canceled: Schema.Array(Text),
  /** Left resting, each because it guards a position in this instrument. */
  exitsKept: Schema.Array(Schema.Struct({ id: Text, instrumentId: Text })),
  /** False when the venue would not say what rests there. */
  confirmed: Schema.Boolean,
  /** Could not be shown to be gone from the venue. */
  leftOpen: Schema.Array(Text),
  flat: Schema.Boolean,
  /** False when the journal could not be written. */
  recorded: Schema.Boolean,
});
export type HaltReportView = typeof HaltReportView.Type;

export const HaltResult = Schema.Struct({
  steps: Schema.Array(HaltStepView),
  report: HaltReportView,
});
export type HaltResult = typeof HaltResult.Type;

/** How far the last halt of this process came; no steps and no report while there was none. */
export const HaltProgress = Schema.Struct({
  running: Schema.Boolean,
  steps: Schema.Array(HaltStepView),
  report: Schema.NullOr(HaltReportView),
});
export type HaltProgress = typeof HaltProgress.Type;
