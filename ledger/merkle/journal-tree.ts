import type { DomainEvent } from '../../domain/event.ts';
import { GENESIS } from '../hash-chain.ts';
import type { Head } from '../ledger.ts';
import type { Fold } from '../snapshots/fold.ts';
import type { Saved } from '../snapshots/state-text.ts';
import { Frontier, type SavedFrontier } from './tree.ts';

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
    const { seq, hash, ...frontier } = saved as unknown as Head & SavedFrontier;
    this.#frontier = Frontier.load(frontier);
    this.#head = { seq, hash };
  }
}
