import { ManualClock } from '../../domain/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/**
 * The one clock of a simulated world, and whoever waits on it. Nothing in the world waits for anything
 * else, so once every promise that can settle has settled, it stands still until time is moved.
 */
export class VirtualTime {
  readonly clock: ManualClock;
  #sleepers: readonly Sleeper[] = [];

  constructor(startMs: number) {
    this.clock = new ManualClock(startMs);
  }

  now(): number {
    return this.clock.now();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers = [...this.#sleepers, { dueMs: this.now() + ms, wake }];
    });
  }

  /** Wakes whoever is due on the way, each at their instant and with all that follows. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.now() + ms;
    for (;;) {
      const next = this.#earliest(untilMs);
      if (next === undefined) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.clock.advanceTo(next.dueMs);
      next.wake();
      await stillness();
    }
    this.clock.advanceTo(untilMs);
  }

  #earliest(untilMs: number): Sleeper | undefined {
    let found: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (sleeper.dueMs <= untilMs && (found === undefined || sleeper.dueMs < found.dueMs))
        found = sleeper;
    return found;
  }
}

/** Resolves when every promise that can settle has: the event loop comes back only after all of them. */
export const stillness = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
