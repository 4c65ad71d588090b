/** What is needed to prove a stored journal, gathered from the database and from beside it. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
import { isWhole, sectionTexts } from '../snapshots/snapshots.ts';
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
  const commits = await storedCommits(database);
  const checkpoints = await signedCheckpoints(auditDir, commits);
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

/**
 * Every checkpoint, its signature checked; or what is wrong with the log of them. Where there is a key,
 * the first thing it signed was how the journal stood before anything was written with it, so a journal
 * of so many `commits` that has a key has a checkpoint, or somebody took it away.
 */
export async function signedCheckpoints(
  auditDir: string,
  commits: number,
): Promise<readonly SignedCheckpoint[] | Finding> {
  const files = auditFiles(auditDir);
  try {
    const verifier = await verifierIn(auditDir);
    if (verifier === undefined) return (await isThere(files.checkpoints)) ? keyGone(files) : [];
    const found: SignedCheckpoint[] = [];
    for await (const checkpoint of readCheckpoints(files.checkpoints, verifier))
      found.push(checkpoint);
    const isBare = found.length === 0 && commits > 0;
    return isBare && !(await wasEnded(files.checkpoints)) ? allGone(files) : found;
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
): Promise<VouchedSnapshot | Finding | undefined> {
  const vouched = vouchedStates(checkpoints);
  // An old journal, that only is read here, may not even have a place for them.
  if (vouched.size === 0) return undefined;
  const store = new SqlSnapshots(database);
  let newest: VouchedSnapshot | undefined;
  for (const listed of await store.list()) {
    const { seq, fingerprint } = listed;
    const told = vouched.get(seq);
    const state = told === undefined ? undefined : await store.state(seq);
    if (state === undefined) continue;
    if (told !== listed.hash || !isWhole({ ...listed, state })) return otherSnapshot(seq);
    if (newest === undefined && ours(fingerprint)) newest = { seq, sections: sectionTexts(state) };
  }
  return newest;
}

const otherSnapshot = (seq: number): Finding =>
  finding(
    'SNAPSHOT_DISAGREES',
    seq,
    `The snapshot of event ${seq} is not the one that was signed: it was changed since.`,
  );

type AuditFiles = ReturnType<typeof auditFiles>;

const keyGone = ({ checkpoints, verifierKey }: AuditFiles): Finding =>
  finding(
    'CHECKPOINTS_UNREADABLE',
    null,
    `There are checkpoints in ${checkpoints}, but the key to check them is gone: put ${verifierKey} back.`,
  );

const allGone = ({ checkpoints, verifierKey }: AuditFiles): Finding =>
  finding(
    'CHECKPOINTS_UNREADABLE',
    null,
    `There are no checkpoints in ${checkpoints}, but ${verifierKey} says that this journal was signed: put them back from a backup.`,
  );

async function isThere(path: string): Promise<boolean> {
  return (await readFile(path).catch(unlessMissing)) !== undefined;
}

/** A log that was ended on purpose stays beside the next one. */
async function wasEnded(path: string): Promise<boolean> {
  const names = (await readdir(dirname(path)).catch(unlessMissing)) ?? [];
  return names.some((name) => name.startsWith(`${basename(path)}.ended-`));
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
