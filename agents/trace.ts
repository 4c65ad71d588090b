import { draft } from '../domain/draft.ts';
import type { AgentName, EventBodies } from '../domain/event.ts';
import type { Journal } from '../coordination/ports.ts';

type Step = Omit<EventBodies['agent.stepped'], 'agent'>;

/** Records one step of one agent: what it did, in a sentence, with what it saw and said. */
export type RecordStep = (step: Step) => Promise<void>;

/** A recorder that can only sign with one agent's name. */
export const stepRecorder =
  (journal: Journal, agent: AgentName): RecordStep =>
  async (step) => {
    const actor = { kind: 'AGENT', name: agent } as const;
    await journal(draft('agent.stepped', actor, step.cycleId, null, { ...step, agent }));
  };
