/** What is needed to prove a stored journal, gathered from the database and from beside it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import {
  CheckpointLogBroken,
  readCheckpoints,
  type SignedCheckpoint,
} from '../checkpoints/log-file.ts';
import { NoteRefused, readVerifierKey, type Verifier } from '../checkpoints/note.ts';
import type { Database } from '../database.ts';
import { guardFaults } from '../guards/guards.ts';
import { journalPages } from '../journal-pages.ts';
import { sectionTexts } from '../snapshots/snapshots.ts';
import { SqlSnapshots } from '../snapshots/sql-snapshots.ts';
import type { AuditSources, VouchedSnapshot } from './audit.ts';
import { type Finding, finding } from './finding.ts';
import { storedCommits } from './stored-journal.ts';

/** The files of an audit directory. */
export const auditFiles = (auditDir: string) => ({
  signingKey: join(auditDir, 'signing-key.json'),
  verifierKey: join(auditDir, 'log.vkey'),
  checkpoints: join(auditDir, 'checkpoints'),
});

/**
 * Reads only: neither the private key nor the right to write is needed. A snapshot that is not `ours` is
 * not compared: another version's folds may say the same in other words.
 */
export async function gatherEvidence(
  database: Database,
  auditDir: string,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
  ours: (fingerprint: string) => boolean,
): Promise<AuditSources> {
  const checkpoints = await signedCheckpoints(auditDir);
  return {
    instruments,
    pages: (afterSeq) => journalPages(database, afterSeq),
    commits: () => storedCommits(database),
    checkpoints,
    guardFaults: () => guardFaults(database),
    snapshot:
      'fault' in checkpoints ? undefined : await vouchedSnapshot(database, checkpoints, ours),
  };
}

/** The verifier key of an audit directory, or undefined where nothing was ever signed. */
export async function verifierIn(auditDir: string): Promise<Verifier | undefined> {
  const line = await readFile(auditFiles(auditDir).verifierKey, 'utf8').catch(unlessMissing);
  return line === undefined ? undefined : readVerifierKey(line.trim());
}

/** Every checkpoint, its signature checked; or what is wrong with the log of them. */
export async function signedCheckpoints(
  auditDir: string,
): Promise<readonly SignedCheckpoint[] | Finding> {
  try {
    const verifier = await verifierIn(auditDir);
    if (verifier === undefined) return [];
    const found: SignedCheckpoint[] = [];
    for await (const checkpoint of readCheckpoints(auditFiles(auditDir).checkpoints, verifier))
      found.push(checkpoint);
    return found;
  } catch (error) {
    if (!(error instanceof CheckpointLogBroken) && !(error instanceof NoteRefused)) throw error;
    return finding('CHECKPOINTS_UNREADABLE', null, error.message);
  }
}

/** Hashes of snapshots by their event, as signed checkpoints give them. */
export const vouchedStates = (
  checkpoints: readonly SignedCheckpoint[],
): ReadonlyMap<number, string> =>
  new Map(
    checkpoints.flatMap(({ state }) => (state === undefined ? [] : [[state.seq, state.hash]])),
  );

async function vouchedSnapshot(
  database: Database,
  checkpoints: readonly SignedCheckpoint[],
  ours: (fingerprint: string) => boolean,
): Promise<VouchedSnapshot | undefined> {
  const vouched = vouchedStates(checkpoints);
  const store = new SqlSnapshots(database);
  for (const { seq, hash, fingerprint } of await store.list()) {
    if (vouched.get(seq) !== hash || !ours(fingerprint)) continue;
    const state = await store.state(seq);
    if (state !== undefined) return { seq, sections: sectionTexts(state) };
  }
  return undefined;
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
