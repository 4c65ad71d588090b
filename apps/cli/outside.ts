import { setTimeout as timer } from 'node:timers/promises';
import type { Outside } from '../../market/feeds/provider.ts';

/** Timers of more than this fire at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** The real time and chance of the command line. */
export const OUTSIDE: Outside = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (ms, signal) => {
    try {
      await timer(Math.min(ms, TIMER_MAX_MS), undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
