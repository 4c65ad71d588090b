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

export class Decisions {
  readonly #byCycle = new Map<CycleId, Decision>();
  readonly #byProposal = new Map<ProposalId, CycleId>();
  readonly #open = new Set<CycleId>();
  readonly #waiting = new Set<CycleId>();
  readonly #denials = new Map<string, number>();
  #proposals = 0;
  #approvals = 0;
  #orders = 0;
  #fills = 0;

  /** IDLE for a cycle that was never opened. */
  phaseOf(id: CycleId): Phase {
    return this.#byCycle.get(id)?.phase ?? 'IDLE';
  }

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
    const found: Decision[] = [];
    let seen = before === undefined;
    for (const decision of [...this.#byCycle.values()].toReversed()) {
      if (found.length >= limit) break;
      if (seen && keep(decision)) found.push(decision);
      if (decision.cycleId === before) seen = true;
    }
    return found;
  }

  counts(): Counts {
    return {
      cycles: this.#byCycle.size,
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
        return this.#change(cycleId, { phase: to, outcome, because });
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

  #openCycle(event: EventOf<'cycle.opened'>): void {
    const { cycleId, instrumentId } = event.body;
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
