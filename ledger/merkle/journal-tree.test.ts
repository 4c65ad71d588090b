import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GENESIS } from '../hash-chain.ts';
import { NotState, type Saved } from '../snapshots/state-text.ts';
import { JournalTree } from './journal-tree.ts';
import { treeRoot } from './testing/definition.ts';

const hashOf = (seq: number): string => createHash('sha256').update(`event ${seq}`).digest('hex');
const hashes = (size: number): readonly string[] =>
  Array.from({ length: size }, (_, index) => hashOf(index + 1));

function treeOf(size: number): JournalTree {
  const tree = new JournalTree();
  for (const [index, hash] of hashes(size).entries()) tree.add({ seq: index + 1, hash });
  return tree;
}

describe('the tree of a journal', () => {
  test('begins with nothing, and ends with the newest event', () => {
    expect(treeOf(0)).toMatchObject({ size: 0, head: GENESIS });
    expect(treeOf(9)).toMatchObject({ size: 9, head: { seq: 9, hash: hashOf(9) } });
  });

  test('put away anywhere and taken up again, it grows as if it had never been', () => {
    fc.assert(
      fc.property(fc.nat(70), fc.nat(70), (size, more) => {
        const again = new JournalTree();
        again.load(JSON.parse(JSON.stringify(treeOf(size).save())) as Saved);
        for (let seq = size + 1; seq <= size + more; seq++) again.add({ seq, hash: hashOf(seq) });
        expect(again.root()).toBe(treeRoot(hashes(size + more)));
        expect(again.save()).toEqual(treeOf(size + more).save());
      }),
      { numRuns: 50 },
    );
  });

  test('refuses to be taken up from anything that is no tree', () => {
    const saved = treeOf(5).save() as Readonly<Record<string, Saved>>;
    const { nodes: _, ...rest } = saved;
    const wrong: readonly Saved[] = [
      null,
      [],
      rest,
      { ...saved, more: 1 },
      { ...saved, seq: 6 },
      { ...saved, seq: 'x' },
      { ...saved, hash: 'x' },
    ];
    for (const one of wrong) expect(() => new JournalTree().load(one)).toThrow(NotState);
    expect(() => new JournalTree().load({ ...saved, nodes: [] })).toThrow('has 2 nodes, not 0');
    expect(() => new JournalTree().load({ ...saved, size: 4, seq: 4 })).toThrow('has 1 nodes');
  });

  test('is not changed by an event that is only told, not added', () => {
    const tree = treeOf(3);
    tree.apply({} as never);
    expect(tree.save()).toEqual(treeOf(3).save());
  });
});
