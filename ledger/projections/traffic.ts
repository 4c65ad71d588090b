/** What went out to the venue lately, and what came back refused: the last day of entries, the last minute of the rest. */
import { DAY_MS, MINUTE_MS } from '../../domain/clock.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';
import type { OrderRecord } from '../../domain/order-record.ts';
import type { Money, Quantity } from '../../domain/units.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';

/** An entry that was cleared for sending, whatever became of it. */
export interface SentEntry {
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly quantity: Quantity;
  /** What was reserved for it. */
  readonly notional: Money;
  readonly atMs: number;
}

export interface ReadonlyTraffic {
  /** Entries after an instant, oldest first. */
  entriesAfter(ms: number): readonly SentEntry[];
  /** Orders and cancels after an instant. */
  messagesAfter(ms: number): number;
  /** Refusals by the venue after an instant. */
  rejectsAfter(ms: number): number;
}

export class Traffic implements ReadonlyTraffic {
  #entries: readonly SentEntry[] = [];
  #messagesMs: readonly number[] = [];
  #rejectsMs: readonly number[] = [];

  sent({ order, hold, submittedAtMs: atMs }: OrderRecord): void {
    this.messaged(atMs);
    if (order.role !== 'ENTRY') return;
    const { instrumentId, side, quantity } = order;
    const entry = { instrumentId, side, quantity, notional: hold.notional, atMs };
    this.#entries = [...this.entriesAfter(atMs - DAY_MS), entry];
  }

  messaged(atMs: number): void {
    this.#messagesMs = [...after(this.#messagesMs, atMs - MINUTE_MS), atMs];
  }

  rejected(atMs: number): void {
    this.#rejectsMs = [...after(this.#rejectsMs, atMs - MINUTE_MS), atMs];
  }

  entriesAfter(ms: number): readonly SentEntry[] {
    return this.#entries.filter(({ atMs }) => atMs > ms);
  }

  messagesAfter(ms: number): number {
    return after(this.#messagesMs, ms).length;
  }

  rejectsAfter(ms: number): number {
    return after(this.#rejectsMs, ms).length;
  }

  save(): Saved {
    return pack(this.#state());
  }

  load(saved: Saved): void {
    const state = unpackLike(saved, this.#state());
    this.#entries = state.entries;
    this.#messagesMs = state.messagesMs;
    this.#rejectsMs = state.rejectsMs;
  }

  #state() {
    return {
      entries: this.#entries,
      messagesMs: this.#messagesMs,
      rejectsMs: this.#rejectsMs,
    };
  }
}

const after = (timesMs: readonly number[], ms: number): readonly number[] =>
  timesMs.filter((at) => at > ms);
