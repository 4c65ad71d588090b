/** The wire of the audit trail: what was proven, a proof to take away, and a bundle of them. */
import { Schema } from 'effect';

const Text = Schema.String;
const Count = Schema.Finite;

const FindingView = Schema.Struct({
  /** Named, as in TAIL_CUT. */
  fault: Text,
  /** The event it begins at; null where it is not about one. */
  seq: Schema.NullOr(Count),
  sentence: Text,
});

export const VerifyView = Schema.Struct({
  ok: Schema.Boolean,
  /** Events whose chain holds. */
  events: Count,
  headHash: Text,
  /** The event of the first finding; null when all holds, or when it is about no event. */
  brokenAtSeq: Schema.NullOr(Count),
  sentence: Text,
  findings: Schema.Array(FindingView),
  /** Signed checkpoints that agree. */
  checkpoints: Count,
  lastCheckpoint: Schema.NullOr(Schema.Struct({ size: Count, atMs: Count })),
  /** The event of the snapshot that the projections were compared with; null without one. */
  comparedAtSeq: Schema.NullOr(Count),
  /** Every account of the double entry; those of one currency sum to zero. Debit above zero. */
  balances: Schema.Array(Schema.Struct({ currency: Text, account: Text, balance: Text })),
});
export type VerifyView = typeof VerifyView.Type;

export const EventProofView = Schema.Struct({
  seq: Count,
  /** The event as it was chained. */
  body: Text,
  prevHash: Text,
  hash: Text,
  /** Events in the tree of the checkpoint. */
  size: Count,
  /** The audit path, deepest node first, RFC 6962. */
  path: Schema.Array(Text),
  /** The signed checkpoint, a C2SP note. */
  checkpoint: Text,
});

export type EventProofView = typeof EventProofView.Type;

const Seq = Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0)));

/** All of it unless told. */
export const ExportRequest = Schema.Struct({ fromSeq: Seq, toSeq: Seq });
export type ExportRequest = typeof ExportRequest.Type;

export const BackupResult = Schema.Struct({
  /** The file on the server's machine. */
  path: Text,
  events: Count,
  headHash: Text,
});
export type BackupResult = typeof BackupResult.Type;

export const ExportResult = Schema.Struct({
  /** The bundle's directory on the server's machine. */
  path: Text,
  events: Count,
  toSeq: Count,
});
export type ExportResult = typeof ExportResult.Type;
