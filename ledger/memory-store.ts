import type { ApprovalStatus } from '../domain/event.ts';
import type { ApprovalId, IntentId } from '../domain/ids.ts';
import type { JournalRow } from './journal-row.ts';
import type { ApprovalRow, IntentRow, IntentStatus, LedgerRows, OperatorRow } from './ledger.ts';
import type { Store, StoreWork } from './store.ts';

/**
 * Rows in maps. Transactions run alone, so work changes the maps in place and leaves behind how to
 * undo each change.
 */
export class MemoryStore implements Store {
  readonly journal: JournalRow[] = [];
  readonly rows = new MemoryRows();

  async transaction<T>(work: StoreWork<T>): Promise<T> {
    this.rows.begin();
    try {
      const { value, events } = await work(this.rows);
      for (const row of events) this.journal.push(row);
      return value;
    } catch (error) {
      this.rows.rollBack();
      throw error;
    }
  }

  async read(afterSeq: number, limit: number): Promise<readonly JournalRow[]> {
    // Sequence numbers are gap-free from 1, so event n lies at index n − 1.
    return this.journal.slice(afterSeq, afterSeq + limit);
  }

  async readCorrelated(correlationId: string): Promise<readonly JournalRow[]> {
    return this.journal.filter((row) => row.correlationId === correlationId);
  }
}

class MemoryRows implements LedgerRows {
  readonly #approvals = new Map<ApprovalId, ApprovalRow>();
  readonly #intents = new Map<IntentId, IntentRow>();
  readonly #operators = new Map<string, OperatorRow>();
  #undo: (() => void)[] = [];

  begin(): void {
    this.#undo = [];
  }

  rollBack(): void {
    for (const undo of this.#undo.toReversed()) undo();
  }

  async insertApproval(row: ApprovalRow): Promise<void> {
    if (this.#approvals.has(row.id)) throw new Error(`approval ${row.id} exists already`);
    this.#put(this.#approvals, row.id, row);
  }

  async approval(id: ApprovalId): Promise<ApprovalRow | undefined> {
    return this.#approvals.get(id);
  }

  async moveApproval(
    id: ApprovalId,
    from: { readonly status: ApprovalStatus; readonly version: number },
    to: ApprovalStatus,
  ): Promise<ApprovalRow | undefined> {
    const row = this.#approvals.get(id);
    if (row?.status !== from.status || row.version !== from.version) return undefined;
    return this.#put(this.#approvals, id, { ...row, status: to, version: row.version + 1 });
  }

  async approvalsWithStatus(status: ApprovalStatus): Promise<readonly ApprovalRow[]> {
    return [...this.#approvals.values()].filter((row) => row.status === status);
  }

  async insertIntent(row: IntentRow): Promise<boolean> {
    if (this.#intents.has(row.id)) return false;
    this.#put(this.#intents, row.id, row);
    return true;
  }

  async claimIntent(id: IntentId): Promise<IntentRow | undefined> {
    const row = this.#intents.get(id);
    if (row?.status !== 'NEW') return undefined;
    return this.#put(this.#intents, id, { ...row, status: 'CLAIMED' });
  }

  async intentsWithStatus(status: IntentStatus): Promise<readonly IntentRow[]> {
    return [...this.#intents.values()].filter((row) => row.status === status);
  }

  async insertOperator(row: OperatorRow): Promise<boolean> {
    if (this.#operators.has(row.name)) return false;
    this.#put(this.#operators, row.name, row);
    return true;
  }

  async operator(name: string): Promise<OperatorRow | undefined> {
    return this.#operators.get(name);
  }

  async operatorCount(): Promise<number> {
    return this.#operators.size;
  }

  #put<Key, Row>(table: Map<Key, Row>, key: Key, row: Row): Row {
    const before = table.get(key);
    this.#undo.push(() => (before === undefined ? table.delete(key) : table.set(key, before)));
    table.set(key, row);
    return row;
  }
}
