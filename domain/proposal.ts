import type { CycleId, InstrumentId, ProposalId, StrategyId } from './ids.ts';
import type { ManagementText } from './management.ts';
import type { Direction, Evidence } from './signal.ts';
import type { DecimalText } from './units.ts';

/**
 * What reasoning may say about a signal: words and references, never a number that trades.
 * A refusal, a timeout or an answer that cannot be read is an abstention, never a hold and never a trade.
 */
export interface Thesis {
  readonly kind: 'THESIS';
  readonly direction: Direction;
  /** 0 to 1. */
  readonly conviction: number;
  readonly horizon: string;
  readonly thesis: string;
  readonly invalidation: string;
  /** Each must name an entry of the evidence pack the reasoner was shown. */
  readonly evidenceIds: readonly string[];
}

export interface Abstention {
  readonly kind: 'ABSTAIN';
  readonly because: string;
}

/** A trade somebody may approve. Every level is on the instrument's tick, every size on its lot. */
export interface TradeProposal {
  readonly id: ProposalId;
  readonly cycleId: CycleId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly direction: Direction;
  readonly quantity: DecimalText;
  /** The mark the levels were made at; an approval is only good near it. */
  readonly referencePrice: DecimalText;
  readonly stop: DecimalText;
  readonly target: DecimalText;
  readonly management?: ManagementText;
  /** Result at the stop in quote currency, without gap or fees; a positive amount to lose. */
  readonly lossAtStop: DecimalText;
  readonly notional: DecimalText;
  readonly rewardToRisk: DecimalText;
  readonly confidence: number;
  readonly setupId: string;
  readonly thesis: Thesis;
  readonly evidence: readonly Evidence[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}
