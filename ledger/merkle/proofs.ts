/**
 * Proofs over the tree, after RFC 6962 §2.1: an audit path shows that one event is in a tree, a
 * consistency proof that a tree only grew. Making one is a single pass over the event hashes that keeps
 * a handful of them; checking one needs no event but its own.
 */
import { EMPTY_ROOT, Frontier, isHash, leafHash, nodeHash } from './tree.ts';

/** Event hashes in order, from the first event; it may hold more than the tree. */
export type EventHashes = Iterable<string> | AsyncIterable<string>;

/** Leaves `from` to `to`, without `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The audit path of the leaf at `index` (from 0) in the tree of the first `size` events, deepest first. */
export async function inclusionProof(
  index: number,
  size: number,
  hashes: EventHashes,
): Promise<readonly string[]> {
  if (!isLeaf(index, size)) throw new Error(`a tree of ${size} leaves has no leaf ${index}`);
  return rootsOf(besideLeaf(index, { from: 0, to: size }), hashes);
}

export function verifyInclusion(
  eventHash: string,
  index: number,
  size: number,
  path: readonly string[],
  root: string,
): boolean {
  if (!isLeaf(index, size) || ![eventHash, root, ...path].every(isHash)) return false;
  const given = path.values();
  const found = rootWithLeaf(leafHash(eventHash), index, size, given);
  return found === root && given.next().done === true;
}

/** Shows that the first `newSize` events begin with the first `oldSize`, deepest node first. */
export async function consistencyProof(
  oldSize: number,
  newSize: number,
  hashes: EventHashes,
): Promise<readonly string[]> {
  if (!isGrowth(oldSize, newSize)) {
    throw new Error(`a tree of ${oldSize} leaves does not grow into one of ${newSize}`);
  }
  // Every tree begins with nothing.
  if (oldSize === 0) return [];
  return rootsOf(besideTree(oldSize, { from: 0, to: newSize }, true), hashes);
}

export function verifyConsistency(
  oldSize: number,
  oldRoot: string,
  newSize: number,
  newRoot: string,
  proof: readonly string[],
): boolean {
  if (!isGrowth(oldSize, newSize) || ![oldRoot, newRoot, ...proof].every(isHash)) return false;
  if (oldSize === 0) {
    return oldRoot === EMPTY_ROOT && proof.length === 0 && (newSize > 0 || newRoot === oldRoot);
  }
  const given = proof.values();
  const found = grownRoots(oldSize, newSize, oldRoot, given);
  return found?.before === oldRoot && found.after === newRoot && given.next().done === true;
}

/** The largest power of two below `size`: where a tree of more than one leaf divides. */
function split(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

const isLeaf = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;

const isGrowth = (oldSize: number, newSize: number): boolean =>
  Number.isSafeInteger(oldSize) &&
  Number.isSafeInteger(newSize) &&
  oldSize >= 0 &&
  oldSize <= newSize;

/** PATH of RFC 6962: the siblings on the way from the leaf up. */
function besideLeaf(index: number, { from, to }: Range): readonly Range[] {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...besideLeaf(index, { from, to: middle }), { from: middle, to }]
    : [...besideLeaf(index, { from: middle, to }), { from, to: middle }];
}

/** SUBPROOF of RFC 6962. `isOldTree` while the old tree is all of the range so far, so its root is known. */
function besideTree(oldSize: number, { from, to }: Range, isOldTree: boolean): readonly Range[] {
  if (oldSize === to) return isOldTree ? [] : [{ from, to }];
  const middle = from + split(to - from);
  return oldSize <= middle
    ? [...besideTree(oldSize, { from, to: middle }, isOldTree), { from: middle, to }]
    : [...besideTree(oldSize, { from: middle, to }, false), { from, to: middle }];
}

/** The roots of ranges that do not overlap, in the order asked for. */
async function rootsOf(ranges: readonly Range[], hashes: EventHashes): Promise<readonly string[]> {
  const roots = new Map<Range, string>();
  const inOrder = [...ranges].sort((a, b) => a.from - b.from).values();
  let range = inOrder.next().value;
  let frontier = new Frontier();
  let index = 0;
  if (range === undefined) return [];
  for await (const eventHash of hashes) {
    if (index >= range.from) frontier.append(eventHash);
    index++;
    if (index < range.to) continue;
    roots.set(range, frontier.root());
    range = inOrder.next().value;
    if (range === undefined) return ranges.map((one) => roots.get(one) as string);
    frontier = new Frontier();
  }
  throw new Error(`there are only ${index} event hashes; the proof needs ${range.to} at least`);
}

/** Undefined when the path is too short. */
function rootWithLeaf(
  leaf: string,
  index: number,
  size: number,
  path: Iterator<string>,
): string | undefined {
  if (size === 1) return leaf;
  const middle = split(size);
  const isLeft = index < middle;
  const mine = isLeft
    ? rootWithLeaf(leaf, index, middle, path)
    : rootWithLeaf(leaf, index - middle, size - middle, path);
  const sibling = next(path);
  if (mine === undefined || sibling === undefined) return undefined;
  return isLeft ? nodeHash(mine, sibling) : nodeHash(sibling, mine);
}

interface Grown {
  readonly before: string;
  readonly after: string;
}

/** Both roots as the proof makes them. `oldRoot` is given while the old tree is all of the range. */
function grownRoots(
  oldSize: number,
  size: number,
  oldRoot: string | undefined,
  proof: Iterator<string>,
): Grown | undefined {
  if (oldSize === size) {
    const root = oldRoot ?? next(proof);
    return root === undefined ? undefined : { before: root, after: root };
  }
  const middle = split(size);
  const isLeft = oldSize <= middle;
  const inner = isLeft
    ? grownRoots(oldSize, middle, oldRoot, proof)
    : grownRoots(oldSize - middle, size - middle, undefined, proof);
  const sibling = next(proof);
  if (inner === undefined || sibling === undefined) return undefined;
  return isLeft
    ? { before: inner.before, after: nodeHash(inner.after, sibling) }
    : { before: nodeHash(sibling, inner.before), after: nodeHash(sibling, inner.after) };
}

function next(hashes: Iterator<string>): string | undefined {
  const { done, value } = hashes.next();
  return done === true ? undefined : value;
}
