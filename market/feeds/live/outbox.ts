import { conflate, WAITING_PRICES_MAX } from './conflate.ts';
import type { MarketEvent } from '../feed.ts';

/** So many events may wait before whoever fills the box in bulk should wait too. */
const ROOM = 1_000;

/**
 * Between a market that does not wait and a reader who may be slow: bars wait as long as it takes, prices
 * are conflated behind the last bar.
 */
export class Outbox {
  #waiting: MarketEvent[] = [];
  /** Where the prices behind the last bar begin. */
  #tailAt = 0;
  #taken = 0;
  #conflated = 0;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  #wake: () => void = () => undefined;
  #makeRoom: () => void = () => undefined;

  /** How many prices were left out because nobody came for them in time. */
  get conflated(): number {
    return this.#conflated;
  }

  push(event: MarketEvent): void {
    this.#waiting.push(event);
    if (event.kind === 'BAR') this.#tailAt = this.#waiting.length;
    else if (this.#waiting.length - this.#tailAt > WAITING_PRICES_MAX) this.#conflateTail();
    this.#wake();
  }

  /** The reader gets what waits, then the error. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }

  /** The reader gets nothing more. */
  close(): void {
    this.#closed = true;
    this.#wake();
    this.#makeRoom();
  }

  /** Resolves once the reader has taken enough for more to be put in. */
  async room(): Promise<void> {
    while (!this.#closed && this.#waiting.length - this.#taken > ROOM)
      await new Promise<void>((resolve) => {
        this.#makeRoom = resolve;
      });
  }

  async *events(): AsyncGenerator<MarketEvent> {
    for (;;) {
      while (!this.#closed && this.#taken < this.#waiting.length) yield this.#take();
      if (this.#closed) return;
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(): MarketEvent {
    const event = this.#waiting[this.#taken]!;
    this.#taken += 1;
    this.#makeRoom();
    if (this.#taken === this.#waiting.length || this.#taken > ROOM) this.#forgetTaken();
    return event;
  }

  #forgetTaken(): void {
    this.#waiting = this.#waiting.slice(this.#taken);
    this.#tailAt = Math.max(0, this.#tailAt - this.#taken);
    this.#taken = 0;
  }

  #conflateTail(): void {
    this.#forgetTaken();
    const tail = this.#waiting.slice(this.#tailAt);
    const kept = conflate(tail);
    this.#conflated += tail.length - kept.length;
    this.#waiting = [...this.#waiting.slice(0, this.#tailAt), ...kept];
  }
}
