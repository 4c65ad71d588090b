/** The tables as they come back from the driver: BIGINT columns are text. */
import type { ColumnType, Generated, Selectable } from 'kysely';
import type { ApprovalStatus } from '../domain/event.ts';
import type { ApprovalId, IntentId } from '../domain/ids.ts';
import type { JournalRow } from './journal-row.ts';
import type { ApprovalRow, IntentRow, IntentStatus, OperatorRow } from './ledger.ts';

/** Numbers go in, text comes out. */
type Bigint = ColumnType<string, number, number>;

export interface Tables {
  readonly journal: {
    readonly seq: Bigint;
    readonly at_ms: Bigint;
    readonly type: string;
    readonly correlation_id: string;
    readonly causation_seq: ColumnType<string | null, number | null, never>;
    readonly body: string;
    readonly prev_hash: string;
    readonly hash: string;
  };
  readonly journal_head: {
    readonly id: number;
    readonly seq: Bigint;
    readonly hash: string;
    /** How often events were kept. */
    readonly commits: Bigint;
  };
  readonly snapshots: {
    readonly seq: Bigint;
    readonly fingerprint: string;
    readonly hash: string;
    readonly state: string;
  };
  readonly leadership: {
    readonly id: number;
    readonly epoch: Bigint;
    readonly holder: string;
    /** By the server's clock. */
    readonly renewed_at: ColumnType<Date, never, Date>;
  };
  readonly approvals: {
    /** Keeps rows in the order they were made. */
    readonly ordinal: Generated<string>;
    readonly id: ApprovalId;
    readonly thread_id: string;
    readonly instrument_id: string;
    readonly status: ApprovalStatus;
    readonly version: number;
    readonly proposal_hash: string;
    readonly expires_at_ms: Bigint;
    readonly proposal: string;
  };
  readonly order_intents: {
    readonly ordinal: Generated<string>;
    readonly id: IntentId;
    readonly approval_id: ApprovalId;
    readonly status: IntentStatus;
    readonly order_text: string;
  };
  readonly operators: {
    readonly name: string;
    readonly password_hash: string;
    readonly added_at_ms: Bigint;
  };
}

export const journalRow = (stored: Selectable<Tables['journal']>): JournalRow => ({
  seq: Number(stored.seq),
  atMs: Number(stored.at_ms),
  type: stored.type,
  correlationId: stored.correlation_id,
  causationSeq: stored.causation_seq === null ? null : Number(stored.causation_seq),
  body: stored.body,
  prevHash: stored.prev_hash,
  hash: stored.hash,
});

export const approvalRow = (stored: Selectable<Tables['approvals']>): ApprovalRow => ({
  id: stored.id,
  threadId: stored.thread_id,
  instrumentId: stored.instrument_id,
  status: stored.status,
  version: stored.version,
  proposalHash: stored.proposal_hash,
  expiresAtMs: Number(stored.expires_at_ms),
  proposal: stored.proposal,
});

export const intentRow = (stored: Selectable<Tables['order_intents']>): IntentRow => ({
  id: stored.id,
  approvalId: stored.approval_id,
  status: stored.status,
  order: stored.order_text,
});

export const operatorRow = (stored: Selectable<Tables['operators']>): OperatorRow => ({
  name: stored.name,
  passwordHash: stored.password_hash,
  addedAtMs: Number(stored.added_at_ms),
});
