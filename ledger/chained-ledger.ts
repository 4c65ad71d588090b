import type { Clock } from '../domain/clock.ts';
import type { DomainEvent, EventDraft } from '../domain/event.ts';
import { chain } from './hash-chain.ts';
import { chainedEvent, type JournalRow } from './journal-row.ts';
import type { Leadership, TakenOver } from './leadership.ts';
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

/** More than these are never waiting for a commit; whoever appends then waits with them. */
const PENDING_MAX = 500;

/**
 * The one writer over any store. It chains, keeps the order, and stops for good when the store can no
 * longer be believed; the store only keeps rows.
 *
 * Commits are shared: while one is in the air, everything that is appended waits for the next, and all
 * who asked for durability meanwhile get it from that one. A transaction is never shared with another,
 * because its work may read folds that the one before it changes.
 */
export class ChainedLedger implements Ledger {
  readonly epoch: number;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #turns = new Turnstile();
  readonly #listeners = new Set<(chained: ChainedEvent) => void>();
  #head: Head;
  #commits: number;
  /** Accepted and shown to listeners, not yet on the way to the store. */
  #pending: JournalRow[] = [];
  /** The last event that the store is known to keep. */
  #storedSeq: number;
  /** The one write in the air; it never rejects, whoever sent it off hears what went wrong. */
  #inAir: Promise<void> | undefined;
  #broken: string | undefined;
  #doubted = false;

  /** `taken` is what taking over from the same store has just given. */
  constructor(store: Store, taken: TakenOver, clock: Clock) {
    this.#store = store;
    this.epoch = taken.epoch;
    this.#head = taken.head;
    this.#storedSeq = taken.head.seq;
    this.#commits = taken.commits;
    this.#clock = clock;
  }

  get head(): Head {
    return this.#head;
  }

  get commits(): number {
    return this.#commits;
  }

  get broken(): string | undefined {
    return this.#broken;
  }

  get intact(): boolean {
    return this.#broken === undefined && !this.#doubted;
  }

  doubt(): void {
    this.#doubted = true;
  }

  append(...drafts: EventDraft[]): Promise<readonly DomainEvent[]> {
    return this.#turns.run(() => {
      this.#assertWhole();
      const batch = this.#chainAll(drafts);
      for (const row of batch.rows) this.#pending.push(row);
      this.#accept(batch);
      if (this.#pending.length < PENDING_MAX) return batch.events;
      return this.#makeRoom().then(() => batch.events);
    });
  }

  transact<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
    return this.#turns.run(() => this.#whenLanded(() => this.#fly(() => this.#transact(work))));
  }

  async flush(): Promise<void> {
    // Through the turn, so that everything called before is accepted; the wait is outside of it.
    const { seq } = await this.#turns.run(() => {
      this.#assertWhole();
      return this.#head;
    });
    while (this.#storedSeq < seq) {
      this.#assertWhole();
      await this.#commit();
    }
  }

  rows<T>(read: (rows: ReadRows) => Promise<T>): Promise<T> {
    return this.#turns.run(() => this.#whenLanded(() => read(this.#store.rows)));
  }

  read(afterSeq: number, limit: number): Promise<readonly ChainedEvent[]> {
    return this.#readStored(() => this.#store.read(afterSeq, limit));
  }

  readCorrelated(correlationId: string): Promise<readonly ChainedEvent[]> {
    return this.#readStored(() => this.#store.readCorrelated(correlationId));
  }

  subscribe(listener: (chained: ChainedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return this.#turns.run(async () => {
      // A broken ledger has nothing it may still write, and shutting down must stay possible.
      if (this.#broken !== undefined) return;
      await this.#storeAll();
      this.#broken = 'The ledger was closed.';
    });
  }

  #readStored(find: () => Promise<readonly JournalRow[]>): Promise<readonly ChainedEvent[]> {
    return this.#turns.run(async () => {
      await this.#storeAll();
      return (await find()).map(chainedEvent);
    });
  }

  async #transact<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
    const batch = new Batch(this.#head);
    const value = await this.#inStore(this.#pending, async (rows) => {
      const tx = new OpenTransaction(rows, (draft) => batch.add(draft, this.#clock.now()));
      try {
        return { value: await work(tx), events: [...this.#pending, ...batch.rows] };
      } finally {
        tx.end();
      }
    });
    this.#pending = [];
    this.#storedSeq = batch.head.seq;
    this.#accept(batch);
    return value;
  }

  /** Inside a turn: nothing is appended meanwhile. */
  async #storeAll(): Promise<void> {
    await this.#whenLanded(() => this.#commit());
    this.#assertWhole();
  }

  /** Inside a turn: a full house goes on its way, and waits only where another is on its way already. */
  #makeRoom(): Promise<void> {
    return this.#whenLanded(async () => void this.#commit());
  }

  /** `next` takes off at once when nothing else is in the air, so that nothing can slip in between. */
  async #whenLanded<T>(next: () => Promise<T>): Promise<T> {
    while (this.#inAir !== undefined) await this.#inAir;
    this.#assertWhole();
    return next();
  }

  /**
   * Waits for the write in the air. Where there is none, sends off everything that is pending and waits
   * for that. Never rejects: a commit that failed has broken the ledger.
   */
  #commit(): Promise<void> {
    const events = this.#pending;
    const last = events.at(-1);
    if (this.#inAir === undefined && last !== undefined) {
      this.#pending = [];
      this.#fly(async () => {
        await this.#keep(events);
        this.#storedSeq = last.seq;
      }).catch((error: unknown) => this.#break(String(error), error));
    }
    return this.#inAir ?? Promise.resolve();
  }

  /** Lets nothing else take off until `write` is over. */
  #fly<T>(write: () => Promise<T>): Promise<T> {
    const flight = write();
    const land = (): void => {
      this.#inAir = undefined;
    };
    this.#inAir = flight.then(land, land);
    return flight;
  }

  async #keep(events: readonly JournalRow[]): Promise<void> {
    try {
      await this.#store.keep(this.#asLeader(events), events);
      this.#commits += 1;
    } catch (error) {
      throw this.#storeFault(error);
    }
  }

  /** `waiting` are the events that follow the last stored one. */
  async #inStore<T>(waiting: readonly JournalRow[], work: StoreWork<T>): Promise<T> {
    let kept = 0;
    try {
      const value = await this.#store.transaction(this.#asLeader(waiting), async (rows) => {
        const outcome = await work(rows);
        kept = outcome.events.length;
        return outcome;
      });
      if (kept > 0) this.#commits += 1;
      return value;
    } catch (error) {
      throw this.#storeFault(error);
    }
  }

  /** The right to write `waiting` after what is stored. */
  #asLeader([first]: readonly JournalRow[]): Leadership {
    const head = first === undefined ? this.#head : { seq: first.seq - 1, hash: first.prevHash };
    return { epoch: this.epoch, head };
  }

  #storeFault(error: unknown): unknown {
    return error instanceof StoreFailed ? this.#break(error.message, error) : error;
  }

  #chainAll(drafts: readonly EventDraft[]): Batch {
    const batch = new Batch(this.#head);
    for (const draft of drafts) batch.add(draft, this.#clock.now());
    return batch;
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
