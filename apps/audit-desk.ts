/** Questions to a stored journal that have to be answered with proof. */
import { existsSync } from 'node:fs';
import { openSigningKey } from '../ledger/checkpoints/signing-key.ts';
import type { Signer } from '../ledger/checkpoints/note.ts';
import type { SignedCheckpoint } from '../ledger/checkpoints/log-file.ts';
import { type EventProof, proveEvent } from '../ledger/audit/event-proof.ts';
import { auditFiles, signedCheckpoints } from '../ledger/audit/evidence.ts';
import { type Exported, exportBundle } from '../ledger/audit/export.ts';
import { storedCommits, storedHashes, storedRows } from '../ledger/audit/stored-journal.ts';
import { RecordBroken } from '../ledger/checkpoints/checkpointer.ts';
import { verifyInclusion } from '../ledger/merkle/proofs.ts';
import { rowBroken } from '../ledger/verify.ts';
import type { Database } from '../ledger/database.ts';
import { journalPages } from '../ledger/journal-pages.ts';
import type { JournalRow } from '../ledger/journal-row.ts';
import { auditDirOf } from './custody.ts';
import type { StoredLocation } from './storage.ts';

/** What was asked for is not there to be answered. */
export class NotProvable extends Error {
  override readonly name = 'NotProvable';
}

/** Events from one to another, both included; all of them unless told. */
export interface ExportRange {
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
}

/**
 * An event's place in the newest checkpoint that was signed. Rejects with `NotProvable` when there is no
 * such event, or no checkpoint that covers it yet.
 */
export async function proveStored(
  database: Database,
  location: StoredLocation,
  seq: number,
): Promise<EventProof> {
  const newest = await newestCheckpoint(database, location);
  const [row] = isSeq(seq) ? await storedRows(database)(seq - 1, 1) : [];
  if (row?.seq !== seq) throw new NotProvable(`There is no event ${seq} in this journal.`);
  if (newest === undefined || newest.size < seq) {
    throw new NotProvable(
      `No signed checkpoint covers event ${seq} yet: the newest covers ${newest?.size ?? 0} events. One is signed every minute while Plimsoll runs.`,
    );
  }
  const proof = await proveEvent(row, newest, storedHashes(database, newest.size));
  assertHolds(row, proof, newest);
  return proof;
}

/**
 * Writes a bundle that proves the journal without us. Rejects with `NotProvable` for a range that is not
 * there, and when nothing was ever signed.
 */
export async function exportStored(
  database: Database,
  location: StoredLocation,
  range: ExportRange,
  out: string,
  onProgress?: (events: number) => void,
): Promise<Exported & { readonly toSeq: number }> {
  if (existsSync(out))
    throw new NotProvable(`${out} is there already; name a directory that is not.`);
  const newest = await newestCheckpoint(database, location);
  if (newest === undefined) {
    throw new NotProvable('Nothing of this journal was ever signed: start Plimsoll on it once.');
  }
  const { fromSeq = 1, toSeq = newest.size } = range;
  if (!isSeq(fromSeq) || !isSeq(toSeq) || toSeq < fromSeq || toSeq > newest.size) {
    throw new NotProvable(
      `Events ${fromSeq} to ${toSeq} cannot be exported: name a range from 1 to ${newest.size}, which is what the newest checkpoint covers.`,
    );
  }
  const files = auditFiles(auditDirOf(location));
  const proofs: EventProof[] = [];
  for (const seq of new Set([fromSeq, toSeq]))
    proofs.push(await proveStored(database, location, seq));
  const exported = await exportBundle(
    {
      pages: (afterSeq) => journalPages(database, afterSeq),
      fromSeq,
      toSeq,
      checkpointsPath: files.checkpoints,
      signer: signerOf(files.signingKey),
      proofs,
      ...(onProgress === undefined ? {} : { onProgress }),
    },
    out,
  );
  return { ...exported, toSeq };
}

const isSeq = (seq: number): boolean => Number.isSafeInteger(seq) && seq > 0;

/** A proof that does not hold is none, and says that the record was changed. */
function assertHolds(row: JournalRow, proof: EventProof, newest: SignedCheckpoint): void {
  const { seq, prevHash, hash, size, path } = proof;
  const broken = rowBroken({ seq: seq - 1, hash: prevHash }, row);
  if (broken !== undefined) throw new RecordBroken(broken);
  if (!verifyInclusion(hash, seq - 1, size, path, newest.root)) throw otherThanSigned(newest);
}

const otherThanSigned = ({ size }: SignedCheckpoint): RecordBroken =>
  new RecordBroken({
    fault: 'FORKED',
    seq: null,
    sentence: `The journal is not the one that was signed up to event ${size}, so nothing of it can be proven; "plimsoll audit verify" names the place.`,
  });

async function newestCheckpoint(
  database: Database,
  location: StoredLocation,
): Promise<SignedCheckpoint | undefined> {
  const commits = await storedCommits(database);
  const signed = await signedCheckpoints(auditDirOf(location), commits);
  if ('fault' in signed) throw new RecordBroken(signed);
  return signed.at(-1);
}

/** The key is there: something was signed with it. */
function signerOf(path: string): Signer {
  return openSigningKey(path, () => {
    throw new NotProvable(`The signing key ${path} is gone.`);
  });
}
