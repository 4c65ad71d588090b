/** What the signed checkpoints have to say to a backup that is put back, and what is written then. */
import { ManualClock } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import type { EventOf } from '../domain/event.ts';
import { auditFiles, signedCheckpoints } from '../ledger/audit/evidence.ts';
import type { BackupHeader } from '../ledger/backup/format.ts';
import type { Judge } from '../ledger/backup/prove-restored.ts';
import { CheckpointLog } from '../ledger/checkpoints/checkpoint-log.ts';
import { RecordBroken } from '../ledger/checkpoints/checkpointer.ts';
import { openSigningKey } from '../ledger/checkpoints/signing-key.ts';
import { auditDirOf, auditStored, type Edge } from './custody.ts';
import { openStored, type StoredLocation } from './storage.ts';

/** An older copy is what a backup is; anything else that an audit finds keeps it from being restored. */
export function checkpointsAgree(location: StoredLocation): Judge {
  return async (restored) => {
    const outcome = await auditStored(restored, location);
    if (outcome.kind === 'PUT_DOWN') throw new Error('nobody asked to put it down');
    const wrong = outcome.report.findings.find(({ fault }) => fault !== 'OLDER_COPY');
    return wrong?.sentence;
  };
}

export interface Lost {
  readonly upToSeq: number;
  /** A checkpoint that was signed saw the journal up to here. */
  readonly lostUpToSeq: number;
}

/**
 * Where checkpoints were signed of events that the backup does not hold, the journal says so for good,
 * and new checkpoints begin. Undefined when nothing that was signed is lost.
 */
export async function settleRestored(
  location: StoredLocation,
  backup: BackupHeader,
  edge: Edge,
): Promise<Lost | undefined> {
  const auditDir = auditDirOf(location);
  const signed = await signedCheckpoints(auditDir, backup.commits);
  if ('fault' in signed) throw new RecordBroken(signed);
  const because = `The backup of ${backup.at} was restored.`;
  const files = auditFiles(auditDir);
  const lost = { upToSeq: backup.head.seq, lostUpToSeq: signed.at(-1)?.size ?? 0 };
  if (lost.lostUpToSeq <= lost.upToSeq) return undefined;
  await record(location, { ...lost, because });
  const signer = openSigningKey(files.signingKey, edge.drawSeed);
  const log = await CheckpointLog.open(files.checkpoints, signer);
  await log.beginAnew(because);
  return lost;
}

async function record(
  location: StoredLocation,
  body: EventOf<'journal.restored'>['body'],
): Promise<void> {
  const clock = new ManualClock(0);
  const { ledger, close } = await openStored(location, clock);
  try {
    // The journal's own time: the market goes on where it ended, not at the time of the restore.
    const [last] = await ledger.read(ledger.head.seq - 1, 1);
    clock.advanceTo(last?.event.atMs ?? 0);
    await ledger.append(draft('journal.restored', SYSTEM, 'system', null, body));
  } finally {
    await close();
  }
}

const SYSTEM = { kind: 'SYSTEM', name: 'plimsoll' } as const;
