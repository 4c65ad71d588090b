import { hash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { Fold } from './fold.ts';
import type { SnapshotStore, StoredSnapshot } from './snapshot-store.ts';
import type { Saved } from './state-text.ts';

/** A start falls back on the one before when the newest is of another version. */
export const SNAPSHOTS_KEPT = 3;

/** A fold, and the last event that it has seen. */
export interface TakenUp<T> {
  readonly fold: T;
  readonly afterSeq: number;
  /** It is of no use any more, and must not go into the next snapshot. */
  readonly drop: () => void;
}

/**
 * The projections of one running Plimsoll, put away together and taken up again at the next start. A
 * snapshot is only ever a shortcut: one that nobody vouches for, or that does not load, is passed over
 * and the journal is read instead.
 */
export class Snapshots {
  readonly fingerprint: string;
  /** The event of the snapshot that was found; 0 for none. */
  readonly seq: number;
  readonly #sections: Readonly<Record<string, Saved>>;
  readonly #folds = new Map<string, Fold>();

  private constructor(fingerprint: string, seq: number, sections: Readonly<Record<string, Saved>>) {
    this.fingerprint = fingerprint;
    this.seq = seq;
    this.#sections = sections;
  }

  /** For a journal that is always read from its beginning. */
  static none(): Snapshots {
    return new Snapshots('', 0, {});
  }

  /** The newest of the store's that is of this fingerprint and whose hash `vouched` gives for its event. */
  static async open(
    store: SnapshotStore,
    fingerprint: string,
    vouched: ReadonlyMap<number, string>,
  ): Promise<Snapshots> {
    for (const found of await store.list()) {
      if (found.fingerprint !== fingerprint || vouched.get(found.seq) !== found.hash) continue;
      const state = await store.state(found.seq);
      if (state === undefined || !isWhole({ ...found, state })) continue;
      return new Snapshots(fingerprint, found.seq, JSON.parse(state) as Record<string, Saved>);
    }
    return new Snapshots(fingerprint, 0, {});
  }

  /** A fold as the snapshot has it, else a fresh one; either way it is in every later snapshot. */
  takeUp<T extends Fold>(name: string, make: () => T): TakenUp<T> {
    const { fold, afterSeq } = this.#load(name, make);
    this.#folds.set(name, fold);
    return { fold, afterSeq, drop: () => void this.#folds.delete(name) };
  }

  /** What the folds hold now; every one of them has seen event `seq` and nothing after it. */
  take(seq: number): StoredSnapshot {
    const sections = Object.fromEntries(
      [...this.#folds].map(([name, fold]) => [name, fold.save()] as const),
    );
    const state = canonicalJson(sections);
    const { fingerprint } = this;
    return { seq, fingerprint, hash: hashOf(fingerprint, state), state };
  }

  #load<T extends Fold>(name: string, make: () => T): { fold: T; afterSeq: number } {
    const saved = this.#sections[name];
    if (saved === undefined) return { fold: make(), afterSeq: 0 };
    try {
      const fold = make();
      fold.load(saved);
      return { fold, afterSeq: this.seq };
    } catch {
      // Written by another version of this fold: the journal says the same, only more slowly.
      return { fold: make(), afterSeq: 0 };
    }
  }
}

/** The sections of a snapshot's state as canonical text, for comparing. */
export const sectionTexts = (state: string): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(JSON.parse(state) as Record<string, unknown>).map(([name, section]) => [
      name,
      canonicalJson(section),
    ]),
  );

/** Whether it is what its hash says; who vouches for the hash is another question. */
export const isWhole = ({ fingerprint, state, hash: told }: StoredSnapshot): boolean =>
  hashOf(fingerprint, state) === told;

/** What it was made by is vouched for too: another's state must not pass for ours. */
const hashOf = (fingerprint: string, state: string): string =>
  hash('sha256', `${fingerprint}\n${state}`, 'hex');
