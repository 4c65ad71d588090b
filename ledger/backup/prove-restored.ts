/** Everything that must hold before a restored database may take another's place. */
import type { InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Database } from '../database.ts';
import { describeError } from '../describe-error.ts';
import { guardFaults } from '../guards/guards.ts';
import { journalPages } from '../journal-pages.ts';
import { Book } from '../projections/book.ts';
import { Decisions } from '../projections/decisions.ts';
import { storedEvents } from '../stored-events.ts';
import { verifyJournal } from '../verify.ts';
import { BackupDamaged, type BackupHeader } from './format.ts';

/** Why this journal must not be restored, for whoever knows more than the backup itself does. */
export type Judge = (restored: Database, backup: BackupHeader) => Promise<string | undefined>;

export interface Proof {
  /** Everything that the journal may speak of. */
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly judge: Judge;
  readonly onProgress: (stage: RestoreStage, events: number, of: number) => void;
}

export type RestoreStage = 'LOADING' | 'VERIFYING' | 'FOLDING';

/** Throws `BackupDamaged` with the first thing that does not hold. */
export async function proveRestored(
  database: Database,
  backup: BackupHeader,
  { instruments, judge, onProgress }: Proof,
): Promise<void> {
  const { head } = backup;
  const [fault] = await guardFaults(database);
  if (fault !== undefined) throw new BackupDamaged(`The restored tables are not ours: ${fault}`);
  const verified = await verifyJournal(journalPages(database), (events) =>
    onProgress('VERIFYING', events, head.seq),
  );
  if (!verified.ok)
    throw new BackupDamaged(`The restored journal does not hold: ${verified.sentence}`);
  if (verified.events !== head.seq || verified.headHash !== head.hash) {
    throw new BackupDamaged(
      `The restored journal ends at event ${verified.events} with hash ${verified.headHash}, and the backup says ${head.seq} with ${head.hash}.`,
    );
  }
  await fold(database, instruments, (events) => onProgress('FOLDING', events, head.seq));
  const judged = await judge(database, backup);
  if (judged !== undefined) throw new BackupDamaged(judged);
}

const PROGRESS_EVERY = 1_000;

async function fold(
  database: Database,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
  onProgress: (events: number) => void,
): Promise<void> {
  const book = new Book(instruments);
  const decisions = new Decisions();
  let seq = 0;
  try {
    for await (const { event } of storedEvents(database)) {
      seq = event.seq;
      book.apply(event);
      decisions.apply(event);
      if (seq % PROGRESS_EVERY === 0) onProgress(seq);
    }
  } catch (error) {
    throw new BackupDamaged(
      `The restored journal cannot be folded from event ${seq} on: ${describeError(error)}.`,
      { cause: error },
    );
  }
}
