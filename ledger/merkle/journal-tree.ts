import type { DomainEvent } from '../../domain/event.ts';
import { GENESIS } from '../hash-chain.ts';
import type { Head } from '../ledger.ts';
import type { Fold } from '../snapshots/fold.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { NotState, type Saved } from '../snapshots/state-text.ts';
import { Frontier, isHash, type SavedFrontier } from './tree.ts';

/** The tree over a journal as far as it was seen. It grows by hashes, not by what events say. */
export class JournalTree implements Fold {
  #head: Head = GENESIS;
  #frontier = new Frontier();

  /** The last event in it. */
  get head(): Head {
    return this.#head;
  }

  get size(): number {
    return this.#frontier.size;
  }

  root(): string {
    return this.#frontier.root();
  }

  add({ seq, hash }: Head): void {
    this.#frontier.append(hash);
    this.#head = { seq, hash };
  }

  apply(_event: DomainEvent): void {}

  save(): Saved {
    const { seq, hash } = this.#head;
    const { size, nodes } = this.#frontier.save();
    return { seq, hash, size, nodes };
  }

  load(saved: Saved): void {
    const { seq, hash, ...frontier } = unpackLike<Head & SavedFrontier>(saved, {
      ...GENESIS,
      size: 0,
      nodes: [],
    });
    if (seq !== frontier.size || !isHash(hash))
      throw new NotState(`a tree of ${frontier.size} leaves does not end with event ${seq}`);
    this.#frontier = Frontier.load(frontier);
    this.#head = { seq, hash };
  }
}
