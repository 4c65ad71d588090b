import { describe, expect, test } from 'vitest';
import type { DomainEvent } from '../../domain/event.ts';
import type { Fold } from './fold.ts';
import type { SnapshotStore, StoredSnapshot } from './snapshot-store.ts';
import { isWhole, sectionTexts, Snapshots } from './snapshots.ts';
import { NotState, type Saved } from './state-text.ts';

/** Counts what it was told. */
class Counter implements Fold {
  count = 0;
  apply(_event: DomainEvent): void {
    this.count += 1;
  }
  save(): Saved {
    return { count: this.count };
  }
  load(saved: Saved): void {
    const { count } = saved as { readonly count?: number };
    if (count === undefined) throw new NotState('no count');
    this.count = count;
  }
}

class Kept implements SnapshotStore {
  readonly rows = new Map<number, StoredSnapshot>();
  async keep(snapshot: StoredSnapshot): Promise<void> {
    this.rows.set(snapshot.seq, snapshot);
  }
  async list() {
    return [...this.rows.values()].toSorted((a, b) => b.seq - a.seq);
  }
  async state(seq: number): Promise<string | undefined> {
    return this.rows.get(seq)?.state;
  }
  async prune(): Promise<void> {}

  change(seq: number, change: Partial<StoredSnapshot>): void {
    const before = this.rows.get(seq) as StoredSnapshot;
    this.rows.set(seq, { ...before, ...change });
  }

  /** As if every one of them was signed. */
  vouched(): ReadonlyMap<number, string> {
    return new Map([...this.rows].map(([seq, { hash }]) => [seq, hash]));
  }
}

/** Snapshots of event 10 and of event 20, of a counter that has counted as many. */
async function store(fingerprint = 'ours'): Promise<Kept> {
  const kept = new Kept();
  const snapshots = await Snapshots.open(kept, fingerprint, new Map());
  const { fold } = snapshots.takeUp('counter', () => new Counter());
  for (const seq of [10, 20]) {
    fold.count = seq;
    await kept.keep(snapshots.take(seq));
  }
  return kept;
}

async function found(kept: Kept, vouched = kept.vouched(), fingerprint = 'ours') {
  const snapshots = await Snapshots.open(kept, fingerprint, vouched);
  const { fold, afterSeq } = snapshots.takeUp('counter', () => new Counter());
  return [snapshots.seq, afterSeq, fold.count];
}

describe('a snapshot', () => {
  test('is taken up when it is the newest, and a checkpoint vouches for it', async () => {
    expect(await found(await store())).toEqual([20, 20, 20]);
  });

  test('that nobody vouches for is passed over for the one before, or for none', async () => {
    const kept = await store();
    const all = kept.vouched();
    expect(await found(kept, new Map([...all].slice(0, 1)))).toEqual([10, 10, 10]);
    expect(await found(kept, new Map())).toEqual([0, 0, 0]);
    // A hash that was signed of another event is nobody's.
    expect(await found(kept, new Map([[20, all.get(10) ?? '']]))).toEqual([0, 0, 0]);
  });

  test('of another fingerprint is passed over, also where somebody wrote ours over it', async () => {
    const kept = await store('theirs');
    expect(await found(kept)).toEqual([0, 0, 0]);
    kept.change(20, { fingerprint: 'ours' });
    expect(await found(kept)).toEqual([0, 0, 0]);
  });

  test('that was damaged is passed over, whatever byte of it', async () => {
    const whole = (await store()).rows.get(20) as StoredSnapshot;
    for (let at = 0; at < whole.state.length; at++) {
      const kept = await store();
      const state = `${whole.state.slice(0, at)}#${whole.state.slice(at + 1)}`;
      kept.change(20, { state });
      expect(await found(kept)).toEqual([10, 10, 10]);
      kept.change(10, { state: '' });
      expect(await found(kept)).toEqual([0, 0, 0]);
    }
  });

  test('that is listed and gone is passed over', async () => {
    const kept = await store();
    kept.state = async (seq) => (seq === 20 ? undefined : kept.rows.get(seq)?.state);
    expect(await found(kept)).toEqual([10, 10, 10]);
  });

  test('whose part a fold does not understand gives that fold from the beginning, and the others as they were', async () => {
    const kept = new Kept();
    const written = await Snapshots.open(kept, 'ours', new Map());
    written.takeUp('a', () => new Counter()).fold.count = 5;
    const strange = { apply: () => {}, save: () => ({ other: 1 }), load: () => {} };
    written.takeUp('b', () => strange);
    await kept.keep(written.take(5));
    const read = await Snapshots.open(kept, 'ours', kept.vouched());
    expect(read.takeUp('a', () => new Counter())).toMatchObject({
      afterSeq: 5,
      fold: { count: 5 },
    });
    expect(read.takeUp('b', () => new Counter())).toMatchObject({
      afterSeq: 0,
      fold: { count: 0 },
    });
    expect(read.takeUp('c', () => new Counter())).toMatchObject({
      afterSeq: 0,
      fold: { count: 0 },
    });
    // Every one of them is in the next, whether it was in this or not.
    expect([...sectionTexts(read.take(6).state).keys()]).toEqual(['a', 'b', 'c']);
  });

  test('leaves out a fold that was dropped', async () => {
    const snapshots = Snapshots.none();
    snapshots.takeUp('kept', () => new Counter());
    snapshots.takeUp('dropped', () => new Counter()).drop();
    expect([...sectionTexts(snapshots.take(1).state).keys()]).toEqual(['kept']);
  });

  test('is whole only with the fingerprint, the state and the hash it was made with', async () => {
    const whole = (await store()).rows.get(20) as StoredSnapshot;
    expect(isWhole(whole)).toBe(true);
    expect(isWhole({ ...whole, fingerprint: 'ours ' })).toBe(false);
    expect(isWhole({ ...whole, state: `${whole.state} ` })).toBe(false);
    expect(isWhole({ ...whole, hash: whole.hash.toUpperCase() })).toBe(false);
    const moved = { fingerprint: `ours\n${whole.state}`, state: '' };
    expect(isWhole({ ...whole, ...moved })).toBe(false);
  });

  test('of equal folds has an equal hash', async () => {
    const [one, other] = [await store(), await store()];
    expect([...one.vouched()]).toEqual([...other.vouched()]);
  });
});
