import type { ApprovalStatus } from '../domain/event.ts';
import type { ApprovalId, IntentId } from '../domain/ids.ts';
import { GENESIS } from './hash-chain.ts';
import type { JournalRow } from './journal-row.ts';
import { leadershipFault, type Leadership, type TakenOver } from './leadership.ts';
import type {
  ApprovalRow,
  Head,
  IntentRow,
  IntentStatus,
  LedgerRows,
  OperatorRow,
} from './ledger.ts';
import { StoreFailed, type ReadRows, type Store, type StoreWork } from './store.ts';

/**
 * Rows in maps. The leader's transactions run alone, so work changes the maps in place and leaves
 * behind how to undo each change.
 */
export class MemoryStore implements Store {
  readonly journal: JournalRow[] = [];
  readonly #tables = new Tables();
  readonly rows: ReadRows = new MemoryRows(this.#tables);
  #epoch = 0;
  #holder = 'nobody';
  #commits = 0;
  #open: MemoryRows | undefined;

  /** What `takeLeadership` does, at once. */
  lead(holder: string): TakenOver {
    // The leader may have died in the middle of it, and nobody will come to end it.
    this.#open?.rollBack();
    this.#open = undefined;
    this.#epoch += 1;
    this.#holder = holder;
    return { epoch: this.#epoch, head: this.#head(), commits: this.#commits };
  }

  async takeLeadership(holder: string): Promise<TakenOver> {
    return this.lead(holder);
  }

  async transaction<T>(as: Leadership, work: StoreWork<T>): Promise<T> {
    this.#assertLeads(as);
    const rows = new MemoryRows(this.#tables);
    this.#open = rows;
    try {
      const { value, events } = await work(rows);
      this.#assertLeads(as);
      for (const row of events) this.journal.push(row);
      if (events.length > 0) this.#commits += 1;
      return value;
    } catch (error) {
      rows.rollBack();
      this.#assertLeads(as);
      throw error;
    } finally {
      if (this.#open === rows) this.#open = undefined;
    }
  }

  keep(as: Leadership, events: readonly JournalRow[]): Promise<void> {
    return this.transaction(as, async () => ({ value: undefined, events }));
  }

  async read(afterSeq: number, limit: number): Promise<readonly JournalRow[]> {
    // Sequence numbers are gap-free from 1, so event n lies at index n − 1.
    return this.journal.slice(afterSeq, afterSeq + limit);
  }

  async readCorrelated(correlationId: string): Promise<readonly JournalRow[]> {
    return this.journal.filter((row) => row.correlationId === correlationId);
  }

  #assertLeads(as: Leadership): void {
    const [epoch, holder, head] = [this.#epoch, this.#holder, this.#head()];
    const found = { epoch, holder, head, commits: this.#commits };
    const fault = leadershipFault(as, found);
    if (fault !== undefined) throw new StoreFailed(fault);
  }

  #head(): Head {
    const last = this.journal.at(-1);
    return last === undefined ? GENESIS : { seq: last.seq, hash: last.hash };
  }
}

class Tables {
  readonly approvals = new Map<ApprovalId, ApprovalRow>();
  readonly intents = new Map<IntentId, IntentRow>();
  readonly operators = new Map<string, OperatorRow>();
}

/** The rows as one transaction holds them; once it was rolled back it changes nothing more. */
class MemoryRows implements LedgerRows {
  readonly #tables: Tables;
  readonly #undo: (() => void)[] = [];
  #over = false;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  rollBack(): void {
    for (const undo of this.#undo.splice(0).toReversed()) undo();
    this.#over = true;
  }

  async insertApproval(row: ApprovalRow): Promise<void> {
    if (this.#tables.approvals.has(row.id)) throw new Error(`approval ${row.id} exists already`);
    this.#put(this.#tables.approvals, row.id, row);
  }

  async approval(id: ApprovalId): Promise<ApprovalRow | undefined> {
    return this.#tables.approvals.get(id);
  }

  async moveApproval(
    id: ApprovalId,
    from: { readonly status: ApprovalStatus; readonly version: number },
    to: ApprovalStatus,
  ): Promise<ApprovalRow | undefined> {
    const row = this.#tables.approvals.get(id);
    if (row?.status !== from.status || row.version !== from.version) return undefined;
    return this.#put(this.#tables.approvals, id, { ...row, status: to, version: row.version + 1 });
  }

  async approvalsWithStatus(status: ApprovalStatus): Promise<readonly ApprovalRow[]> {
    return [...this.#tables.approvals.values()].filter((row) => row.status === status);
  }

  async insertIntent(row: IntentRow): Promise<boolean> {
    if (this.#tables.intents.has(row.id)) return false;
    this.#put(this.#tables.intents, row.id, row);
    return true;
  }

  async claimIntent(id: IntentId): Promise<IntentRow | undefined> {
    const row = this.#tables.intents.get(id);
    if (row?.status !== 'NEW') return undefined;
    return this.#put(this.#tables.intents, id, { ...row, status: 'CLAIMED' });
  }

  async intentsWithStatus(status: IntentStatus): Promise<readonly IntentRow[]> {
    return [...this.#tables.intents.values()].filter((row) => row.status === status);
  }

  async insertOperator(row: OperatorRow): Promise<boolean> {
    if (this.#tables.operators.has(row.name)) return false;
    this.#put(this.#tables.operators, row.name, row);
    return true;
  }

  async operator(name: string): Promise<OperatorRow | undefined> {
    return this.#tables.operators.get(name);
  }

  async operatorCount(): Promise<number> {
    return this.#tables.operators.size;
  }

  #put<Key, Row>(table: Map<Key, Row>, key: Key, row: Row): Row {
    const before = table.get(key);
    if (this.#over) throw new Error('the transaction was rolled back');
    this.#undo.push(() => (before === undefined ? table.delete(key) : table.set(key, before)));
    table.set(key, row);
    return row;
  }
}
