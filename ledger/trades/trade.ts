/**
 * One trade: what a strategy held of an instrument from flat to flat, beside what had been planned.
 * Everything in it was recorded; what can be worked out from that is in `figures.ts`.
 */
import type { Timeframe } from '../../domain/candle.ts';
import type { Actor, DecisionMode, VenueMode } from '../../domain/event.ts';
import type {
  ClientOrderId,
  CycleId,
  FillId,
  InstrumentId,
  ProposalId,
  StrategyId,
} from '../../domain/ids.ts';
import type { Direction, Evidence } from '../../domain/signal.ts';
import type { DecimalText, Money, Price, Quantity } from '../../domain/units.ts';

/** How orders went and who decided, as the last start before the trade said. */
export interface Run {
  readonly venueMode: VenueMode;
  readonly decisionMode: DecisionMode;
}

export interface Approval {
  readonly by: Actor;
  readonly because: string;
}

/** What was agreed to before anything was bought. */
export interface Plan {
  readonly proposalId: ProposalId;
  readonly cycleId: CycleId;
  readonly referencePrice: Price;
  readonly quantity: Quantity;
  readonly stop: Price;
  readonly target: Price;
  /** Result at the stop for the whole planned quantity; a positive amount to lose. */
  readonly lossAtStop: Money;
  readonly rewardToRisk: DecimalText;
  readonly confidence: number;
  readonly setupId: string;
  readonly thesis: string;
  readonly invalidation: string;
  readonly horizon: string;
  /** Null when the journal does not say. */
  readonly approval: Approval | null;
}

/** What one strategy said of the bar that the trade came from. */
export interface Voice {
  readonly strategyId: StrategyId;
  readonly said: Direction | 'EXIT' | 'NO_SETUP';
  readonly because: string;
}

/** The market as the proposal saw it. */
export interface MarketContext {
  readonly evidence: readonly Evidence[];
  readonly voices: readonly Voice[];
}

/** A part of the position that was bought or sold. */
export interface Execution {
  readonly fillId: FillId;
  readonly orderId: ClientOrderId;
  readonly atMs: number;
  readonly quantity: Quantity;
  readonly price: Price;
  /** Charged to this trade, in quote; a fee in base at the fill's price. */
  readonly fee: Money;
  /** Where it was meant to happen; null when nobody had said. */
  readonly expected: Price | null;
}

/** Why a part of the position was left, as recorded. */
export type ExitReason =
  /** The stop where it was planned. */
  | { readonly kind: 'STOP' }
  | { readonly kind: 'TRAILING_STOP' }
  | { readonly kind: 'BREAK_EVEN_STOP' }
  /** A stop that was not where it had been planned, where the plan had both ways to move it, or none. */
  | { readonly kind: 'MOVED_STOP' }
  /** Which of the plan's targets, counted from 1; null for one at a price that was not planned. */
  | { readonly kind: 'TARGET'; readonly number: number | null; readonly of: number }
  /** Closed at the market, for the reason that was given. */
  | { readonly kind: 'CLOSE'; readonly because: string }
  | { readonly kind: 'KILL_SWITCH'; readonly because: string }
  /** An entry the other way took it off. */
  | { readonly kind: 'REVERSED' }
  | { readonly kind: 'NOT_RECORDED' };

export interface Exit extends Execution {
  readonly reason: ExitReason;
}

/** A lesson; added and never changed. */
export interface Note {
  readonly atMs: number;
  readonly by: string;
  readonly text: string;
}

export interface Trade {
  /** The proposal's; that of the order where no proposal opened it, or one of its that was over already. */
  readonly id: string;
  readonly run: Run | null;
  readonly currency: string;
  readonly strategyId: StrategyId;
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  /** Of the bars it was decided on; null when no bar came before it. */
  readonly timeframe: Timeframe | null;
  readonly plan: Plan | null;
  /** Where its stop was to rest; of the order, so that it is known without a proposal too. */
  readonly plannedStop: Price | null;
  readonly context: MarketContext | null;
  readonly entries: readonly Execution[];
  readonly exits: readonly Exit[];
  /** Still held; none once it is over. */
  readonly held: Quantity;
  /** Result of what was closed, less every fee so far. */
  readonly net: Money;
  readonly openedAtMs: number;
  /** Null while it goes on. */
  readonly closedAtMs: number | null;
  /**
   * The farthest the price went while it was open. A bar that was under way when it began counts with
   * its close only, and of the bar it ended in only the fills: nobody recorded what came first.
   */
  readonly high: Price;
  readonly low: Price;
  /** Bars of its timeframe that closed while it was open. */
  readonly bars: number;
  readonly notes: readonly Note[];
}

export interface ClosedTrade extends Trade {
  readonly closedAtMs: number;
}

export const isClosed = (trade: Trade): trade is ClosedTrade => trade.closedAtMs !== null;
