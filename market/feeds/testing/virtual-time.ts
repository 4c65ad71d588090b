import { seededRandom } from '../../../domain/random.ts';
import type { Outside } from '../provider.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time that passes only when it is told to, and stops at everybody who wanted to be woken. */
export class VirtualTime implements Outside {
  readonly random: () => number;
  #nowMs: number;
  #sleepers: readonly Sleeper[] = [];

  constructor(startMs: number, seed = 1) {
    const random = seededRandom(seed);
    this.#nowMs = startMs;
    this.random = () => random.next();
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        atMs: this.#nowMs + Math.max(0, ms),
        wake: () => {
          signal.removeEventListener('abort', sleeper.wake);
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          resolve();
        },
      };
      signal.addEventListener('abort', sleeper.wake);
      this.#sleepers = [...this.#sleepers, sleeper];
    });
  }

  /** Lets everything happen that happens until then. */
  async advanceTo(ms: number): Promise<void> {
    for (;;) {
      await everythingElse();
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, one) => (first === undefined || one.atMs < first.atMs ? one : first),
        undefined,
      );
      if (next === undefined || next.atMs > ms) break;
      this.#nowMs = next.atMs;
      next.wake();
    }
    this.#nowMs = ms;
  }
}

/** Promises settle among themselves before Node comes to this. */
const everythingElse = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
