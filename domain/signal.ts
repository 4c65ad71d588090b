import type { StrategyId } from './ids.ts';
import type { Management } from './management.ts';

export type Direction = 'LONG' | 'SHORT';

/** One recorded fact that a thesis may refer to by id; the number is never repeated in prose. */
export interface Evidence {
  /** Unique inside its signal or pack, such as `jadecap.ema-slow`. */
  readonly id: string;
  readonly label: string;
  readonly value: number;
  /** What the value counts: `price`, `%`, `bars`, `score`. */
  readonly unit: string;
  /** Open time of the bar it was read from. */
  readonly barTimeMs: number;
}

/** A nearer price at which a part of the position is taken off; `share` of it, 0 to 1. */
export interface PartialTarget {
  readonly price: number;
  readonly share: number;
}

/** A better price at which more is bought or sold; `ratio` to the size of the entry. */
export interface Add {
  readonly price: number;
  readonly ratio: number;
}

/** How the strategy wants its position looked after; prices are doubles and sizes are shares. */
export interface SignalManagement extends Omit<Management, 'partialTargets' | 'adds'> {
  /** Nearest first; the shares add up to less than one, and the signal's target takes the rest. */
  readonly partialTargets?: readonly PartialTarget[];
  /** Nearest first, all of them between the entry and the stop. */
  readonly adds?: readonly Add[];
}

/** A strategy's opinion about the bar that just closed. Levels are doubles, not yet on any tick. */
export interface Signal {
  readonly kind: 'SIGNAL';
  readonly strategyId: StrategyId;
  readonly direction: Direction;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** Share of equity the strategy would risk between entry and stop, adds included, in basis points. */
  readonly riskBps: number;
  readonly expiresAfterMs: number;
  /** Absent when stop and target are all there is. */
  readonly management?: SignalManagement;
  /** A stable name of the set-up (zone, pullback …): the same set-up must not signal twice. */
  readonly setupId: string;
  /** One sentence each. */
  readonly because: string;
  readonly invalidation: string;
  readonly evidence: readonly Evidence[];
}

/** A strategy that sees nothing says why, so that "why not" has an answer. */
export interface NoSetup {
  readonly kind: 'NO_SETUP';
  readonly strategyId: StrategyId;
  readonly because: string;
}

/**
 * The rule that opened a position says that it is over. It closes only what this strategy holds in this
 * direction, and only when the entry was approved with `closeOnSignal`.
 */
export interface ExitSignal {
  readonly kind: 'EXIT';
  readonly strategyId: StrategyId;
  readonly direction: Direction;
  readonly because: string;
  readonly evidence: readonly Evidence[];
}

export type Opinion = Signal | ExitSignal | NoSetup;
