import { type Clock, MINUTE_MS } from '../domain/clock.ts';

/** What a request is for, the most important first. */
export type Purpose = 'EXIT' | 'ENTRY' | 'READ';

/** The share of the budget that is not given to the less important, so that an exit always finds some left. */
const KEPT_BACK_BPS: Readonly<Record<Purpose, number>> = { EXIT: 0, ENTRY: 2_500, READ: 5_000 };

/**
 * One budget of requests for everybody who talks to a venue: a bucket that refills steadily. Questions
 * are shed before entries, and exits and cancels are never held back here: being late with them costs
 * more than an angry venue does.
 */
export class RateGovernor {
  readonly #perMinute: number;
  readonly #clock: Clock;
  #left: number;
  #atMs: number;
  #closedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#left = perMinute;
    this.#atMs = clock.now();
  }

  /** Takes requests from the budget; false when this purpose has to wait. */
  take(purpose: Purpose, requests = 1): boolean {
    const nowMs = this.#clock.now();
    // A wall clock may be set back.
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#left = Math.min(this.#perMinute, this.#left + (passedMs / MINUTE_MS) * this.#perMinute);
    this.#atMs = nowMs;
    if (purpose !== 'EXIT' && !this.#mayTake(purpose, requests, nowMs)) return false;
    this.#left = Math.max(0, this.#left - requests);
    return true;
  }

  /** The venue asked to be left alone. */
  closeFor(ms: number): void {
    this.#closedUntilMs = Math.max(this.#closedUntilMs, this.#clock.now() + ms);
  }

  #mayTake(purpose: Purpose, requests: number, nowMs: number): boolean {
    if (nowMs < this.#closedUntilMs) return false;
    return this.#left - requests >= (this.#perMinute * KEPT_BACK_BPS[purpose]) / 10_000;
  }
}
