import type { WebSocket } from 'ws';

/** Who is subscribed to a stream, and who waits for somebody to be. */
export class Subscribers {
  readonly #lines = new Set<WebSocket>();
  readonly #waiting: (() => void)[] = [];
  readonly #leaving: (() => void)[] = [];

  add(line: WebSocket): void {
    this.#lines.add(line);
    line.on('close', () => {
      this.#lines.delete(line);
      for (const tell of this.#leaving.splice(0)) tell();
    });
    for (const tell of this.#waiting.splice(0)) tell();
  }

  /** Resolves when there is one. */
  async some(): Promise<void> {
    if (this.#lines.size > 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when the next one has gone. */
  async gone(): Promise<void> {
    await new Promise<void>((resolve) => this.#leaving.push(resolve));
  }

  tell(text: string): void {
    for (const line of this.#lines) line.send(text);
  }

  /** Cuts all lines, with a closing word when there is a code. */
  cut(code?: number, reason?: string): void {
    for (const line of this.#lines) {
      if (code === undefined) line.terminate();
      else line.close(code, reason);
    }
    this.#lines.clear();
  }
}
