import type { Deliberation } from '../../agents/graph.ts';

export interface DeliberationWhenNeeded extends Deliberation {
  /** Loads it before it is needed. */
  prepare(): Promise<void>;
}

/**
 * The deliberation, loaded with its library when there is something to deliberate: a start need not
 * wait for it, and a simulation in which nothing is ever proposed never loads it.
 */
export function whenNeeded(load: () => Promise<Deliberation>): DeliberationWhenNeeded {
  let loading: Promise<Deliberation> | undefined;
  const loaded = (): Promise<Deliberation> => (loading ??= load());
  return {
    prepare: async () => void (await loaded()),
    begin: async (input) => (await loaded()).begin(input),
    wake: async (cycle) => (await loaded()).wake(cycle),
    isAsleep: async (cycle) => (await loaded()).isAsleep(cycle),
    forget: async (cycle) => (await loaded()).forget(cycle),
  };
}
