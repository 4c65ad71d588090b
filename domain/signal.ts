import type { StrategyId } from './ids.ts';

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
  /** Share of equity the strategy would risk between entry and stop, in basis points. */
  readonly riskBps: number;
  readonly expiresAfterMs: number;
  /** Distance at which the stop follows the best price, in basis points; absent for a fixed stop. */
  readonly trailBps?: number;
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

export type Opinion = Signal | NoSetup;
