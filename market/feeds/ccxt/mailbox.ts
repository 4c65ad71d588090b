/** What arrives when it likes, for one reader who takes it in order. */
export class Mailbox<T> {
  #items: T[] = [];
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  #wake: () => void = () => undefined;

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** The reader gets what came before, then the first error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** The reader gets nothing more. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async *items(): AsyncGenerator<T> {
    while (!this.#closed) {
      const items = this.#items;
      this.#items = [];
      for (const item of items) {
        if (this.#closed) return;
        yield item;
      }
      if (this.#items.length > 0 || this.#closed) continue;
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
