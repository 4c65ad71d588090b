/**
 * The catalogue of everything that can happen. The journal stores these and nothing else; orders,
 * positions, balances, traces and metrics are folds of them. Amounts travel as decimal text.
 */
import type { Timeframe } from './candle.ts';
import type {
  ApprovalId,
  ClientOrderId,
  CycleId,
  FillId,
  InstrumentId,
  IntentId,
  OcoGroupId,
  ProposalId,
  StrategyId,
  VenueOrderId,
} from './ids.ts';
import type { ManagementText } from './management.ts';
import type { OrderRole, OrderType, Side, TimeInForce } from './order.ts';
import type { Abstention, Thesis, TradeProposal } from './proposal.ts';
import type { Evidence, Opinion } from './signal.ts';
import type { DecimalText } from './units.ts';
import type { ReasonCode } from './reason-code.ts';
import type { VerdictRecord } from './verdict.ts';

export type DecisionMode = 'GUIDE' | 'AUTONOMOUS';
export type VenueMode = 'SIMULATION' | 'PAPER' | 'LIVE';
export type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';
/** Steps of the drawdown ladder: full size, half, quarter, exits only, emergency. */
export type DrawdownRung = 0 | 1 | 2 | 3 | 4;

export const PHASES = [
  'IDLE',
  'INITIALIZING',
  'STRATEGY_ANALYSIS',
  'RISK_VALIDATION',
  'AWAITING_APPROVAL',
  'EXECUTION',
  'MONITORING',
  'COMPLETED',
  'FAILED',
  'HALTED',
] as const;
export type Phase = (typeof PHASES)[number];

export type AgentName = 'supervisor' | 'strategy' | 'risk' | 'execution';

/** Who caused an event. A scripted approver is never written down as a person. */
export type Actor =
  | { readonly kind: 'SYSTEM'; readonly name: string }
  | { readonly kind: 'AGENT'; readonly name: AgentName }
  | { readonly kind: 'PERSON'; readonly name: string }
  | { readonly kind: 'SCRIPT'; readonly name: string }
  | { readonly kind: 'VENUE'; readonly name: string };

/** A bar as recorded; prices on the instrument's tick, volume as the feed gave it. */
export interface BarText {
  readonly openTimeMs: number;
  readonly open: DecimalText;
  readonly high: DecimalText;
  readonly low: DecimalText;
  readonly close: DecimalText;
  readonly volume: string;
}

/** An order as recorded: the same fields as `Order`, amounts as text. */
export interface OrderText {
  readonly id: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly role: OrderRole;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: DecimalText;
  readonly limitPrice?: DecimalText;
  readonly stopPrice?: DecimalText;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  readonly ocoGroupId?: OcoGroupId;
  readonly protectiveStop?: DecimalText;
  readonly target?: DecimalText;
  readonly management?: ManagementText;
  readonly addTo?: ClientOrderId;
  readonly postOnly?: boolean;
}

/** Worst-case exposure reserved while an order may still trade. */
export interface HoldText {
  readonly notional: DecimalText;
  readonly risk: DecimalText;
}

export type ApprovalStatus =
  'PENDING' | 'APPROVED' | 'DECLINED' | 'EXPIRED' | 'INVALIDATED' | 'CONSUMED';

/** Which code decided, with which values. */
export interface StrategyRule {
  /** `plimsoll`, or the name and the hash of a file of somebody's own. */
  readonly origin: string;
  readonly values: Readonly<Record<string, number | boolean | string>>;
}

export interface EventBodies {
  'system.started': {
    readonly version: string;
    readonly decisionMode: DecisionMode;
    readonly venueMode: VenueMode;
    readonly limitsHash: string;
    /** The limits that a profile or the settings made tighter than the constants. */
    readonly tightened: Readonly<Record<string, number>>;
    readonly currency: string;
    readonly cash: DecimalText;
    readonly strategies: readonly StrategyId[];
    /** By strategy: where its code came from, and what was set. */
    readonly rules: Readonly<Record<string, StrategyRule>>;
    /** What keeps a set-up from being entered, one sentence each. */
    readonly entryRules: readonly string[];
    readonly instruments: readonly InstrumentId[];
    readonly market: string;
    readonly synthetic: boolean;
    readonly seed: number;
    /** False for the first start on an empty journal, true for every start after it. */
    readonly resumed: boolean;
  };
  'trading.state-changed': {
    readonly from: TradingState;
    readonly to: TradingState;
    readonly emergency: boolean;
    readonly because: string;
    /** The breaker that moved it; a person's act has none. */
    readonly code: ReasonCode | null;
  };
  'drawdown.rung-changed': {
    readonly from: DrawdownRung;
    readonly to: DrawdownRung;
    readonly drawdownBps: number;
  };
  /** A person starts the ladder anew from today's equity, once everything is closed. */
  'drawdown.peak-rebased': {
    readonly from: DecimalText;
    readonly to: DecimalText;
    readonly because: string;
  };
  /** A person asked for something looser and did not get it. */
  'loosening.refused': {
    readonly wanted: string;
    readonly code: ReasonCode | null;
    readonly because: string;
  };
  'operator.added': { readonly name: string };
  'reconciliation.completed': { readonly venue: string; readonly differences: readonly string[] };
  /** A person put back an older copy of the journal, and with it gave up what had followed. */
  'journal.restored': {
    /** The last event that the copy holds. */
    readonly upToSeq: number;
    /** The last event that a signed checkpoint is known to have seen; what lies between is lost. */
    readonly lostUpToSeq: number;
    readonly because: string;
  };

  /** A bar closed: the accepted market input, recorded before anything follows from it. */
  'market.bar-closed': {
    readonly instrumentId: InstrumentId;
    readonly timeframe: Timeframe;
    readonly bar: BarText;
  };

  'cycle.opened': {
    readonly cycleId: CycleId;
    readonly instrumentId: InstrumentId;
    readonly barTimeMs: number;
  };
  'cycle.phase-moved': { readonly cycleId: CycleId; readonly from: Phase; readonly to: Phase };
  'cycle.closed': {
    readonly cycleId: CycleId;
    readonly from: Phase;
    readonly to: Phase;
    readonly outcome: CycleOutcome;
    readonly because: string;
  };
  'message.sent': {
    readonly messageId: string;
    readonly lane: string;
    readonly kind: string;
    readonly from: AgentName;
    readonly to: AgentName | 'all';
    readonly topic: string;
    readonly summary: string;
  };
  'agent.stepped': {
    readonly cycleId: CycleId;
    readonly agent: AgentName;
    readonly step: string;
    readonly summary: string;
    readonly opinions?: readonly Opinion[];
    readonly evidence?: readonly Evidence[];
    readonly reasoning?: Thesis | Abstention;
    readonly reasoner?: string;
  };

  'proposal.made': { readonly proposal: TradeProposal };
  'proposal.refused': {
    readonly cycleId: CycleId;
    readonly by: AgentName;
    readonly because: string;
  };
  'kernel.reviewed': {
    readonly stage: 'PROPOSAL' | 'CLICK' | 'SEND';
    /** A cycle where the kernel refused before there was a proposal. */
    readonly subject: ProposalId | ClientOrderId | CycleId;
    readonly verdict: VerdictRecord;
  };

  'approval.requested': {
    readonly approvalId: ApprovalId;
    readonly proposalId: ProposalId;
    readonly proposalHash: string;
    readonly expiresAtMs: number;
  };
  'approval.decided': {
    readonly approvalId: ApprovalId;
    readonly proposalId: ProposalId;
    readonly status: ApprovalStatus;
    readonly because: string;
    readonly seenHash: string;
  };

  'intent.recorded': {
    readonly intentId: IntentId;
    readonly approvalId: ApprovalId;
    readonly proposalId: ProposalId;
    readonly order: OrderText;
  };
  'order.denied': {
    readonly orderId: ClientOrderId;
    readonly order: OrderText;
    readonly code: string;
    readonly sentence: string;
  };
  /** The write-ahead record: durable before the venue hears of the order. */
  'order.submitting': {
    readonly order: OrderText;
    readonly intentId: IntentId | null;
    readonly proposalId: ProposalId | null;
    readonly hold: HoldText;
    readonly orderHash: string;
  };
  'order.accepted': { readonly orderId: ClientOrderId; readonly venueOrderId: VenueOrderId };
  'order.rejected': { readonly orderId: ClientOrderId; readonly because: string };
  'order.unknown': { readonly orderId: ClientOrderId; readonly because: string };
  'order.filled': {
    readonly fillId: FillId;
    readonly orderId: ClientOrderId;
    readonly instrumentId: InstrumentId;
    readonly strategyId: StrategyId;
    readonly side: Side;
    readonly quantity: DecimalText;
    readonly price: DecimalText;
    readonly fee: DecimalText;
    readonly feeInBase?: DecimalText;
  };
  'order.cancel-requested': { readonly orderId: ClientOrderId; readonly because: string };
  /** The venue did not cancel: it rests as before. */
  'order.cancel-refused': { readonly orderId: ClientOrderId; readonly because: string };
  'order.canceled': { readonly orderId: ClientOrderId; readonly because: string };
  'order.expired': { readonly orderId: ClientOrderId; readonly because: string };
  /** The venue cannot find it any more, which is no proof that it is gone. */
  'order.suspected': { readonly orderId: ClientOrderId; readonly because: string };
  /** Over for us, yet the venue has it resting. */
  'order.resurfaced': {
    readonly orderId: ClientOrderId;
    readonly venueOrderId: VenueOrderId;
    readonly because: string;
  };
  /** More was filled than was ordered. It is booked, because it happened. */
  'order.overfilled': {
    readonly orderId: ClientOrderId;
    readonly fillId: FillId;
    readonly excess: DecimalText;
  };
  /** The venue contradicted what it had said before; what had been said stands. */
  'order.news-ignored': { readonly orderId: ClientOrderId; readonly news: string };
  /** Rests at the venue and is not ours. It is named and watched, never cancelled. */
  'order.external-found': {
    readonly venueOrderId: VenueOrderId;
    readonly instrumentId: InstrumentId;
    readonly side: Side;
    readonly quantity: DecimalText;
  };
  'order.external-gone': { readonly venueOrderId: VenueOrderId };
  /** Nothing new is opened in one instrument until a named person says so. */
  'instrument.halted': {
    readonly instrumentId: InstrumentId;
    readonly code: ReasonCode;
    readonly because: string;
  };
  'instrument.resumed': { readonly instrumentId: InstrumentId; readonly because: string };
  /** Something a person should look at. */
  'alarm.raised': {
    readonly code: ReasonCode;
    readonly subject: string;
    readonly because: string;
  };
  /** The position is to be closed at the market, whatever it takes; the wish outlives a restart. */
  'position.close-requested': {
    readonly instrumentId: InstrumentId;
    readonly strategyId: StrategyId;
    readonly because: string;
  };
  'kill-switch.completed': {
    readonly canceled: readonly ClientOrderId[];
    /** Left resting because they guard a position. */
    readonly exitsKept: readonly ClientOrderId[];
    /** False when the venue would not say what rests there. */
    readonly confirmed: boolean;
    /** Still resting at the venue although asked to go; empty when all went well. */
    readonly leftOpen: readonly ClientOrderId[];
    readonly flat: boolean;
  };
  'strategy.disabled': { readonly strategyId: StrategyId; readonly because: string };
  'strategy.enabled': { readonly strategyId: StrategyId; readonly because: string };
  /** What a person learned from a trade; notes are added and never changed. */
  'trade.noted': { readonly tradeId: string; readonly note: string };
  /** A person took up, or set aside, what the results of a strategy recommend. */
  'feedback.answered': {
    readonly strategyId: StrategyId;
    readonly recommendation: FeedbackAction;
    readonly answer: 'TAKEN' | 'SET_ASIDE';
    readonly because: string;
  };
}

export type CycleOutcome =
  | 'NO_SETUP'
  | 'ABSTAINED'
  | 'REFUSED'
  | 'DECLINED'
  | 'EXPIRED'
  | 'INVALIDATED'
  | 'DENIED'
  | 'SENT'
  | 'HALTED'
  | 'FAILED';

/** What the results of a strategy may recommend, gravest first. Only a person acts on it. */
export type FeedbackAction = 'REOPTIMISE' | 'DISABLE' | 'WATCH' | 'KEEP';

export type EventType = keyof EventBodies;

/** What a writer hands to the journal. */
export type EventDraft = {
  [T in EventType]: {
    readonly type: T;
    readonly actor: Actor;
    /** The workflow this belongs to: the cycle's id, or the order's where no cycle stands behind it. */
    readonly correlationId: string;
    /** The sequence number of the event that directly caused this one. */
    readonly causationSeq: number | null;
    readonly body: EventBodies[T];
  };
}[EventType];

/** What the journal gave it: its place in the one order of events, and the time it was accepted. */
export interface EventStamp {
  /** 1 for the first event; gap-free. */
  readonly seq: number;
  /** UTC milliseconds on the injected clock. */
  readonly atMs: number;
}

export type DomainEvent = EventDraft & EventStamp;

export type EventOf<T extends EventType> = Extract<DomainEvent, { readonly type: T }>;
export type DraftOf<T extends EventType> = Extract<EventDraft, { readonly type: T }>;
