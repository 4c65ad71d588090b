import { approvalBand } from '../../../domain/price-band.ts';
import { text } from '../../../domain/units.ts';
import { proposalHash } from '../../../coordination/approvals.ts';
import type { ApprovalRow } from '../../../ledger/ledger.ts';
import type { Decision } from '../../../ledger/projections/decisions.ts';
import type { ApprovalView } from '../../api/views.ts';
import { type MarketStatus, wallMs } from '../market.ts';
import { managementWords } from './management-words.ts';
import { sidesOf } from './sides.ts';
import { verdictView } from './verdict-view.ts';

/** The part of the row that changes. */
export type Standing = Pick<ApprovalRow, 'status' | 'version'>;

/** A row that still waits was never changed, and every change adds one to its first version. */
const WAITING: Standing = { status: 'PENDING', version: 1 };

export const isWaiting = (decision: Decision): boolean => decision.approvalStatus === 'PENDING';

/** Undefined for a cycle that never asked for approval. */
export function approvalView(
  decision: Decision,
  market: MarketStatus,
  nowMs: number,
  standing: Standing = WAITING,
): ApprovalView | undefined {
  const { proposal, approvalId, verdict, reasoner } = decision;
  if (proposal === null || approvalId === null || verdict === null) return undefined;
  const band = approvalBand(proposal);
  const { thesis, invalidation, horizon } = proposal.thesis;
  return {
    id: approvalId,
    version: standing.version,
    status: standing.status,
    proposalHash: proposalHash(proposal),
    cycleId: proposal.cycleId,
    instrumentId: proposal.instrumentId,
    ...sidesOf(proposal.instrumentId),
    strategyId: proposal.strategyId,
    direction: proposal.direction,
    quantity: proposal.quantity,
    notional: proposal.notional,
    referencePrice: proposal.referencePrice,
    stop: proposal.stop,
    target: proposal.target,
    management: managementWords(proposal),
    lossAtStop: proposal.lossAtStop,
    rewardToRisk: proposal.rewardToRisk,
    confidence: proposal.confidence,
    thesis,
    invalidation,
    horizon,
    reasoner: reasoner ?? '',
    evidence: proposal.evidence,
    bandLow: text(band.low),
    bandHigh: text(band.high),
    createdAtMs: proposal.createdAtMs,
    expiresAtMs: proposal.expiresAtMs,
    wallMsLeft: standing.status === 'PENDING' ? wallMs(market, proposal.expiresAtMs - nowMs) : null,
    verdict: verdictView(verdict),
  };
}
