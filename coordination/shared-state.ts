import type { AgentName } from '../domain/event.ts';

export interface SharedValue {
  readonly value: unknown;
  /** 1 for the first write of a key; every write adds 1. */
  readonly version: number;
  readonly writtenBy: AgentName;
}

export type SharedSnapshot = ReadonlyMap<string, SharedValue>;

export class ForeignKey extends Error {
  override readonly name = 'ForeignKey';
}

/**
 * What agents tell each other beside messages. Everybody reads everything; an agent writes only keys
 * that begin with its own name, the Supervisor any. A write names the version it replaces, so that
 * nobody overwrites what they have not read.
 */
export class SharedState {
  #values: SharedSnapshot = new Map();

  /** An immutable picture: later writes do not change it. */
  snapshot(): SharedSnapshot {
    return this.#values;
  }

  /** The version of a key as a writer must name it: 0 while it was never written. */
  versionOf(key: string): number {
    return this.#values.get(key)?.version ?? 0;
  }

  /** True when written, false when somebody else wrote in between. */
  write(agent: AgentName, key: string, value: unknown, expectedVersion: number): boolean {
    if (agent !== 'supervisor' && !key.startsWith(`${agent}.`)) {
      throw new ForeignKey(
        `agent ${agent} may only write keys that begin with "${agent}.", not "${key}"`,
      );
    }
    if (this.versionOf(key) !== expectedVersion) return false;
    const next = new Map(this.#values);
    next.set(key, Object.freeze({ value, version: expectedVersion + 1, writtenBy: agent }));
    this.#values = next;
    return true;
  }
}
