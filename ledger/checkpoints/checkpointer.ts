import type { Clock } from '../../domain/clock.ts';
import { CheckpointCheck } from '../audit/checkpoint-check.ts';
import type { Finding } from '../audit/finding.ts';
import type { JournalRow } from '../journal-row.ts';
import type { Head, Ledger } from '../ledger.ts';
import { JournalTree } from '../merkle/journal-tree.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { SNAPSHOTS_KEPT, type Snapshots } from '../snapshots/snapshots.ts';
import { Turnstile } from '../turnstile.ts';
import { headBroken, rowBroken } from '../verify.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type CheckpointLog, ContradictingCheckpoint } from './checkpoint-log.ts';
import { CheckpointLogBroken } from './log-file.ts';

/** The record is not what was signed or chained. Nothing may be traded on it, and nothing signed. */
export class RecordBroken extends Error {
  override readonly name = 'RecordBroken';
  readonly finding: Pick<Finding, 'fault' | 'seq'>;

  constructor(finding: Pick<Finding, 'fault' | 'seq' | 'sentence'>) {
    super(finding.sentence);
    this.finding = finding;
  }
}

export interface CheckpointerOptions {
  readonly ledger: Ledger;
  readonly log: CheckpointLog;
  readonly snapshots: Snapshots;
  readonly snapshotStore: SnapshotStore;
  /** The stored rows after an event, as they lie in the database. */
  readonly storedRows: (afterSeq: number, limit: number) => Promise<readonly JournalRow[]>;
  /** What keeps rows from being changed and does not, a sentence each. */
  readonly guardFaults: () => Promise<readonly string[]>;
  /** Real time. */
  readonly clock: Clock;
}

const PAGE_ROWS = 5_000;

/**
 * Signs what the journal has come to, outside of the database. Before each signature the rows that are
 * new are read back and proven, so that a checkpoint never vouches for what is not stored as it was
 * chained, and a change to fresh rows is noticed within a minute.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #tree: JournalTree;
  readonly #turns = new Turnstile();
  readonly #stopFollowing: () => void;
  /** Up to here the stored rows are proven. */
  #proven: Head;
  /** Events that the newest signature covers; undefined before the first. */
  #signedSize: number | undefined;
  #stateSeq: number;

  private constructor(options: CheckpointerOptions, tree: JournalTree) {
    this.#options = options;
    this.#tree = tree;
    this.#proven = tree.head;
    this.#signedSize = options.log.last?.size;
    this.#stateSeq = options.snapshots.seq;
    this.#stopFollowing = options.ledger.subscribe(({ event, hash }) =>
      tree.add({ seq: event.seq, hash }),
    );
  }

  /**
   * Reads what is stored after the snapshot, proves it, and compares it with what was signed. Nothing
   * may be appended before this resolves. Rejects with `RecordBroken`.
   */
  static async open(options: CheckpointerOptions): Promise<Checkpointer> {
    const { snapshots, storedRows } = options;
    const { fold: tree } = snapshots.takeUp('tree', () => new JournalTree());
    // Without the event that was signed with the snapshot, only the whole journal can tell what was done.
    if (!(await isStored(tree.head, storedRows))) {
      await proveFrom(new JournalTree(), options);
      const sentence = `Event ${tree.head.seq} is not the one that the signed snapshot ends with.`;
      throw new RecordBroken({ fault: 'SNAPSHOT_DISAGREES', seq: tree.head.seq, sentence });
    }
    await proveFrom(tree, options);
    return new Checkpointer(options, tree);
  }

  /** Events that came since the last snapshot. */
  get sinceState(): number {
    return this.#options.ledger.head.seq - this.#stateSeq;
  }

  /** Events that came since the last signature. */
  get sinceSigned(): number {
    return this.#options.ledger.head.seq - (this.#signedSize ?? 0);
  }

  /**
   * Makes everything durable that was accepted when this was called, proves it and signs it. With
   * `state` the projections are put away too; they must be at rest. Rejects with `RecordBroken`, and
   * with what the file system says when the checkpoint cannot be kept.
   */
  sign(state: boolean): Promise<void> {
    const { ledger, snapshots } = this.#options;
    // All of one moment: what is accepted later belongs to the next signature.
    const { head, size } = this.#tree;
    const root = this.#tree.root();
    const snapshot = state && size > this.#stateSeq ? snapshots.take(size) : undefined;
    return this.#turns.run(async () => {
      await ledger.flush();
      if (size === this.#signedSize && snapshot === undefined) return;
      const { log, snapshotStore, clock } = this.#options;
      await this.#assertGuarded();
      await this.#prove(head);
      if (snapshot !== undefined) await snapshotStore.keep(snapshot);
      await this.#append({
        origin: log.origin,
        size,
        root,
        headHash: head.hash,
        commits: ledger.commits,
        atMs: clock.now(),
        ...(snapshot === undefined ? {} : { state: { seq: size, hash: snapshot.hash } }),
      });
      this.#signedSize = size;
      if (snapshot === undefined) return;
      this.#stateSeq = size;
      await snapshotStore.prune(SNAPSHOTS_KEPT);
    });
  }

  /** The last signature, and no more of them. */
  async close(): Promise<void> {
    this.#stopFollowing();
    if (this.#options.ledger.broken === undefined) await this.sign(true);
  }

  async #assertGuarded(): Promise<void> {
    const [sentence] = await this.#options.guardFaults();
    if (sentence !== undefined)
      throw new RecordBroken({ fault: 'GUARD_DOWN', seq: null, sentence });
  }

  /** Somebody else's hand in the file of checkpoints is as bad as one in the journal. */
  async #append(checkpoint: Checkpoint): Promise<void> {
    try {
      await this.#options.log.append(checkpoint);
    } catch (error) {
      if (!(error instanceof CheckpointLogBroken) && !(error instanceof ContradictingCheckpoint))
        throw error;
      const { message: sentence } = error;
      throw new RecordBroken({ fault: 'CHECKPOINTS_UNREADABLE', seq: null, sentence });
    }
  }

  /** That what is stored up to `head` is what this process has written. */
  async #prove(head: Head): Promise<void> {
    let last = this.#proven;
    while (last.seq < head.seq) {
      const missing = Math.min(PAGE_ROWS, head.seq - last.seq);
      const rows = await this.#options.storedRows(last.seq, missing);
      if (rows.length === 0) throw new RecordBroken(cutAfter(last));
      for (const row of rows) {
        assertChained(last, row);
        last = { seq: row.seq, hash: row.hash };
      }
    }
    if (last.hash !== head.hash) throw new RecordBroken(otherThan(this.#proven, head));
    this.#proven = last;
  }
}

type StoredRows = CheckpointerOptions['storedRows'];

/** Grows the tree by every row that is stored after it, and compares it with what was signed. */
async function proveFrom(
  tree: JournalTree,
  { ledger, log, storedRows }: CheckpointerOptions,
): Promise<void> {
  const signed: Checkpoint[] = [];
  for await (const checkpoint of log.entries()) signed.push(checkpoint);
  const check = new CheckpointCheck(signed, tree.size);
  for (let missing = true; missing;) {
    const rows = await storedRows(tree.head.seq, PAGE_ROWS);
    for (const row of rows) {
      assertChained(tree.head, row);
      tree.add(row);
      const found = check.see(tree);
      if (found !== undefined) throw new RecordBroken(found);
    }
    missing = rows.length === PAGE_ROWS;
  }
  const lost = check.end(tree.size, ledger.commits) ?? headBroken(tree.head, ledger.head);
  if (lost !== undefined) throw new RecordBroken(lost);
}

/** Whether the last event of a tree is stored as it was; what lies before it is not looked at. */
async function isStored({ seq, hash }: Head, storedRows: StoredRows): Promise<boolean> {
  if (seq === 0) return true;
  const [row] = await storedRows(seq - 1, 1);
  if (row?.hash !== hash) return false;
  return rowBroken({ seq: seq - 1, hash: row.prevHash }, row) === undefined;
}

const cutAfter = ({ seq }: Head) => ({
  fault: 'TAIL_CUT' as const,
  seq: seq + 1,
  sentence: `Event ${seq + 1} was stored and is not there any more: the tail was cut off.`,
});

const otherThan = (proven: Head, head: Head) => ({
  fault: 'FORKED' as const,
  seq: proven.seq + 1,
  sentence: `Events ${proven.seq + 1} to ${head.seq} are stored as a chain, but not as the one that was written.`,
});

function assertChained(last: Head, row: JournalRow): void {
  const broken = rowBroken(last, row);
  if (broken !== undefined) throw new RecordBroken(broken);
}
