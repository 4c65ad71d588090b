/** Where words to a slow reader wait: only what cannot be said again is kept in full. */
const KEPT_CHARS_MAX = 2_000_000;

export type FrameKind = 'state' | 'price' | 'candle' | 'entries';

export class Outbox {
  readonly #kept: string[] = [];
  #keptChars = 0;
  #price: string | undefined;
  #state: string | undefined;

  /** True when more waits than will ever be read: the reader should be let go. */
  get isHopeless(): boolean {
    return this.#keptChars > KEPT_CHARS_MAX;
  }

  /** A newer price or state replaces the one that still waits; candles and entries are kept in order. */
  offer(kind: FrameKind, text: string): void {
    switch (kind) {
      case 'price':
        this.#price = text;
        return;
      case 'state':
        this.#state = text;
        return;
      case 'candle':
      case 'entries':
        this.#kept.push(text);
        this.#keptChars += text.length;
    }
  }

  /** The next to send, or undefined when nothing waits. */
  take(): string | undefined {
    const kept = this.#kept.shift();
    if (kept !== undefined) {
      this.#keptChars -= kept.length;
      return kept;
    }
    const next = this.#price ?? this.#state;
    if (this.#price !== undefined) this.#price = undefined;
    else this.#state = undefined;
    return next;
  }
}
