/** The Supervisor: the only one who moves phases, hands out work, and ends cycles. It cannot trade. */
import { draft } from '../domain/draft.ts';
import type { CycleOutcome, Phase } from '../domain/event.ts';
import type { CycleId, InstrumentId } from '../domain/ids.ts';
import type { VerdictRecord } from '../domain/verdict.ts';
import type { Bus } from '../coordination/bus.ts';
import { isOver, type PhaseMover } from '../coordination/phases.ts';
import type { ApprovalRecord, Journal } from '../coordination/ports.ts';

/** What the last agent reported; routing looks at this and never at prose. */
export type Stage =
  | 'SIGNALLED'
  | 'ARGUED'
  | 'ABSTAINED'
  | 'PROPOSED'
  | 'REFUSED'
  | 'APPROVED'
  | 'STOPPED'
  | 'PREPARED';

export type Node = 'Strategy' | 'Risk' | 'Approval' | 'Execution' | 'END';

export interface SupervisorPorts {
  readonly phases: PhaseMover;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly approvalOf: ApprovalRecord;
  /** Why nothing new may begin, or undefined while it may. */
  readonly halted: () => string | undefined;
}

export class Supervisor {
  readonly #ports: SupervisorPorts;

  constructor(ports: SupervisorPorts) {
    this.#ports = ports;
  }

  /** Opens a cycle for a bar that closed. False when trading is halted and the cycle ended at once. */
  async open(cycle: CycleId, instrument: InstrumentId, barTimeMs: number): Promise<boolean> {
    const { phases, halted } = this.#ports;
    await phases.open(cycle, instrument, barTimeMs);
    const because = halted();
    if (because !== undefined) {
      await phases.close(cycle, 'HALTED', 'HALTED', because);
      return false;
    }
    await phases.move(cycle, 'STRATEGY_ANALYSIS');
    return true;
  }

  async endQuiet(cycle: CycleId, because: string): Promise<void> {
    await this.#ports.phases.close(cycle, 'COMPLETED', 'NO_SETUP', because);
  }

  /** Decides where the graph goes next, and moves the phase accordingly. */
  async route(cycle: CycleId, stage: Stage, because: string): Promise<Node> {
    const halted = this.#ports.halted();
    if (halted !== undefined && stage !== 'PREPARED')
      return this.#end(cycle, 'HALTED', 'HALTED', halted);
    switch (stage) {
      case 'SIGNALLED':
        return this.#assign(cycle, 'STRATEGY_ANALYSIS', 'Strategy', 'argue for the set-up');
      case 'ARGUED':
        return this.#assign(cycle, 'RISK_VALIDATION', 'Risk', 'size it, or refuse it');
      case 'PROPOSED':
        return this.#assign(cycle, 'AWAITING_APPROVAL', 'Approval', 'wait for a decision');
      case 'APPROVED':
        return this.#assign(cycle, 'EXECUTION', 'Execution', 'record the intent');
      case 'PREPARED':
        return 'END';
      case 'ABSTAINED':
        return this.#end(cycle, 'COMPLETED', 'ABSTAINED', because);
      case 'REFUSED':
        return this.#end(cycle, 'COMPLETED', 'REFUSED', because);
      case 'STOPPED':
        return this.#end(
          cycle,
          'COMPLETED',
          this.#stopOutcome(cycle),
          this.#ports.approvalOf(cycle)?.because ?? '',
        );
    }
  }

  async recordRefusal(
    cycleId: CycleId,
    because: string,
    verdict: VerdictRecord | null,
  ): Promise<void> {
    const { journal } = this.#ports;
    if (verdict !== null) {
      const kernel = { kind: 'SYSTEM', name: 'risk-kernel' } as const;
      await journal(
        draft('kernel.reviewed', kernel, cycleId, null, {
          stage: 'PROPOSAL',
          subject: cycleId,
          verdict,
        }),
      );
    }
    const risk = { kind: 'AGENT', name: 'risk' } as const;
    await journal(draft('proposal.refused', risk, cycleId, null, { cycleId, by: 'risk', because }));
  }

  /** After the engine took the intent: the order is watched by the position guard from here on. */
  async finish(
    cycle: CycleId,
    outcome: 'SENT' | 'DENIED' | 'FAILED',
    because: string,
  ): Promise<void> {
    const { phases } = this.#ports;
    await this.#move(cycle, 'MONITORING');
    await phases.close(cycle, outcome === 'FAILED' ? 'FAILED' : 'COMPLETED', outcome, because);
  }

  async fail(cycle: CycleId, because: string): Promise<void> {
    const { phases } = this.#ports;
    if (!isOver(phases.phaseOf(cycle))) await phases.close(cycle, 'FAILED', 'FAILED', because);
  }

  async #assign(
    cycle: CycleId,
    phase: Phase,
    node: Exclude<Node, 'END'>,
    task: string,
  ): Promise<Node> {
    await this.#move(cycle, phase);
    const to = (
      { Strategy: 'strategy', Risk: 'risk', Approval: 'all', Execution: 'execution' } as const
    )[node];
    const lane = (
      { Strategy: 'STRATEGY', Risk: 'RISK', Approval: 'INFO', Execution: 'EXECUTION' } as const
    )[node];
    this.#ports.bus.publish({
      lane,
      kind: node === 'Approval' ? 'EVENT' : 'COMMAND',
      from: 'supervisor',
      to,
      topic: `cycle.${phase.toLowerCase()}`,
      correlationId: cycle,
      causationId: null,
      summary: `Supervisor to ${to}: ${task}.`,
      body: null,
      expiresAtMs: null,
    });
    await this.#ports.bus.drain();
    return node;
  }

  async #end(
    cycle: CycleId,
    to: 'COMPLETED' | 'HALTED',
    outcome: CycleOutcome,
    because: string,
  ): Promise<Node> {
    const { phases } = this.#ports;
    // A node that runs again after a crash finds the cycle already ended.
    if (!isOver(phases.phaseOf(cycle))) await phases.close(cycle, to, outcome, because);
    return 'END';
  }

  async #move(cycle: CycleId, to: Phase): Promise<void> {
    const { phases } = this.#ports;
    if (phases.phaseOf(cycle) !== to) await phases.move(cycle, to);
  }

  #stopOutcome(cycle: CycleId): CycleOutcome {
    const status = this.#ports.approvalOf(cycle)?.status;
    return status === 'EXPIRED' || status === 'INVALIDATED' ? status : 'DECLINED';
  }
}
