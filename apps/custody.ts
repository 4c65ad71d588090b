/**
 * What lets a stored journal be proven, and its projections be taken up again: the checkpoints that are
 * signed outside of the database, and the snapshots that they vouch for.
 */
import { existsSync } from 'node:fs';
import { hash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import {
  type AuditOutcome,
  type AuditProgress,
  audit,
  damagedReport,
} from '../ledger/audit/audit.ts';
import {
  auditFiles,
  gatherEvidence,
  signedCheckpoints,
  vouchedStates,
} from '../ledger/audit/evidence.ts';
import { storedRows } from '../ledger/audit/stored-journal.ts';
import { CheckpointLog } from '../ledger/checkpoints/checkpoint-log.ts';
import { Checkpointer, RecordBroken } from '../ledger/checkpoints/checkpointer.ts';
import type { Signer } from '../ledger/checkpoints/note.ts';
import { openSigningKey } from '../ledger/checkpoints/signing-key.ts';
import type { Database } from '../ledger/database.ts';
import { guardFaults } from '../ledger/guards/guards.ts';
import { Snapshots } from '../ledger/snapshots/snapshots.ts';
import { storageDamage } from '../ledger/storage-damage.ts';
import { SqlSnapshots } from '../ledger/snapshots/sql-snapshots.ts';
import type { Feed } from '../market/feeds/feed.ts';
import { rulesOf, type Strategy } from '../strategies/strategy.ts';
import type { EntryGate } from '../agents/entry-gate.ts';
import { instrumentsById } from './instruments.ts';
import { DEFAULT_DATA_DIR } from './defaults.ts';
import type { Stored, StoredLocation } from './storage.ts';
import { VERSION } from './version.ts';

/** Raised when a fold's saved state changes its meaning without changing its shape. */
const SNAPSHOT_VERSION = 1;

export interface Custody {
  readonly snapshots: Snapshots;
  readonly checkpointer: Checkpointer;
  readonly signer: Signer;
}

/** Real time, and 32 bytes that nobody can guess. */
export interface Edge {
  readonly clock: Clock;
  readonly drawSeed: () => Uint8Array;
}

/** What a process trades, and by what. */
interface Traded {
  readonly feed: Feed;
  readonly strategies: readonly Strategy[];
  readonly gate?: EntryGate | undefined;
}

/**
 * Where the checkpoints of a journal lie: beside an embedded database, or in a folder named for the
 * server's. `PLIMSOLL_AUDIT_DIR` takes them elsewhere, best where the database's owner cannot write.
 */
export function auditDirOf(location: StoredLocation): string {
  const elsewhere = process.env['PLIMSOLL_AUDIT_DIR'];
  if (location.kind === 'directory')
    return elsewhere
      ? join(elsewhere, nameOf(resolve(location.dataDir)))
      : join(location.dataDir, 'audit');
  const { host, pathname } = new URL(location.url);
  return join(
    elsewhere || join(DEFAULT_DATA_DIR, 'audit'),
    nameOf(`${host}${pathname}/${location.schema}`),
  );
}

/**
 * Proves what came since the last snapshot against what was signed, and takes it into custody from here
 * on. The ledger must be fresh. Rejects with `RecordBroken` when it is not what was signed, or when its
 * guards are down: nothing may be traded on such a record.
 */
export async function openCustody(
  { database, ledger, location }: Pick<Stored, 'database' | 'ledger' | 'location'>,
  traded: Traded,
  edge: Edge,
): Promise<Custody> {
  const [guardDown] = await guardFaults(database);
  if (guardDown !== undefined)
    throw new RecordBroken({ fault: 'GUARD_DOWN', seq: null, sentence: guardDown });
  const auditDir = auditDirOf(location);
  const files = auditFiles(auditDir);
  // What was written before there was a key was never signed.
  const isFirst = !existsSync(files.signingKey) && !existsSync(files.verifierKey);
  const signer = openSigningKey(files.signingKey, edge.drawSeed);
  const signed = await signedCheckpoints(auditDir, isFirst ? 0 : ledger.commits);
  if ('fault' in signed) throw new RecordBroken(signed);
  const log = await CheckpointLog.open(files.checkpoints, signer);
  const snapshotStore = new SqlSnapshots(database);
  const snapshots = await Snapshots.open(snapshotStore, fingerprint(traded), vouchedStates(signed));
  const checkpointer = await Checkpointer.open({
    ledger,
    log,
    snapshots,
    snapshotStore,
    storedRows: storedRows(database),
    guardFaults: () => guardFaults(database),
    clock: edge.clock,
  });
  // From the first moment on there is something that whoever takes the checkpoints away leaves a gap in.
  if (signed.length === 0) await checkpointer.sign(false);
  else await log.thin(edge.clock.now());
  return { snapshots, checkpointer, signer };
}

/** Proves a whole stored journal with everything that lies beside it. */
export async function auditStored(
  database: Database,
  location: StoredLocation,
  progress: AuditProgress = {},
): Promise<AuditOutcome> {
  const ours = (made: string): boolean => made.startsWith(`${MADE_BY} · `);
  const auditDir = auditDirOf(location);
  try {
    const evidence = await gatherEvidence(database, auditDir, instrumentsById(), ours);
    return await audit(evidence, progress);
  } catch (error) {
    const damage = storageDamage(error);
    if (damage === undefined) throw error;
    return { kind: 'DONE', report: damagedReport(damage) };
  }
}

const MADE_BY = `plimsoll ${VERSION}, snapshot ${SNAPSHOT_VERSION}`;

/** A snapshot of other strategies or of another market would be of folds that are not there. */
function fingerprint({ feed, strategies, gate }: Traded): string {
  const { instrument, timeframe, source } = feed;
  const rules = JSON.stringify([rulesOf(strategies), gate?.says ?? []]);
  return [MADE_BY, `${instrument.id} ${timeframe}`, source, rules].join(' · ');
}

/** Readable, and another for every other place. */
function nameOf(place: string): string {
  const words = place.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/^_+/, '');
  return `${words}-${hash('sha256', place, 'hex').slice(0, 8)}`;
}
