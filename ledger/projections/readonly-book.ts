/** What everybody but the fold may do with the book: read it. */
import type { DrawdownRung, EventOf, TradingState } from '../../domain/event.ts';
import type {
  ClientOrderId,
  FillId,
  InstrumentId,
  OcoGroupId,
  ProposalId,
  StrategyId,
  VenueOrderId,
} from '../../domain/ids.ts';
import type { OrderRole } from '../../domain/order.ts';
import type { OrderRecord } from '../../domain/order-record.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import type { Position } from '../../domain/position.ts';
import type { ReasonCode } from '../../domain/reason-code.ts';
import type { Money, Price, Quantity } from '../../domain/units.ts';
import type { MarkOf } from './strategy-results.ts';
import type { ReadonlyTraffic } from './traffic.ts';

export interface Standing {
  readonly enabled: boolean;
  readonly lossStreak: number;
  /** Why it was last switched on or off; null while it never was. */
  readonly because: string | null;
}

export interface Mark {
  readonly price: Price;
  readonly atMs: number;
}

/** The newest bars of an instrument, oldest first. */
export interface BarHistory {
  readonly timesMs: readonly number[];
  readonly highs: readonly number[];
  readonly lows: readonly number[];
  readonly closes: readonly number[];
}

/** The farthest a price went while a position was open. */
export interface Excursion {
  readonly high: Price;
  readonly low: Price;
}

export interface HaltedInstrument {
  readonly code: ReasonCode;
  readonly because: string;
}

/** An entry that planned adds, while it or its position is there. */
export interface Ladder {
  readonly entry: OrderRecord;
  readonly position: Position | undefined;
}

export interface ReadonlyBook {
  readonly seq: number;
  /** Time of the newest event; 0 before the first. */
  readonly lastEventMs: number;
  readonly started: boolean;
  readonly portfolio: Portfolio;
  readonly startingCash: Money;
  readonly tradingState: TradingState;
  readonly tradingStateBecause: string | null;
  /** The breaker that moved the state; null when a person did, or nobody. */
  readonly tradingStateCode: ReasonCode | null;
  readonly emergency: boolean;
  readonly rung: DrawdownRung;
  readonly peakEquity: Money;
  readonly traffic: ReadonlyTraffic;
  /** Every strategy that was ever active keeps its standing; a restart does not wash off a streak. */
  readonly standings: ReadonlyMap<StrategyId, Standing>;
  /** The strategies the last start named. */
  readonly active: readonly StrategyId[];
  readonly bars: ReadonlyMap<InstrumentId, BarHistory>;
  /** Instruments in which nothing new is opened until a person says so. */
  readonly halted: ReadonlyMap<InstrumentId, HaltedInstrument>;
  /** Positions, by key, that somebody wants closed, and why. */
  readonly closing: ReadonlyMap<string, string>;
  /** Orders at the venue that are not ours. */
  readonly external: ReadonlyMap<VenueOrderId, EventOf<'order.external-found'>['body']>;
  ladders(): readonly Ladder[];
  /** What the exits of one group took off so far. */
  closedIn(group: OcoGroupId): Quantity;
  /** Since the position of this key was opened; undefined while it is flat. */
  excursionOf(positionKey: string): Excursion | undefined;
  /** Since when a position has had no stop of its full size at the venue; undefined while it has, or is flat. */
  unprotectedSince(positionKey: string): number | undefined;
  order(id: ClientOrderId): OrderRecord | undefined;
  liveOrders(): readonly OrderRecord[];
  /** The entry that a position of this key came from, the latest if there were several. */
  entryOf(positionKey: string): OrderRecord | undefined;
  /** How many orders of a role were ever sent for a proposal. */
  exitsSent(proposal: ProposalId, role: OrderRole): number;
  /** True for an execution that is booked. */
  hasFill(id: FillId): boolean;
  mark(id: InstrumentId): Mark | undefined;
  /** Equity at the recorded marks. */
  equity(): Money;
  /** Opening equity of the UTC day that `nowMs` lies in. */
  dayOpenEquity(nowMs: number): Money;
  /**
   * What a strategy won or lost since midnight UTC; open positions at what `markOf` knows, else at the
   * recorded marks.
   */
  strategyDayResult(id: StrategyId, nowMs: number, markOf?: MarkOf): Money;
}
