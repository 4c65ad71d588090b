/** What the single writer needs from a place that keeps rows; memory and SQL each give it. */
import type { JournalRow } from './journal-row.ts';
import type { Leadership, TakenOver } from './leadership.ts';
import type { Ledger, LedgerRows } from './ledger.ts';

export type ReadRows = Parameters<Parameters<Ledger['rows']>[0]>[0];

/** What a transaction leaves behind, besides the rows it changed. */
export interface Outcome<T> {
  readonly value: T;
  /** Follow the store's last row, in order. */
  readonly events: readonly JournalRow[];
}

export type StoreWork<T> = (rows: LedgerRows) => Promise<Outcome<T>>;

export interface Store {
  /**
   * Makes `holder` the leader, in an epoch higher than every one before. A transaction of an earlier
   * leader is kept whole before this resolves, or not at all. Rejects with `StoreFailed`.
   */
  takeLeadership(holder: string): Promise<TakenOver>;
  /**
   * Runs `work`, then keeps its events; all or nothing, and only while `as` holds: its epoch leads and
   * its head is the last stored event. What `work` throws passes through once its row changes are
   * undone. Anything else that goes wrong is a `StoreFailed`.
   */
  transaction<T>(as: Leadership, work: StoreWork<T>): Promise<T>;
  /** Keeps events that follow the store's last row, in order, under the promise of `transaction`. */
  keep(as: Leadership, events: readonly JournalRow[]): Promise<void>;
  readonly rows: ReadRows;
  read(afterSeq: number, limit: number): Promise<readonly JournalRow[]>;
  readCorrelated(correlationId: string): Promise<readonly JournalRow[]>;
}

/** The store cannot say what it holds any more, or is another's to write: its writer must stop. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}
