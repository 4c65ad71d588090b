/**
 * Approvals: rows that change once, by compare-and-set, in the same transaction as the event that says
 * so. An approval is bound to the exact proposal that was shown, to a price band and to a deadline.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import type { Actor, ApprovalStatus } from '../domain/event.ts';
import {
  type ApprovalId,
  approvalId,
  type InstrumentId,
  intentId,
  type ProposalId,
} from '../domain/ids.ts';
import { orderToText } from '../domain/order-record.ts';
import { approvalBand, isInside } from '../domain/price-band.ts';
import type { TradeProposal } from '../domain/proposal.ts';
import { REASONS } from '../domain/reason-code.ts';
import { text } from '../domain/units.ts';
import type { VerdictRecord } from '../domain/verdict.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { ApprovalRow, Ledger } from '../ledger/ledger.ts';
import type { Decisions } from '../ledger/projections/decisions.ts';
import { isOver } from './phases.ts';
import type { ApprovalDesk, IntentDesk, RiskDesk } from './ports.ts';

export interface DecisionInput {
  readonly id: ApprovalId;
  readonly decision: 'APPROVE' | 'DECLINE';
  readonly version: number;
  /** Hash of the proposal the decider had before them. */
  readonly seenHash: string;
  readonly reason: string;
  readonly decider: Actor;
}

export type DecisionOutcome =
  | {
      readonly kind: 'DECIDED';
      readonly status: Exclude<ApprovalStatus, 'PENDING' | 'CONSUMED'>;
      readonly threadId: string;
      readonly sentence: string;
    }
  | { readonly kind: 'NOT_FOUND' }
  | { readonly kind: 'STALE_VIEW'; readonly sentence: string }
  | { readonly kind: 'ALREADY'; readonly status: ApprovalStatus; readonly sentence: string };

const AGENT_RISK: Actor = { kind: 'AGENT', name: 'risk' };
const AGENT_EXECUTION: Actor = { kind: 'AGENT', name: 'execution' };
const CLOCKWORK: Actor = { kind: 'SYSTEM', name: 'approvals' };
const KERNEL: Actor = { kind: 'SYSTEM', name: 'risk-kernel' };

const CYCLE_OVER = 'The set-up it belongs to is over.';

export const approvalIdOf = (proposal: ProposalId): ApprovalId => approvalId(`A${proposal}`);

export const proposalHash = (proposal: TradeProposal): string =>
  createHash('sha256').update(canonicalJson(proposal)).digest('hex');

export class Approvals implements ApprovalDesk, IntentDesk {
  readonly #ledger: Ledger;
  readonly #risk: RiskDesk;
  readonly #clock: Clock;
  readonly #decisions: Decisions;

  constructor(ledger: Ledger, decisions: Decisions, risk: RiskDesk, clock: Clock) {
    this.#ledger = ledger;
    this.#decisions = decisions;
    this.#risk = risk;
    this.#clock = clock;
  }

  async request(proposal: TradeProposal, verdict: VerdictRecord, threadId: string): Promise<void> {
    const id = approvalIdOf(proposal.id);
    const hash = proposalHash(proposal);
    const { cycleId, expiresAtMs } = proposal;
    await this.#ledger.transact(async (tx) => {
      if ((await tx.approval(id)) !== undefined) return;
      const made = tx.append(draft('proposal.made', AGENT_RISK, cycleId, null, { proposal }));
      const reviewed = tx.append(
        draft('kernel.reviewed', KERNEL, cycleId, made.seq, {
          stage: 'PROPOSAL',
          subject: proposal.id,
          verdict,
        }),
      );
      tx.append(
        draft('approval.requested', AGENT_RISK, cycleId, reviewed.seq, {
          approvalId: id,
          proposalId: proposal.id,
          proposalHash: hash,
          expiresAtMs,
        }),
      );
      await tx.insertApproval({
        id,
        threadId,
        instrumentId: proposal.instrumentId,
        status: 'PENDING',
        version: 1,
        proposalHash: hash,
        expiresAtMs,
        proposal: canonicalJson(proposal),
      });
    });
  }

  isWaiting(id: InstrumentId): boolean {
    return this.#decisions.waiting().some((decision) => decision.instrumentId === id);
  }

  async standing(id: ProposalId): Promise<'WAITING' | 'GO' | 'STOP'> {
    const row = await this.#row(approvalIdOf(id));
    if (row?.status === 'PENDING') return 'WAITING';
    return row?.status === 'APPROVED' ? 'GO' : 'STOP';
  }

  pending(): Promise<readonly ApprovalRow[]> {
    return this.#ledger.rows((rows) => rows.approvalsWithStatus('PENDING'));
  }

  /** Decides once. Whoever comes second, comes late, or saw something else changes nothing. */
  async decide(input: DecisionInput): Promise<DecisionOutcome> {
    return this.#ledger.transact(async (tx): Promise<DecisionOutcome> => {
      const row = await tx.approval(input.id);
      if (row === undefined) return { kind: 'NOT_FOUND' };
      if (row.status !== 'PENDING') return already(row);
      if (row.version !== input.version || row.proposalHash !== input.seenHash) {
        return {
          kind: 'STALE_VIEW',
          sentence: 'The proposal is not the one that was on the screen. Look again.',
        };
      }
      const proposal = JSON.parse(row.proposal) as TradeProposal;
      const verdict =
        input.decision === 'APPROVE' ? this.#risk.preview(entryOrder(proposal)) : undefined;
      const { status, because } = this.#judge(input, row, proposal, verdict);
      const moved = await tx.moveApproval(row.id, row, status);
      if (moved === undefined) return already(row);
      const reviewed =
        verdict === undefined
          ? null
          : tx.append(
              draft('kernel.reviewed', KERNEL, proposal.cycleId, null, {
                stage: 'CLICK',
                subject: proposal.id,
                verdict,
              }),
            ).seq;
      tx.append(
        draft('approval.decided', input.decider, proposal.cycleId, reviewed, {
          approvalId: row.id,
          proposalId: proposal.id,
          status,
          because,
          seenHash: input.seenHash,
        }),
      );
      return { kind: 'DECIDED', status, threadId: row.threadId, sentence: because };
    });
  }

  /**
   * Ends every waiting approval whose deadline passed, and returns the threads to wake; and every one
   * whose cycle is over, of which there is nothing to wake.
   */
  async expireDue(): Promise<readonly string[]> {
    const now = this.#clock.now();
    // From the fold, so that asking costs nothing while nothing is due.
    const due = this.#decisions
      .waiting()
      .filter(({ phase, proposal }) => isOver(phase) || (proposal?.expiresAtMs ?? now) <= now);
    const threads: string[] = [];
    for (const { phase, approvalId } of due) {
      const row = approvalId === null ? undefined : await this.#row(approvalId);
      if (row === undefined) continue;
      if (isOver(phase)) await this.#end(row, 'INVALIDATED', CYCLE_OVER);
      else threads.push(...(await this.#end(row, 'EXPIRED', 'nobody decided in time')));
    }
    return threads;
  }

  /** Ends every waiting approval, because trading was halted. */
  async invalidateAll(because: string): Promise<readonly string[]> {
    const threads: string[] = [];
    for (const row of await this.pending())
      threads.push(...(await this.#end(row, 'INVALIDATED', because)));
    return threads;
  }

  async record(id: ProposalId): Promise<void> {
    await this.#ledger.transact(async (tx) => {
      const approval = await tx.approval(approvalIdOf(id));
      if (approval?.status !== 'APPROVED') return;
      const proposal = JSON.parse(approval.proposal) as TradeProposal;
      const order = orderToText(entryOrder(proposal));
      const intent = intentId(orderIdFor(id, 'ENTRY'));
      const row = {
        id: intent,
        approvalId: approval.id,
        status: 'NEW' as const,
        order: canonicalJson(order),
      };
      if (!(await tx.insertIntent(row))) return;
      tx.append(
        draft('intent.recorded', AGENT_EXECUTION, proposal.cycleId, null, {
          intentId: intent,
          approvalId: approval.id,
          proposalId: id,
          order,
        }),
      );
    });
  }

  #row(id: ApprovalId): Promise<ApprovalRow | undefined> {
    return this.#ledger.rows((rows) => rows.approval(id));
  }

  #judge(
    input: DecisionInput,
    row: ApprovalRow,
    proposal: TradeProposal,
    verdict: VerdictRecord | undefined,
  ): { status: Exclude<ApprovalStatus, 'PENDING' | 'CONSUMED'>; because: string } {
    const now = this.#clock.now();
    if (row.expiresAtMs <= now) return { status: 'EXPIRED', because: 'The deadline had passed.' };
    // Approving what can no longer be carried out would promise a trade that never comes.
    if (isOver(this.#decisions.phaseOf(proposal.cycleId)))
      return { status: 'INVALIDATED', because: CYCLE_OVER };
    if (verdict === undefined)
      return { status: 'DECLINED', because: input.reason || 'No reason given.' };
    const mark = this.#risk.mark(proposal.instrumentId);
    const band = approvalBand(proposal);
    if (mark === undefined || !isInside(band, mark.price)) {
      const at = mark === undefined ? 'unknown' : text(mark.price);
      const limits = `${text(band.low)} to ${text(band.high)}`;
      return {
        status: 'INVALIDATED',
        because: `PRICE_MOVED: value=${at} limit=${limits}. ${REASONS.PRICE_MOVED}`,
      };
    }
    if (!verdict.cleared)
      return { status: 'INVALIDATED', because: `${REASONS[verdict.code]} ${verdict.sentence}` };
    return { status: 'APPROVED', because: input.reason || 'Approved.' };
  }

  async #end(
    row: ApprovalRow,
    status: 'EXPIRED' | 'INVALIDATED',
    because: string,
  ): Promise<string[]> {
    const proposal = JSON.parse(row.proposal) as TradeProposal;
    return this.#ledger.transact(async (tx) => {
      if ((await tx.moveApproval(row.id, row, status)) === undefined) return [];
      tx.append(
        draft('approval.decided', CLOCKWORK, proposal.cycleId, null, {
          approvalId: row.id,
          proposalId: proposal.id,
          status,
          because,
          seenHash: row.proposalHash,
        }),
      );
      return [row.threadId];
    });
  }
}

const already = (row: ApprovalRow): DecisionOutcome => ({
  kind: 'ALREADY',
  status: row.status,
  sentence: `This proposal was already ${row.status.toLowerCase()}; nothing was changed.`,
});
