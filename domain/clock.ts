/** Time is a dependency: only adapters at the edge read the wall clock. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

/** A clock moved by its owner, for simulation and tests. It never goes back. */
export class ManualClock implements Clock {
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  advanceTo(ms: number): void {
    if (ms > this.#nowMs) this.#nowMs = ms;
  }
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Days since the epoch in UTC: two instants with equal numbers lie on the same trading day. */
export const utcDay = (ms: number): number => Math.floor(ms / DAY_MS);
