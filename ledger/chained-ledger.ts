import type { Clock } from '../domain/clock.ts';
import type { DomainEvent, EventDraft } from '../domain/event.ts';
import { chain } from './hash-chain.ts';
import { chainedEvent, type JournalRow } from './journal-row.ts';
import type { Leadership } from './leadership.ts';
import {
  LedgerBroken,
  type ChainedEvent,
  type Head,
  type Ledger,
  type LedgerTransaction,
} from './ledger.ts';
import { OpenTransaction } from './open-transaction.ts';
import { stamp } from './stamp.ts';
import { StoreFailed, type ReadRows, type Store, type StoreWork } from './store.ts';
import { Turnstile } from './turnstile.ts';

/** Appended events wait for the next transaction, but never more than these. */
const PENDING_MAX = 500;

/**
 * The one writer over any store. It chains, keeps the order, and stops for good when the store can no
 * longer be believed; the store only keeps rows.
 */
export class ChainedLedger implements Ledger {
  readonly epoch: number;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #turns = new Turnstile();
  readonly #listeners = new Set<(chained: ChainedEvent) => void>();
  #head: Head;
  /** Accepted and shown to listeners, not yet in the store. */
  #pending: JournalRow[] = [];
  #broken: string | undefined;

  /** `leadership` is what taking it over from the same store has just given. */
  constructor(store: Store, leadership: Leadership, clock: Clock) {
    this.#store = store;
    this.epoch = leadership.epoch;
    this.#head = leadership.head;
    this.#clock = clock;
  }

  get head(): Head {
    return this.#head;
  }

  get broken(): string | undefined {
    return this.#broken;
  }

  append(...drafts: EventDraft[]): Promise<readonly DomainEvent[]> {
    return this.#turns.run(() => {
      this.#assertWhole();
      const batch = this.#chainAll(drafts);
      for (const row of batch.rows) this.#pending.push(row);
      this.#accept(batch);
      if (this.#pending.length < PENDING_MAX) return batch.events;
      return this.#flushPending().then(() => batch.events);
    });
  }

  transact<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      this.#assertWhole();
      const batch = new Batch(this.#head);
      const value = await this.#inStore(async (rows) => {
        const tx = new OpenTransaction(rows, (draft) => batch.add(draft, this.#clock.now()));
        try {
          return { value: await work(tx), events: [...this.#pending, ...batch.rows] };
        } finally {
          tx.end();
        }
      });
      this.#pending = [];
      this.#accept(batch);
      return value;
    });
  }

  flush(): Promise<void> {
    return this.#turns.run(() => {
      this.#assertWhole();
      return this.#flushPending();
    });
  }

  rows<T>(read: (rows: ReadRows) => Promise<T>): Promise<T> {
    return this.#turns.run(() => {
      this.#assertWhole();
      return read(this.#store.rows);
    });
  }

  read(afterSeq: number, limit: number): Promise<readonly ChainedEvent[]> {
    return this.#readFlushed(() => this.#store.read(afterSeq, limit));
  }

  readCorrelated(correlationId: string): Promise<readonly ChainedEvent[]> {
    return this.#readFlushed(() => this.#store.readCorrelated(correlationId));
  }

  subscribe(listener: (chained: ChainedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return this.#turns.run(async () => {
      // A broken ledger has nothing it may still write, and shutting down must stay possible.
      if (this.#broken !== undefined) return;
      await this.#flushPending();
      this.#broken = 'The ledger was closed.';
    });
  }

  #readFlushed(find: () => Promise<readonly JournalRow[]>): Promise<readonly ChainedEvent[]> {
    return this.#turns.run(async () => {
      this.#assertWhole();
      await this.#flushPending();
      return (await find()).map(chainedEvent);
    });
  }

  #chainAll(drafts: readonly EventDraft[]): Batch {
    const batch = new Batch(this.#head);
    for (const draft of drafts) batch.add(draft, this.#clock.now());
    return batch;
  }

  async #flushPending(): Promise<void> {
    if (this.#pending.length === 0) return;
    await this.#inStore(async () => ({ value: undefined, events: this.#pending }));
    this.#pending = [];
  }

  async #inStore<T>(work: StoreWork<T>): Promise<T> {
    try {
      return await this.#store.transaction({ epoch: this.epoch, head: this.#storedHead() }, work);
    } catch (error) {
      if (error instanceof StoreFailed) throw this.#break(error.message, error);
      throw error;
    }
  }

  #storedHead(): Head {
    const waiting = this.#pending[0];
    return waiting === undefined ? this.#head : { seq: waiting.seq - 1, hash: waiting.prevHash };
  }

  #accept(batch: Batch): void {
    this.#head = batch.head;
    batch.rows.forEach((row, index) => {
      const event = batch.events[index] as DomainEvent;
      this.#tell({ event, body: row.body, prevHash: row.prevHash, hash: row.hash });
    });
  }

  #tell(chained: ChainedEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(chained);
      } catch (error) {
        // A fold that missed an event is wrong from here on, and decisions are made from folds.
        throw this.#break(
          `A listener failed on event ${chained.event.seq}: ${String(error)}`,
          error,
        );
      }
    }
  }

  #assertWhole(): void {
    if (this.#broken !== undefined) throw new LedgerBroken(this.#broken);
  }

  #break(because: string, cause: unknown): LedgerBroken {
    this.#broken ??= because;
    return new LedgerBroken(this.#broken, { cause });
  }
}

/** Events chained one after another from a head, not yet accepted by anybody. */
class Batch {
  readonly events: DomainEvent[] = [];
  readonly rows: JournalRow[] = [];
  head: Head;

  constructor(head: Head) {
    this.head = head;
  }

  add(draft: EventDraft, atMs: number): DomainEvent {
    const event = stamp(draft, this.head.seq + 1, atMs);
    const row = chain(this.head, event);
    this.events.push(event);
    this.rows.push(row);
    this.head = { seq: row.seq, hash: row.hash };
    return event;
  }
}
