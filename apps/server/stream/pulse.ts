/** Runs a task a moment after it was first asked for, however often it is asked for meanwhile. */
export class Pulse {
  readonly #gapMs: number;
  readonly #task: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gapMs: number, task: () => void) {
    this.#gapMs = gapMs;
    this.#task = task;
  }

  ask(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#task();
    }, this.#gapMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
