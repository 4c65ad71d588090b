/**
 * Proofs over the tree, after RFC 6962 §2.1.1: an audit path shows that one event is in a tree. Making one
 * is a single pass over the event hashes that keeps a handful of them; checking one needs no event but
 * its own.
 */
import { Frontier, isHash, leafHash, nodeHash } from './tree.ts';

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

/** The largest power of two below `size`: where a tree of more than one leaf divides. */
function split(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

const isLeaf = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;

/** PATH of RFC 6962: the siblings on the way from the leaf up. */
function besideLeaf(index: number, { from, to }: Range): readonly Range[] {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...besideLeaf(index, { from, to: middle }), { from: middle, to }]
    : [...besideLeaf(index, { from: middle, to }), { from, to: middle }];
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

function next(hashes: Iterator<string>): string | undefined {
  const { done, value } = hashes.next();
  return done === true ? undefined : value;
}
