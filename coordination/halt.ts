/** A halt reaches every agent before anything else, and every agent says that it heard. */
import type { AgentName } from '../domain/event.ts';
import type { Bus } from './bus.ts';
import type { SharedState } from './shared-state.ts';

const LISTENERS: readonly AgentName[] = ['strategy', 'risk', 'execution'];

const keyOf = (agent: AgentName): string => `${agent}.halt-heard`;

/** Makes each agent acknowledge every halt it is sent, under its own key of the shared state. */
export function acknowledgeHalts(bus: Bus, shared: SharedState): void {
  for (const agent of LISTENERS) {
    bus.subscribe(agent, async (message) => {
      if (message.kind !== 'HALT') return;
      const key = keyOf(agent);
      shared.write(agent, key, message.id, shared.versionOf(key));
    });
  }
}

/**
 * Sends the halt and waits until it is delivered. Returns the agents that did not acknowledge it, and
 * tells everybody who they are.
 */
export async function announceHalt(
  bus: Bus,
  shared: SharedState,
  because: string,
): Promise<readonly AgentName[]> {
  const halt = bus.publish({
    lane: 'HALT',
    kind: 'HALT',
    from: 'supervisor',
    to: 'all',
    topic: 'trading.halted',
    correlationId: 'trading-state',
    causationId: null,
    summary: `Supervisor to all: halt, ${because}.`,
    body: null,
    expiresAtMs: null,
  });
  await bus.drain();
  const heard = shared.snapshot();
  const deaf = LISTENERS.filter((agent) => heard.get(keyOf(agent))?.value !== halt.id);
  bus.publish({
    lane: 'INFO',
    kind: 'EVENT',
    from: 'supervisor',
    to: 'all',
    topic: 'halt.acknowledged',
    correlationId: halt.correlationId,
    causationId: halt.id,
    summary:
      deaf.length === 0
        ? 'Supervisor to all: every agent acknowledged the halt.'
        : `Supervisor to all: no acknowledgement of the halt from ${deaf.join(', ')}.`,
    body: deaf,
    expiresAtMs: null,
  });
  await bus.drain();
  return deaf;
}
