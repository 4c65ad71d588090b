/** What a proposal leaves behind in the trade that comes of it. */
import type { Timeframe } from '../../domain/candle.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import { money, price, quantity } from '../../domain/units.ts';
import type { Approval, MarketContext, Plan, Voice } from './trade.ts';

/** A proposal that may still become a trade. */
export interface Candidate {
  readonly proposal: TradeProposal;
  readonly timeframe: Timeframe | null;
  readonly voices: readonly Voice[];
  readonly approval: Approval | null;
}

export const contextOf = ({ proposal, voices }: Candidate): MarketContext => ({
  evidence: proposal.evidence,
  voices,
});

export function planOf({ proposal, approval }: Candidate): Plan {
  const { thesis } = proposal;
  return {
    proposalId: proposal.id,
    cycleId: proposal.cycleId,
    referencePrice: price(proposal.referencePrice),
    quantity: quantity(proposal.quantity),
    stop: price(proposal.stop),
    target: price(proposal.target),
    lossAtStop: money(proposal.lossAtStop),
    rewardToRisk: proposal.rewardToRisk,
    confidence: proposal.confidence,
    setupId: proposal.setupId,
    thesis: thesis.thesis,
    invalidation: thesis.invalidation,
    horizon: thesis.horizon,
    approval,
  };
}
