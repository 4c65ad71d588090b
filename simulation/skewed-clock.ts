import type { Clock } from '../domain/clock.ts';
import type { Random } from '../domain/random.ts';
import type { FaultProfile } from './fault-profiles.ts';

/** How far the venue's clock is off the true one. What was stamped in a skewed hour keeps its stamp. */
export class SkewedClock {
  readonly #clock: Clock;
  /** The farthest it may be off. */
  readonly mostMs: number;
  readonly #ahead: boolean;
  readonly #stepMs: number;
  #healedAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, { skewMs, skewStepMs }: FaultProfile, random: Random) {
    this.#clock = clock;
    this.mostMs = skewMs;
    this.#ahead = skewMs > 0 && random.next() < 0.5;
    this.#stepMs = skewStepMs > 0 && random.next() < 0.5 ? skewStepMs : 0;
  }

  now(): number {
    return this.shown(this.#clock.now());
  }

  /** A true instant as the venue stamps it. */
  shown(trueMs: number): number {
    if (this.mostMs === 0 || trueMs >= this.#healedAtMs) return trueMs;
    const jumped = this.#stepMs > 0 && Math.floor(trueMs / this.#stepMs) % 2 === 1;
    return this.#ahead === jumped ? trueMs - this.mostMs : trueMs + this.mostMs;
  }

  /** A stamp of the venue's present on the true clock. */
  meant(stampMs: number): number {
    return stampMs - (this.now() - this.#clock.now());
  }

  heal(): void {
    this.#healedAtMs = this.#clock.now();
  }
}
