/** The Execution agent: turns an approved proposal into an intent. It cannot send; the engine does. */
import type { CycleId, ProposalId } from '../domain/ids.ts';
import type { IntentDesk } from '../coordination/ports.ts';
import type { RecordStep } from './trace.ts';

export interface ExecutionPorts {
  readonly intents: IntentDesk;
  readonly record: RecordStep;
}

export class ExecutionAgent {
  readonly #ports: ExecutionPorts;

  constructor(ports: ExecutionPorts) {
    this.#ports = ports;
  }

  async prepare(cycleId: CycleId, proposalId: ProposalId): Promise<void> {
    await this.#ports.intents.record(proposalId);
    const summary =
      'Recorded the intent: one market order with its stop and target, for the engine to claim.';
    await this.#ports.record({ cycleId, step: 'prepare', summary });
  }
}
