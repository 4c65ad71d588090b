/** Later than this, a schedule starts again from now: after a sleeping laptop nothing should rush. */
const LATE_MS = 1_000;

/** When the next of a row of events is due on the wall, so that small delays do not add up. */
export class Pace {
  #dueMs = Number.NEGATIVE_INFINITY;

  /** Milliseconds to wait for an event that comes `gapMs` after the one before; the first comes at once. */
  waitMs(gapMs: number, nowMs: number): number {
    const due = this.#dueMs + gapMs;
    this.#dueMs = due < nowMs - LATE_MS ? nowMs : due;
    return Math.max(0, this.#dueMs - nowMs);
  }
}
