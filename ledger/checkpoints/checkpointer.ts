import type { Clock } from '../../domain/clock.ts';
import { CheckpointCheck } from '../audit/checkpoint-check.ts';
import type { Finding } from '../audit/finding.ts';
import type { JournalRow } from '../journal-row.ts';
import type { Head, Ledger } from '../ledger.ts';
import { JournalTree } from '../merkle/journal-tree.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { SNAPSHOTS_KEPT, type Snapshots } from '../snapshots/snapshots.ts';
import { Turnstile } from '../turnstile.ts';
import { rowBroken } from '../verify.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { CheckpointLog } from './checkpoint-log.ts';

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
  #stateSeq: number;

  private constructor(options: CheckpointerOptions, tree: JournalTree) {
    this.#options = options;
    this.#tree = tree;
    this.#proven = tree.head;
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
    const { ledger, log, snapshots, storedRows } = options;
    const { fold: tree } = snapshots.takeUp('tree', () => new JournalTree());
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
    const lost = check.end(tree.size, ledger.commits);
    if (lost !== undefined) throw new RecordBroken(lost);
    return new Checkpointer(options, tree);
  }

  /** Events that came since the last snapshot. */
  get sinceState(): number {
    return this.#options.ledger.head.seq - this.#stateSeq;
  }

  /** Events that came since the last signature. */
  get sinceSigned(): number {
    return this.#options.ledger.head.seq - this.#proven.seq;
  }

  /**
   * Makes everything durable that was accepted when this was called, proves it and signs it. With
   * `state` the projections are put away too; they must be at rest. Rejects with `RecordBroken`, and
   * with what the file system says when the checkpoint cannot be kept.
   */
  sign(state: boolean): Promise<void> {
    const { ledger, snapshots } = this.#options;
    // All of one moment: what is accepted later belongs to the next signature.
    const { size } = this.#tree;
    const root = this.#tree.root();
    const snapshot = state && size > this.#stateSeq ? snapshots.take(size) : undefined;
    return this.#turns.run(async () => {
      await ledger.flush();
      if (size === 0 || (size === this.#proven.seq && snapshot === undefined)) return;
      const { log, snapshotStore, clock } = this.#options;
      await this.#assertGuarded();
      await this.#prove(size);
      if (snapshot !== undefined) await snapshotStore.keep(snapshot);
      await log.append({
        origin: log.origin,
        size,
        root,
        headHash: this.#proven.hash,
        commits: ledger.commits,
        atMs: clock.now(),
        ...(snapshot === undefined ? {} : { state: { seq: size, hash: snapshot.hash } }),
      });
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

  async #prove(upToSeq: number): Promise<void> {
    while (this.#proven.seq < upToSeq) {
      const missing = Math.min(PAGE_ROWS, upToSeq - this.#proven.seq);
      const rows = await this.#options.storedRows(this.#proven.seq, missing);
      if (rows.length === 0) {
        const seq = this.#proven.seq + 1;
        throw new RecordBroken({
          fault: 'TAIL_CUT',
          seq,
          sentence: `Event ${seq} was stored and is not there any more: the tail was cut off.`,
        });
      }
      for (const row of rows) {
        assertChained(this.#proven, row);
        this.#proven = { seq: row.seq, hash: row.hash };
      }
    }
  }
}

function assertChained(last: Head, row: JournalRow): void {
  const broken = rowBroken(last, row);
  if (broken !== undefined) throw new RecordBroken(broken);
}
