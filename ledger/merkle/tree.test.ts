import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { treeRoot } from './testing/definition.ts';
import { EMPTY_ROOT, Frontier, leafHash, nodeHash } from './tree.ts';

const eventHash = (index: number): string =>
  createHash('sha256').update(`event ${index}`).digest('hex');
const EVENTS = Array.from({ length: 1_000 }, (_, index) => eventHash(index));

function frontierOf(hashes: readonly string[]): Frontier {
  const frontier = new Frontier();
  for (const one of hashes) frontier.append(one);
  return frontier;
}

const hashes = fc.array(
  fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('hex')),
  { maxLength: 70 },
);

describe('the Merkle tree', () => {
  // Made by another program in another language.
  test.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, 'fc7916dc7fb38243495ad6a5fc584290e076f9cfcb00641f86546f4a8e27028d'],
    [2, '81f5c95d6bef476e64b9599984e1033ec99eca3610a7750c7cca284764e35530'],
    [3, 'b5878acbf363bd1829743b285936426203732a0ca2f05971ca9f268a2f24872a'],
    [7, '0c81987f75d6996491309991da68af48923adde91de36c6936de0364747d588d'],
    [8, '1ec6deba4fe67c0c1a46665c64244f9a2086f9b6656e64c165510b957edecf4a'],
    [1000, '5fee179b3c3e9eed9c656c4f4215105acb1435bfeb42712dd102bd912cb5d75c'],
  ])('of %i known events has the root that everybody gets', (size, root) => {
    expect(frontierOf(EVENTS.slice(0, size)).root()).toBe(root);
  });

  test('is the one that RFC 6962 defines', () => {
    fc.assert(
      fc.property(hashes, (events) => {
        expect(frontierOf(events).root()).toBe(treeRoot(events));
      }),
    );
  });

  test('gives the root at every size on the way, and asking does not disturb it', () => {
    const frontier = new Frontier();
    for (let size = 0; size <= 130; size++) {
      expect(frontier.size).toBe(size);
      expect(frontier.root()).toBe(treeRoot(EVENTS.slice(0, size)));
      frontier.append(EVENTS[size] as string);
    }
  });

  test('keeps a leaf from passing for a node', () => {
    const [one = '', two = ''] = EVENTS;
    expect(leafHash(one)).not.toBe(one);
    expect(nodeHash(one, two)).not.toBe(nodeHash(two, one));
    expect(frontierOf([one, two]).root()).toBe(nodeHash(leafHash(one), leafHash(two)));
    expect(frontierOf([]).root()).toBe(EMPTY_ROOT);
  });

  test('tells apart any two journals, also when one repeats the last event of the other', () => {
    const [one = '', two = '', three = ''] = EVENTS;
    const roots = [[one], [one, one], [one, two, three], [one, two, three, three]].map((events) =>
      frontierOf(events).root(),
    );
    expect(new Set(roots).size).toBe(4);
  });
});

describe('a saved frontier', () => {
  test('goes on as if it had never been saved', () => {
    fc.assert(
      fc.property(hashes, hashes, (before, after) => {
        const text = JSON.stringify(frontierOf(before).save());
        const resumed = Frontier.load(JSON.parse(text) as ReturnType<Frontier['save']>);
        for (const one of after) resumed.append(one);
        expect(resumed.save()).toEqual(frontierOf([...before, ...after]).save());
        expect(resumed.root()).toBe(treeRoot([...before, ...after]));
      }),
    );
  });

  test('is a handful of hashes, whatever the size', () => {
    expect(frontierOf(EVENTS).save().nodes).toHaveLength(6);
    expect(frontierOf(EVENTS.slice(0, 512)).save().nodes).toHaveLength(1);
  });

  test('stays as it was when the tree it was taken from grows', () => {
    const frontier = frontierOf(EVENTS.slice(0, 7));
    const saved = frontier.save();
    frontier.append(EVENTS[7] as string);
    expect(Frontier.load(saved).root()).toBe(treeRoot(EVENTS.slice(0, 7)));
  });

  test('can be of the largest size there is', () => {
    const nodes = Array.from({ length: 53 }, () => EMPTY_ROOT);
    const { size, nodes: kept } = Frontier.load({ size: Number.MAX_SAFE_INTEGER, nodes }).save();
    expect({ size, kept }).toEqual({ size: Number.MAX_SAFE_INTEGER, kept: nodes });
  });

  test.each([
    [{ size: 3, nodes: [EMPTY_ROOT] }, 'a tree of 3 leaves has 2 nodes, not 1'],
    [{ size: 4, nodes: [] }, 'a tree of 4 leaves has 1 nodes, not 0'],
    [{ size: 0, nodes: [EMPTY_ROOT] }, 'a tree of 0 leaves has 0 nodes, not 1'],
    [{ size: -1, nodes: [] }, '-1 is no size of a tree'],
    [{ size: 1.5, nodes: [EMPTY_ROOT] }, '1.5 is no size of a tree'],
    [{ size: 2 ** 53, nodes: [EMPTY_ROOT] }, '9007199254740992 is no size of a tree'],
    [{ size: 1, nodes: ['ab'] }, '"ab" is no node'],
    [{ size: 1, nodes: [EMPTY_ROOT.toUpperCase()] }, 'is no node: give 64 lower-case hex digits'],
  ])('is refused when it cannot be one: %j', (saved, because) => {
    expect(() => Frontier.load(saved)).toThrow(because);
  });
});

test.each(['', 'ab', 'x'.repeat(64), `${EMPTY_ROOT}00`, `${EMPTY_ROOT.slice(1)}é`])(
  'a tree takes only event hashes, and %j changes nothing in it',
  (text) => {
    const frontier = frontierOf(EVENTS.slice(0, 3));
    expect(() => frontier.append(text)).toThrow('is no event hash: give 64 hex digits');
    expect(frontier.save()).toEqual(frontierOf(EVENTS.slice(0, 3)).save());
  },
);
