import pc from 'picocolors';
import { BackupDamaged, type BackupHeader, BackupUnusable } from '../../../ledger/backup/format.ts';
import type { RestoreStage } from '../../../ledger/backup/prove-restored.ts';
import type { RestoreOrder } from '../../../ledger/backup/rebuild.ts';
import { restoreDirectory } from '../../../ledger/backup/restore-directory.ts';
import { restoreSchema } from '../../../ledger/backup/restore-schema.ts';
import { instrumentsById } from '../../instruments.ts';
import { checkpointsAgree, type Lost, settleRestored } from '../../restoration.ts';
import { describeLocation, locate, prepareStorage, type StoredLocation } from '../../storage.ts';
import { EDGE } from '../edge.ts';
import { BadInput, IntegrityBroken } from '../errors.ts';
import { printJson, printLine, Progress } from '../output.ts';
import type { RestoreFlags } from './restore.ts';

const STAGES: Readonly<Record<RestoreStage, string>> = {
  LOADING: 'loading',
  VERIFYING: 'verifying',
  FOLDING: 'replaying',
};

export async function runRestore(file: string, flags: RestoreFlags): Promise<void> {
  const location = locate(flags.dataDir, { kind: 'memory' } as const);
  if (location.kind === 'memory') {
    throw new BadInput('nothing says where to restore to; name --data-dir, or set DATABASE_URL');
  }
  const progress = new Stages();
  try {
    const { backup, before } = await restore(location, {
      file,
      prepare: prepareStorage,
      instruments: instrumentsById(),
      judge: checkpointsAgree(location),
      onProgress: (stage, events, of) => progress.update(stage, events, of),
    });
    progress.clear();
    const lost = await settleRestored(location, backup, EDGE);
    report(location, backup, before, lost, flags.json);
  } catch (error) {
    if (error instanceof BackupUnusable) throw new BadInput(error.message);
    throw error instanceof BackupDamaged ? new IntegrityBroken(error.message) : error;
  } finally {
    progress.clear();
  }
}

interface Done {
  readonly backup: BackupHeader;
  readonly before: string | undefined;
}

async function restore(location: StoredLocation, order: RestoreOrder): Promise<Done> {
  if (location.kind === 'directory') return restoreDirectory(location.dataDir, Date.now(), order);
  return { backup: await restoreSchema(location, order), before: undefined };
}

/** A line for each stage. */
class Stages {
  #stage: RestoreStage | undefined;
  #line: Progress | undefined;

  update(stage: RestoreStage, events: number, of: number): void {
    if (stage !== this.#stage) {
      this.clear();
      this.#stage = stage;
      this.#line = new Progress(STAGES[stage], of);
    }
    this.#line?.update(events);
  }

  clear(): void {
    this.#line?.clear();
  }
}

function report(
  location: StoredLocation,
  backup: BackupHeader,
  before: string | undefined,
  lost: Lost | undefined,
  json: boolean,
): void {
  const { head, at } = backup;
  if (json) {
    return printJson({ ok: true, events: head.seq, headHash: head.hash, at, before, lost });
  }
  printLine(`${pc.green('restored')}  ${head.seq.toLocaleString('en')} events, as of ${at}`);
  const notes = [
    `in ${describeLocation(location)}, head ${head.hash}`,
    ...(before === undefined ? [] : [`what was in place is now ${before}`]),
    ...(lost === undefined
      ? []
      : [
          `events ${lost.upToSeq + 1} to ${lost.lostUpToSeq} were signed once and are lost; the journal says so now, and new checkpoints begin`,
        ]),
    ...(location.kind === 'server'
      ? ['its tables belong to this role; "plimsoll migrate" grants the application its rights']
      : []),
    'the next start compares everything with the venue before it trades',
  ];
  for (const note of notes) printLine(pc.dim(`          ${note}`));
}
