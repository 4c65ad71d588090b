/**
 * The ledger's port. Everything the system knows enters here, in one order, before it has an effect.
 *
 * One writer: implementations run appends and transactions strictly one after another, in the order
 * they were called. After a write of unknown outcome the ledger is broken: every later call rejects
 * with `LedgerBroken`, because a writer that is not sure of its own head must not go on.
 */
import type { ApprovalStatus, DomainEvent, EventDraft } from '../domain/event.ts';
import type { ApprovalId, IntentId } from '../domain/ids.ts';

/** A stored event with its links. */
export interface ChainedEvent {
  /** As it is understood today. */
  readonly event: DomainEvent;
  /** The text that was chained: the event as it was understood when it was written. */
  readonly body: string;
  /** Lower-case hex SHA-256. */
  readonly prevHash: string;
  readonly hash: string;
}

export interface Head {
  /** 0 when the journal is empty. */
  readonly seq: number;
  readonly hash: string;
}

export interface ApprovalRow {
  readonly id: ApprovalId;
  /** The graph thread that sleeps until this is decided. */
  readonly threadId: string;
  readonly instrumentId: string;
  readonly status: ApprovalStatus;
  /** Starts at 1; every change adds 1. */
  readonly version: number;
  /** What the decider must have seen: hash of the canonical proposal. */
  readonly proposalHash: string;
  readonly expiresAtMs: number;
  /** Canonical JSON of the proposal. */
  readonly proposal: string;
}

export type IntentStatus = 'NEW' | 'CLAIMED';

export interface IntentRow {
  readonly id: IntentId;
  readonly approvalId: ApprovalId;
  readonly status: IntentStatus;
  /** Canonical JSON of the order. */
  readonly order: string;
}

/** A person who may loosen what trading is held back by. Rows are only ever added. */
export interface OperatorRow {
  readonly name: string;
  /** Argon2id in its own text form, salt and costs included; never the password. */
  readonly passwordHash: string;
  readonly addedAtMs: number;
}

/** Rows that exist to be changed once, by whoever compares first. */
export interface LedgerRows {
  insertApproval(row: ApprovalRow): Promise<void>;
  approval(id: ApprovalId): Promise<ApprovalRow | undefined>;
  /**
   * One compare-and-set: moves the row only when status and version are still `from`. Returns the new
   * row, or undefined when somebody else was first.
   */
  moveApproval(
    id: ApprovalId,
    from: { readonly status: ApprovalStatus; readonly version: number },
    to: ApprovalStatus,
  ): Promise<ApprovalRow | undefined>;
  approvalsWithStatus(status: ApprovalStatus): Promise<readonly ApprovalRow[]>;
  /** True when inserted, false when an intent of that id already exists: recording twice is once. */
  insertIntent(row: IntentRow): Promise<boolean>;
  /** NEW → CLAIMED by compare-and-set; undefined when it is not NEW any more. */
  claimIntent(id: IntentId): Promise<IntentRow | undefined>;
  intentsWithStatus(status: IntentStatus): Promise<readonly IntentRow[]>;
  /** True when inserted, false when an operator of that name already exists and stays as it is. */
  insertOperator(row: OperatorRow): Promise<boolean>;
  operator(name: string): Promise<OperatorRow | undefined>;
  operatorCount(): Promise<number>;
}

export interface LedgerTransaction extends LedgerRows {
  /** Chains an event inside this transaction; it exists only if the transaction commits. */
  append(draft: EventDraft): DomainEvent;
}

export interface Ledger {
  /** The last accepted event: chained, though not yet durable until `flush`. */
  readonly head: Head;
  /** Undefined while all is well; otherwise why nothing can be written any more. */
  readonly broken: string | undefined;
  /**
   * False once it is broken, or once somebody has shown that what is stored is not what was written.
   * Then nothing new may be opened on it, while what happens is still written down.
   */
  readonly intact: boolean;
  /**
   * Counts the openings for writing of this journal, this one included. Whoever opens it next leads
   * with a higher one, and from that moment nothing of this ledger is kept: its next write breaks it.
   */
  readonly epoch: number;

  /**
   * How often events were kept since the journal was begun. It only grows, whoever writes, so that a
   * journal which is shorter than it was can be told from an older copy of it.
   */
  readonly commits: number;

  /**
   * Chains events in order. They become durable with the next transaction or flush; what many have
   * appended meanwhile is kept in one commit.
   */
  append(...drafts: EventDraft[]): Promise<readonly DomainEvent[]>;

  /**
   * Runs `work` alone. Row changes and events commit together, with everything appended before; if
   * `work` throws, neither happens and the error passes through. Durable when the promise resolves.
   * `work` must only await the transaction's own methods.
   */
  transact<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T>;

  /** Resolves when everything appended so far is durable. */
  flush(): Promise<void>;

  /** Reads rows outside a transaction, after everything appended so far. */
  rows<T>(
    read: (
      rows: Pick<
        LedgerRows,
        'approval' | 'approvalsWithStatus' | 'intentsWithStatus' | 'operator' | 'operatorCount'
      >,
    ) => Promise<T>,
  ): Promise<T>;

  /** Chained events with `seq > afterSeq`, oldest first, at most `limit`. */
  read(afterSeq: number, limit: number): Promise<readonly ChainedEvent[]>;

  /** Everything that belongs to one workflow, oldest first; empty when there is no such workflow. */
  readCorrelated(correlationId: string): Promise<readonly ChainedEvent[]>;

  /**
   * Calls `listener` with each accepted event, synchronously and in order: at once for `append`, after
   * the commit for a transaction. A listener must not throw; one that does breaks the ledger.
   */
  subscribe(listener: (chained: ChainedEvent) => void): () => void;

  /** What is stored is not what was written. For good: only the next opening may find otherwise. */
  doubt(): void;

  close(): Promise<void>;
}

export class LedgerBroken extends Error {
  override readonly name = 'LedgerBroken';
}
