/**
 * The RFC 6962 Merkle tree over event hashes: a leaf is `SHA-256(00 ‖ hash)` of an event's 32 raw bytes,
 * a node `SHA-256(01 ‖ left ‖ right)`, the empty tree `SHA-256("")`. The first byte keeps a leaf from
 * passing for a node. Every hash outside is lower-case hex.
 */
import { hash } from 'node:crypto';

const HASH_BYTES = 32;
/** A tree of n leaves has at most one frontier node for each bit of n, and one more while it grows. */
const NODES_MAX = 64;
const HEX_HASH = /^[0-9a-f]{64}$/;

export const EMPTY_ROOT = hash('sha256', '', 'hex');

// Hashing is synchronous, so one buffer of each kind serves every tree.
const leafInput = Buffer.alloc(1 + HASH_BYTES, 0x00);
const nodeInput = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01);

/** A frontier as plain data. The nodes stand for ever smaller subtrees, the largest first. */
export interface SavedFrontier {
  readonly size: number;
  readonly nodes: readonly string[];
}

/**
 * The right edge of a growing tree: the roots of its complete subtrees, which is all that the next leaf
 * and the root need.
 */
export class Frontier {
  #size = 0;
  #count = 0;
  readonly #nodes = Buffer.alloc(NODES_MAX * HASH_BYTES);

  /** Throws when the nodes are not those of a tree of that size. */
  static load(saved: SavedFrontier): Frontier {
    const wanted = subtreesIn(saved.size);
    if (saved.nodes.length !== wanted) {
      throw new Error(
        `a tree of ${saved.size} leaves has ${wanted} nodes, not ${saved.nodes.length}`,
      );
    }
    const frontier = new Frontier();
    for (const node of saved.nodes) {
      if (!isHash(node)) throw new Error(`"${node}" is no node: give 64 lower-case hex digits`);
      frontier.#nodes.write(node, frontier.#count * HASH_BYTES, HASH_BYTES, 'hex');
      frontier.#count++;
    }
    frontier.#size = saved.size;
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  append(eventHash: string): void {
    this.#put(this.#count, leafDigest(eventHash));
    this.#count++;
    // Each trailing one bit of the old size is a complete subtree that the new leaf completes further.
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) this.#mergeLastTwo();
    this.#size++;
  }

  root(): string {
    if (this.#count === 0) return EMPTY_ROOT;
    let root = this.#node(this.#count - 1);
    for (let index = this.#count - 2; index >= 0; index--) root = nodeHash(this.#node(index), root);
    return root;
  }

  save(): SavedFrontier {
    return {
      size: this.#size,
      nodes: Array.from({ length: this.#count }, (_, index) => this.#node(index)),
    };
  }

  #mergeLastTwo(): void {
    const left = (this.#count - 2) * HASH_BYTES;
    this.#nodes.copy(nodeInput, 1, left, left + 2 * HASH_BYTES);
    this.#count--;
    this.#put(this.#count - 1, hash('sha256', nodeInput, 'binary'));
  }

  #put(index: number, digest: string): void {
    this.#nodes.write(digest, index * HASH_BYTES, HASH_BYTES, 'binary');
  }

  #node(index: number): string {
    return this.#nodes.toString('hex', index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }
}

export const isHash = (text: string): boolean => HEX_HASH.test(text);

export const leafHash = (eventHash: string): string =>
  Buffer.from(leafDigest(eventHash), 'binary').toString('hex');

export function nodeHash(left: string, right: string): string {
  nodeInput.write(left, 1, HASH_BYTES, 'hex');
  nodeInput.write(right, 1 + HASH_BYTES, HASH_BYTES, 'hex');
  return hash('sha256', nodeInput, 'hex');
}

/** One character for each byte: twice as fast as a buffer for each digest. */
function leafDigest(eventHash: string): string {
  if (eventHash.length !== 2 * HASH_BYTES || leafInput.write(eventHash, 1, 'hex') !== HASH_BYTES) {
    throw new Error(`"${eventHash}" is no event hash: give 64 hex digits`);
  }
  return hash('sha256', leafInput, 'binary');
}

/** The bits set in a size: each is one complete subtree. */
function subtreesIn(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new Error(`${size} is no size of a tree: give a whole number from 0`);
  }
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
