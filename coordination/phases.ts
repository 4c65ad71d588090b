import { draft } from '../domain/draft.ts';
import type { Actor, CycleOutcome, Phase } from '../domain/event.ts';
import type { CycleId, InstrumentId } from '../domain/ids.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** The legal moves of a cycle. Where it may go from a phase is written nowhere else. */
export const PHASE_TABLE: Readonly<Record<Phase, readonly Phase[]>> = {
  IDLE: ['INITIALIZING'],
  INITIALIZING: ['STRATEGY_ANALYSIS', 'HALTED', 'FAILED'],
  STRATEGY_ANALYSIS: ['RISK_VALIDATION', 'COMPLETED', 'HALTED', 'FAILED'],
  RISK_VALIDATION: ['AWAITING_APPROVAL', 'COMPLETED', 'HALTED', 'FAILED'],
  AWAITING_APPROVAL: ['EXECUTION', 'COMPLETED', 'HALTED', 'FAILED'],
  EXECUTION: ['MONITORING', 'COMPLETED', 'HALTED', 'FAILED'],
  MONITORING: ['COMPLETED', 'HALTED', 'FAILED'],
  COMPLETED: [],
  FAILED: [],
  HALTED: [],
};

export class IllegalPhase extends Error {
  override readonly name = 'IllegalPhase';
}

export const isOver = (phase: Phase): boolean => PHASE_TABLE[phase].length === 0;

/** Anybody may look. */
export interface PhaseBoard {
  phaseOf(cycle: CycleId): Phase;
}

/** Only the Supervisor is handed this. */
export interface PhaseMover extends PhaseBoard {
  open(cycle: CycleId, instrument: InstrumentId, barTimeMs: number): Promise<void>;
  move(cycle: CycleId, to: Phase): Promise<void>;
  close(
    cycle: CycleId,
    to: 'COMPLETED' | 'FAILED' | 'HALTED',
    outcome: CycleOutcome,
    because: string,
  ): Promise<void>;
}

const SUPERVISOR: Actor = { kind: 'AGENT', name: 'supervisor' };

/**
 * Phases live in the journal; `recorded` is the fold that knows them. Moving one is appending the
 * event, after the table has allowed it.
 */
export function phaseMover(ledger: Ledger, recorded: (cycle: CycleId) => Phase): PhaseMover {
  const allow = (cycle: CycleId, to: Phase): Phase => {
    const from = recorded(cycle);
    if (!PHASE_TABLE[from].includes(to)) {
      throw new IllegalPhase(`cycle ${cycle} is in ${from}; it cannot move to ${to}`);
    }
    return from;
  };
  return {
    phaseOf: recorded,
    async open(cycleId, instrumentId, barTimeMs) {
      allow(cycleId, 'INITIALIZING');
      await ledger.append(
        draft('cycle.opened', SUPERVISOR, cycleId, null, { cycleId, instrumentId, barTimeMs }),
      );
    },
    async move(cycleId, to) {
      const from = allow(cycleId, to);
      await ledger.append(
        draft('cycle.phase-moved', SUPERVISOR, cycleId, null, { cycleId, from, to }),
      );
    },
    async close(cycleId, to, outcome, because) {
      const from = allow(cycleId, to);
      await ledger.append(
        draft('cycle.closed', SUPERVISOR, cycleId, null, { cycleId, from, to, outcome, because }),
      );
    },
  };
}
