/** Lets one piece of work through at a time, in the order it arrived. */
export class Turnstile {
  #inside = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` when everything before it has finished. When nothing is inside it runs at once, which
   * is what makes a simulation fast: a synchronous append never waits for a turn of the event loop.
   */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const free = this.#inside === 0;
    this.#inside++;
    return free ? this.#now(work) : this.#follow(this.#last.then(work));
  }

  #now<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      const result = work();
      if (result instanceof Promise) return this.#follow(result);
      this.#inside--;
      return Promise.resolve(result);
    } catch (error) {
      this.#inside--;
      return Promise.reject(error);
    }
  }

  #follow<T>(turn: Promise<T>): Promise<T> {
    const leave = (): void => {
      this.#inside--;
    };
    this.#last = turn.then(leave, leave);
    return turn;
  }
}
