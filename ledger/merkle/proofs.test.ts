import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inclusionProof, verifyInclusion } from './proofs.ts';
import { auditPath, treeRoot } from './testing/definition.ts';

const EVENTS = Array.from({ length: 70 }, (_, index) =>
  createHash('sha256').update(`event ${index}`).digest('hex'),
);
const first = (size: number): readonly string[] => EVENTS.slice(0, size);
const ROOTS = Array.from({ length: EVENTS.length + 1 }, (_, size) => treeRoot(first(size)));
const root = (size: number): string => ROOTS[size] as string;
const event = (index: number): string => EVENTS[index] as string;

/** A size and a leaf in it. */
const leaf = fc
  .integer({ min: 1, max: EVENTS.length })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));

async function* slowly(hashes: readonly string[]): AsyncIterable<string> {
  for (const one of hashes) {
    await Promise.resolve();
    yield one;
  }
}

const flip = (hash: string): string => (hash.startsWith('0') ? '1' : '0') + hash.slice(1);

describe('an inclusion proof', () => {
  test('is the audit path of RFC 6962, for every leaf of every size', async () => {
    for (let size = 1; size <= 33; size++) {
      for (let index = 0; index < size; index++) {
        const path = await inclusionProof(index, size, EVENTS);
        expect(path).toEqual(auditPath(index, first(size)));
        expect(verifyInclusion(event(index), index, size, path, root(size))).toBe(true);
      }
    }
  });

  test('comes from a stream as well, and takes no more of it than it needs', async () => {
    let taken = 0;
    async function* counted(): AsyncIterable<string> {
      for await (const one of slowly(EVENTS)) {
        taken++;
        yield one;
      }
    }
    expect(await inclusionProof(2, 5, counted())).toEqual(auditPath(2, first(5)));
    expect(taken).toBe(5);
  });

  test('shows one event at one place of one tree and no other', async () => {
    await fc.assert(
      fc.asyncProperty(leaf, leaf, async ({ index, size }, other) => {
        const path = await inclusionProof(index, size, EVENTS);
        const shows = (shown: number, at: number, tree: number): boolean =>
          verifyInclusion(event(shown), at, size, path, root(tree));
        expect(shows(index, index, size)).toBe(true);
        expect(shows(other.index, index, size)).toBe(other.index === index);
        expect(shows(index, other.index, size)).toBe(other.index === index);
        expect(shows(index, index, other.size)).toBe(other.size === size);
      }),
    );
  });

  test('fails when any hash in it is changed, left out or added', async () => {
    await fc.assert(
      fc.asyncProperty(leaf, fc.nat(), async ({ index, size }, at) => {
        const path = await inclusionProof(index, size, EVENTS);
        const holds = (given: readonly string[], of = root(size)): boolean =>
          verifyInclusion(event(index), index, size, given, of);
        expect(holds([...path, event(0)])).toBe(false);
        expect(holds(path, flip(root(size)))).toBe(false);
        if (path.length === 0) return;
        const place = at % path.length;
        expect(holds(path.with(place, flip(path[place] as string)))).toBe(false);
        expect(holds(path.toSpliced(place, 1))).toBe(false);
      }),
    );
  });

  test('is refused, not thrown at, when it is nonsense', () => {
    expect(verifyInclusion(event(0), 0, 1, [], root(1))).toBe(true);
    expect(verifyInclusion('', 0, 1, [], root(1))).toBe(false);
    expect(verifyInclusion(event(0), 0, 2, ['no hash'], root(2))).toBe(false);
    for (const [index, size] of [
      [-1, 1],
      [1, 1],
      [0, 0],
      [0.5, 1],
      [0, Number.NaN],
      [0, 2 ** 53],
    ]) {
      expect(verifyInclusion(event(0), index as number, size as number, [], root(1))).toBe(false);
    }
  });

  test('cannot be made for a leaf that is not there, nor from too few events', async () => {
    await expect(inclusionProof(5, 5, EVENTS)).rejects.toThrow('a tree of 5 leaves has no leaf 5');
    await expect(inclusionProof(0, 0, [])).rejects.toThrow('a tree of 0 leaves has no leaf 0');
    await expect(inclusionProof(0, 9, first(8))).rejects.toThrow(
      'there are only 8 event hashes; the proof needs 9 at least',
    );
  });
});
