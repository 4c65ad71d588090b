import type { ClientOrderId, InstrumentId, OcoGroupId, StrategyId } from '../domain/ids.ts';
import type { AssetClass } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import type { Direction } from '../domain/signal.ts';
import type { TradingState } from '../domain/event.ts';
import type { Money, Price, Quantity } from '../domain/units.ts';
import type { Rung } from './drawdown-ladder.ts';

/** Exposure that exists (a position) or may yet come to exist (a hold for an order on its way). */
export interface Exposure {
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly assetClass: AssetClass;
  readonly direction: Direction;
  /** Absolute value at the mark; for a hold, at the worst price it may fill at. */
  readonly notional: Money;
  /** What would be lost at the stop; the whole notional while no stop rests at the venue. */
  readonly risk: Money;
  /**
   * Correlation of the two instruments' returns, not yet signed by direction; null when there are not
   * enough returns to say.
   */
  readonly correlation: number | null;
  /**
   * The entry whose ladder this is a step of, sent or not; null for everything else. A step is value and
   * risk like any hold, but no further position while that ladder stands on the picture.
   */
  readonly addTo: ClientOrderId | null;
}

export interface OpenPosition extends Exposure {
  /** Absolute. */
  readonly quantity: Quantity;
}

/** An order that can only reduce, resting or on its way. */
export interface RestingExit {
  readonly orderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly side: Side;
  readonly quantity: Quantity;
  /** The price it waits at as a limit; null for a stop, which trades only once the market is there. */
  readonly limitPrice: Price | null;
  readonly ocoGroupId: OcoGroupId | null;
}

/** Why nothing new is opened in an instrument, gravest first. */
export type LockCode = 'INSTRUMENT_HALTED' | 'ORDER_UNRESOLVED' | 'ORDER_SUSPECT';

/** Nothing new is opened in the instrument on this side; what reduces is never locked. */
export interface Lock {
  readonly instrumentId: InstrumentId;
  readonly side: Side | 'BOTH';
  readonly code: LockCode;
}

/** One step of a ladder, as it was planned. */
export interface PlannedAdd {
  readonly orderId: ClientOrderId;
  readonly price: Price;
  readonly quantity: Quantity;
}

/** The adds that were planned, reviewed and reserved with an entry, while it or its position is there. */
export interface Ladder {
  readonly entryId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly side: Side;
  /** The stop that the loss of every step was reckoned to. */
  readonly protectiveStop: Price;
  /** Sent and unsent ones. */
  readonly adds: readonly PlannedAdd[];
}

/** An entry that was cleared for sending in the last twenty-four hours, whatever became of it. */
export interface RecentEntry {
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly quantity: Quantity;
  /** What was reserved for it. */
  readonly notional: Money;
  readonly atMs: number;
}

export interface StrategyStanding {
  readonly id: StrategyId;
  readonly enabled: boolean;
  readonly lossStreak: number;
  /** Won or lost since midnight UTC, open positions at the mark included. */
  readonly dayResult: Money;
}

/**
 * Everything the kernel may know, taken at one instant by code that trusts only the ledger and the
 * feed. Nothing in it comes from an agent.
 */
export interface RiskSnapshot {
  /** The journal's sequence number this picture is folded up to. */
  readonly seq: number;
  readonly asOfMs: number;
  readonly tradingState: TradingState;
  readonly emergency: boolean;
  readonly auditIntact: boolean;
  readonly reconciled: boolean;
  readonly permitted: readonly InstrumentId[];
  /** The one currency every amount here is in. */
  readonly currency: string;
  readonly equity: Money;
  readonly peakEquity: Money;
  readonly dayOpenEquity: Money;
  /** Where the account stands on the drawdown ladder; it may be further down than today's fall says. */
  readonly rung: Rung;
  readonly positions: readonly OpenPosition[];
  /** Entries that may still fill, and every planned add that was not sent yet but the one in question. */
  readonly holds: readonly Exposure[];
  readonly ladders: readonly Ladder[];
  readonly locks: readonly Lock[];
  readonly exits: readonly RestingExit[];
  readonly recentEntries: readonly RecentEntry[];
  /** Orders and cancels sent to the venue in the last sixty seconds. */
  readonly messagesLastMinute: number;
  readonly strategies: readonly StrategyStanding[];
  /** Newest price of the command's instrument, null when there is none. */
  readonly mark: { readonly price: Price; readonly atMs: number } | null;
  /** True when an order of this id was already cleared for sending. */
  readonly orderKnown: boolean;
}
