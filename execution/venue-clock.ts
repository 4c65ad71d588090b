import type { Clock } from '../domain/clock.ts';

const SAMPLES_KEPT = 5;
/** More than this, beyond what the way there and back explains, is a jump and no jitter. */
const JUMP_MS = 1_000;

/** Our estimate of the venue's clock: ours and the median of the newest offsets measured. */
export class VenueClock {
  readonly #clock: Clock;
  #offsets: readonly number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The venue said `venueMs` to a question that was asked at `askedMs` and is answered now. */
  measured(venueMs: number, askedMs: number): void {
    const onTheWayMs = this.#clock.now() - askedMs;
    const offsetMs = Math.round(venueMs - askedMs - onTheWayMs / 2);
    // Its clock jumped, or ours did: what was measured before says nothing any more.
    const jumped = Math.abs(offsetMs - this.offsetMs) > onTheWayMs / 2 + JUMP_MS;
    this.#offsets = jumped ? [offsetMs] : [...this.#offsets, offsetMs].slice(-SAMPLES_KEPT);
  }

  get known(): boolean {
    return this.#offsets.length > 0;
  }

  /** How far the venue is ahead of us; 0 while nothing was measured. */
  get offsetMs(): number {
    const sorted = this.#offsets.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }

  now(): number {
    return this.#clock.now() + this.offsetMs;
  }

  /** An instant of ours on the venue's clock. */
  at(ourMs: number): number {
    return ourMs + this.offsetMs;
  }
}
