/** A journal in memory, and the checkpoints of it in a folder, that a test may change behind each other's back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../domain/clock.ts';
import type { DomainEvent } from '../../../domain/event.ts';
import { chain, GENESIS } from '../../hash-chain.ts';
import type { JournalRow } from '../../journal-row.ts';
import type { Ledger } from '../../ledger.ts';
import { MemoryStore } from '../../memory-store.ts';
import { openLedger } from '../../open-ledger.ts';
import { eventFromText } from '../../schema/event-text.ts';
import type { SnapshotStore, StoredSnapshot } from '../../snapshots/snapshot-store.ts';
import { Snapshots } from '../../snapshots/snapshots.ts';
import { numbered, START_MS } from '../../testing/samples.ts';
import { Checkpointer } from '../checkpointer.ts';
import { CheckpointLog } from '../checkpoint-log.ts';
import type { SignedCheckpoint } from '../log-file.ts';
import { OURS } from './keys.ts';

export interface Running {
  readonly ledger: Ledger;
  readonly log: CheckpointLog;
  readonly snapshots: Snapshots;
  readonly checkpointer: Checkpointer;
}

export class SignedHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-signed-'));
  readonly path = join(this.folder, 'audit', 'checkpoints');
  readonly clock = new ManualClock(START_MS);
  readonly kept = new Map<number, StoredSnapshot>();
  guardFaults: readonly string[] = [];
  /** Another one is another copy of the database. */
  store = new MemoryStore();

  /** A start: everything that a checkpoint vouches for is taken up again. */
  async open(clock = this.clock): Promise<Running> {
    const { path, snapshotStore } = this;
    const log = await CheckpointLog.open(path, OURS);
    const vouched = new Map<number, string>();
    for await (const { state } of log.entries())
      if (state !== undefined) vouched.set(state.seq, state.hash);
    const snapshots = await Snapshots.open(snapshotStore, 'test', vouched);
    const ledger = await openLedger(this.store, clock, 'test');
    const checkpointer = await Checkpointer.open({
      ledger,
      log,
      snapshots,
      snapshotStore,
      storedRows: async (afterSeq, limit) =>
        this.store.journal
          .filter(({ seq }) => seq > afterSeq)
          .toSorted((a, b) => a.seq - b.seq)
          .slice(0, limit),
      guardFaults: async () => this.guardFaults,
      clock,
    });
    return { ledger, log, snapshots, checkpointer };
  }

  /** A house that has run: signed at each of these sizes, the last time with a snapshot if told so. */
  async run(sizes: readonly number[], state = false): Promise<void> {
    const { ledger, checkpointer } = await this.open();
    for (const size of sizes) {
      await write(ledger, size - ledger.head.seq);
      await checkpointer.sign(state && size === sizes.at(-1));
    }
    await ledger.close();
  }

  async signed(): Promise<readonly SignedCheckpoint[]> {
    const found: SignedCheckpoint[] = [];
    for await (const one of (await CheckpointLog.open(this.path, OURS)).entries()) found.push(one);
    return found;
  }

  change(seq: number, change: Partial<JournalRow>): void {
    const row = this.store.journal[seq - 1];
    if (row !== undefined) this.store.journal[seq - 1] = { ...row, ...change };
  }

  /** Every event from `from` says something else, and the chain is whole again. */
  rechain(from: number): void {
    const { journal } = this.store;
    for (let index = from - 1; index < journal.length; index++) {
      const told = eventFromText((journal[index] as JournalRow).body);
      const event = { ...told, atMs: told.atMs + 1 } as DomainEvent;
      journal[index] = chain(journal[index - 1] ?? GENESIS, event);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly snapshotStore: SnapshotStore = {
    keep: async (snapshot) => void this.kept.set(snapshot.seq, snapshot),
    list: async () => [...this.kept.values()].toSorted((a, b) => b.seq - a.seq),
    state: async (seq) => this.kept.get(seq)?.state,
    prune: async (keep) => {
      for (const seq of [...this.kept.keys()].toSorted((a, b) => b - a).slice(keep))
        this.kept.delete(seq);
    },
  };
}

export async function write(ledger: Ledger, events: number): Promise<void> {
  for (let times = 0; times < events; times++) await ledger.append(numbered(ledger.head.seq));
  await ledger.flush();
}
