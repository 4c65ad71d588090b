const FIRST_MS = 500;
export const BACKOFF_MAX_MS = 30_000;

/**
 * How long to wait before try `attempt` (1 is the first again): anything between nothing and a bound that
 * doubles. Full jitter, so that all who lost the same server do not come back in the same instant.
 */
export const backoffMs = (attempt: number, random: () => number): number =>
  random() * Math.min(BACKOFF_MAX_MS, FIRST_MS * 2 ** (attempt - 1));
