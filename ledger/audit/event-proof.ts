import type { JournalRow } from '../journal-row.ts';
import { type EventHashes, inclusionProof } from '../merkle/proofs.ts';

/**
 * That one event is in the journal that a checkpoint was signed of. Whoever has it, the checkpoint's
 * verifier key and the event needs nothing else: neither the database nor us.
 */
export interface EventProof {
  readonly seq: number;
  /** The event as it was chained. */
  readonly body: string;
  readonly prevHash: string;
  readonly hash: string;
  /** Events in the tree of the checkpoint. */
  readonly size: number;
  /** The audit path of leaf `seq − 1`, deepest node first, RFC 6962. */
  readonly path: readonly string[];
  /** The signed checkpoint, as a C2SP note. */
  readonly checkpoint: string;
}

/** `hashes` are those of every event from the first; `size` is the checkpoint's. */
export async function proveEvent(
  row: JournalRow,
  checkpoint: { readonly size: number; readonly note: string },
  hashes: EventHashes,
): Promise<EventProof> {
  const { seq, body, prevHash, hash } = row;
  const path = await inclusionProof(seq - 1, checkpoint.size, hashes);
  return { seq, body, prevHash, hash, size: checkpoint.size, path, checkpoint: checkpoint.note };
}
