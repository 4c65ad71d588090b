/** What became of every cycle: a fold of the journal that answers "why did this happen" and "why not". */
import type {
  Actor,
  ApprovalStatus,
  CycleOutcome,
  DomainEvent,
  EventOf,
  Phase,
} from '../../domain/event.ts';
import type {
  ApprovalId,
  ClientOrderId,
  CycleId,
  InstrumentId,
  ProposalId,
} from '../../domain/ids.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import type { DecimalText } from '../../domain/units.ts';
import type { VerdictRecord } from '../../domain/verdict.ts';
import type { Fold } from '../snapshots/fold.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';

export interface Decision {
  readonly cycleId: CycleId;
  readonly instrumentId: InstrumentId;
  readonly openedAtMs: number;
  readonly phase: Phase;
  readonly outcome: CycleOutcome | null;
  readonly because: string;
  readonly proposal: TradeProposal | null;
  /** The kernel's verdict when the proposal was made or refused. */
  readonly verdict: VerdictRecord | null;
  readonly reasoner: string | null;
  readonly approvalId: ApprovalId | null;
  readonly approvalStatus: ApprovalStatus | null;
  readonly decidedBy: Actor | null;
  readonly denialCode: string | null;
  readonly entryOrderId: ClientOrderId | null;
  readonly fillPrice: DecimalText | null;
}

export interface Counts {
  readonly cycles: number;
  readonly proposals: number;
  readonly approvals: number;
  readonly orders: number;
  readonly fills: number;
  readonly denials: Readonly<Record<string, number>>;
}

/** Nearly every cycle ends without a set-up. */
export const NO_SETUPS_KEPT = 1_000;
/** Of each other outcome without a proposal: people look for these, and a refusal carries its verdict. */
export const REFUSALS_KEPT = 200;

/**
 * Cycles that are open or ever made a proposal are held for good. Of those that ended without one only
 * the newest are: the journal still tells of the others, under their correlation id.
 */
export class Decisions implements Fold {
  /** In the order they were opened. */
  #byCycle = new Map<CycleId, Decision>();
  #byProposal = new Map<ProposalId, CycleId>();
  #open = new Set<CycleId>();
  #waiting = new Set<CycleId>();
  /** Ended without a proposal, in the order they ended. */
  #quiet = new Map<CycleOutcome, CycleId[]>();
  #denials = new Map<string, number>();
  #cycles = 0;
  #proposals = 0;
  #approvals = 0;
  #orders = 0;
  #fills = 0;

  /** IDLE for a cycle that was never opened, or was over so long ago that it is not held any more. */
  phaseOf(id: CycleId): Phase {
    return this.#byCycle.get(id)?.phase ?? 'IDLE';
  }

  /** Undefined for a cycle that is not held. */
  get(id: CycleId): Decision | undefined {
    return this.#byCycle.get(id);
  }

  ofProposal(id: ProposalId): Decision | undefined {
    const cycle = this.#byProposal.get(id);
    return cycle === undefined ? undefined : this.#byCycle.get(cycle);
  }

  /** Cycles that have not ended, oldest first. */
  open(): readonly Decision[] {
    return [...this.#open].flatMap((id) => this.#byCycle.get(id) ?? []);
  }

  /** Cycles whose proposal nobody has answered, oldest first; one that failed meanwhile is among them. */
  waiting(): readonly Decision[] {
    return [...this.#waiting].flatMap((id) => this.#byCycle.get(id) ?? []);
  }

  /** Newest first; `keep` chooses, at most `limit`, older than `before` when given. */
  latest(
    limit: number,
    keep: (decision: Decision) => boolean,
    before?: CycleId,
  ): readonly Decision[] {
    if (before !== undefined && !this.#byCycle.has(before)) return [];
    const found: Decision[] = [];
    for (const decision of this.#byCycle.values()) {
      if (decision.cycleId === before) break;
      if (keep(decision)) found.push(decision);
      if (found.length > limit) found.shift();
    }
    return found.toReversed();
  }

  counts(): Counts {
    return {
      cycles: this.#cycles,
      proposals: this.#proposals,
      approvals: this.#approvals,
      orders: this.#orders,
      fills: this.#fills,
      denials: Object.fromEntries([...this.#denials].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  apply(event: DomainEvent): void {
    switch (event.type) {
      case 'cycle.opened':
        return this.#openCycle(event);
      case 'cycle.phase-moved':
        return this.#change(event.body.cycleId, { phase: event.body.to });
      case 'cycle.closed': {
        const { cycleId, to, outcome, because } = event.body;
        this.#open.delete(cycleId);
        this.#change(cycleId, { phase: to, outcome, because });
        return this.#forgetQuiet(cycleId, outcome);
      }
      case 'agent.stepped':
        if (event.body.reasoner === undefined) return;
        return this.#change(event.body.cycleId, { reasoner: event.body.reasoner });
      case 'proposal.made': {
        const { proposal } = event.body;
        this.#proposals += 1;
        this.#byProposal.set(proposal.id, proposal.cycleId);
        return this.#change(proposal.cycleId, { proposal });
      }
      case 'kernel.reviewed':
        return this.#review(event);
      case 'approval.requested': {
        const cycle = this.#cycleOf(event.body.proposalId);
        this.#waiting.add(cycle);
        return this.#change(cycle, {
          approvalId: event.body.approvalId,
          approvalStatus: 'PENDING',
        });
      }
      case 'approval.decided': {
        if (event.body.status === 'APPROVED') this.#approvals += 1;
        const cycle = this.#cycleOf(event.body.proposalId);
        this.#waiting.delete(cycle);
        // Why a cycle ended stays what it was, even if its proposal is settled only afterwards.
        const over = this.#byCycle.get(cycle)?.outcome != null;
        return this.#change(cycle, {
          approvalStatus: event.body.status,
          decidedBy: event.actor,
          ...(over ? {} : { because: event.body.because }),
        });
      }
      case 'order.submitting':
        return this.#submit(event);
      case 'order.filled':
        return this.#fill(event);
      default:
        return;
    }
  }

  save(): Saved {
    return pack(this.#state());
  }

  load(saved: Saved): void {
    const state = unpackLike(saved, this.#state());
    this.#byCycle = state.byCycle;
    this.#byProposal = state.byProposal;
    this.#open = state.open;
    this.#waiting = state.waiting;
    this.#quiet = state.quiet;
    this.#denials = state.denials;
    this.#cycles = state.cycles;
    this.#proposals = state.proposals;
    this.#approvals = state.approvals;
    this.#orders = state.orders;
    this.#fills = state.fills;
  }

  #state() {
    return {
      byCycle: this.#byCycle,
      byProposal: this.#byProposal,
      open: this.#open,
      waiting: this.#waiting,
      quiet: this.#quiet,
      denials: this.#denials,
      cycles: this.#cycles,
      proposals: this.#proposals,
      approvals: this.#approvals,
      orders: this.#orders,
      fills: this.#fills,
    };
  }

  #openCycle(event: EventOf<'cycle.opened'>): void {
    const { cycleId, instrumentId } = event.body;
    this.#cycles += 1;
    this.#open.add(cycleId);
    this.#byCycle.set(cycleId, {
      cycleId,
      instrumentId,
      openedAtMs: event.atMs,
      phase: 'INITIALIZING',
      outcome: null,
      because: '',
      proposal: null,
      verdict: null,
      reasoner: null,
      approvalId: null,
      approvalStatus: null,
      decidedBy: null,
      denialCode: null,
      entryOrderId: null,
      fillPrice: null,
    });
  }

  /** What has ended without a proposal is quiet, and the oldest of its outcome makes room. */
  #forgetQuiet(id: CycleId, outcome: CycleOutcome): void {
    if (!isQuiet(this.#byCycle.get(id))) return;
    const quiet = this.#quiet.get(outcome) ?? [];
    this.#quiet.set(outcome, quiet);
    quiet.push(id);
    const kept = outcome === 'NO_SETUP' ? NO_SETUPS_KEPT : REFUSALS_KEPT;
    const oldest = quiet.length > kept ? quiet.shift() : undefined;
    // It may have made a proposal after all, and then it stays.
    if (oldest !== undefined && isQuiet(this.#byCycle.get(oldest))) this.#byCycle.delete(oldest);
  }

  #review(event: EventOf<'kernel.reviewed'>): void {
    const { verdict, stage } = event.body;
    const code = verdict.code;
    if (code !== undefined) this.#denials.set(code, (this.#denials.get(code) ?? 0) + 1);
    const cycleId = event.correlationId as CycleId;
    if (verdict.lane !== 'ENTRY' || !this.#byCycle.has(cycleId)) return;
    this.#change(cycleId, {
      ...(stage === 'PROPOSAL' ? { verdict } : {}),
      ...(code === undefined ? {} : { denialCode: code }),
    });
  }

  #submit(event: EventOf<'order.submitting'>): void {
    this.#orders += 1;
    const { order, proposalId } = event.body;
    if (order.role !== 'ENTRY' || proposalId === null) return;
    this.#change(this.#cycleOf(proposalId), { entryOrderId: order.id });
  }

  #fill(event: EventOf<'order.filled'>): void {
    this.#fills += 1;
    const decision = this.#byCycle.get(event.correlationId as CycleId);
    if (decision?.entryOrderId !== event.body.orderId) return;
    this.#change(decision.cycleId, { fillPrice: event.body.price });
  }

  #cycleOf(proposal: ProposalId): CycleId {
    const cycle = this.#byProposal.get(proposal);
    if (cycle === undefined)
      throw new Error(`the journal speaks of proposal ${proposal} before making it`);
    return cycle;
  }

  #change(id: CycleId, change: Partial<Decision>): void {
    const before = this.#byCycle.get(id);
    if (before === undefined)
      throw new Error(`the journal speaks of cycle ${id} before opening it`);
    this.#byCycle.set(id, { ...before, ...change });
  }
}

const isQuiet = (decision: Decision | undefined): boolean =>
  decision !== undefined && decision.outcome !== null && decision.proposal === null;
