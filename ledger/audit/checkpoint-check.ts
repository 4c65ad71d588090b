import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { type Finding, finding } from './finding.ts';

/**
 * Compares a journal with the checkpoints that were signed of it: as its tree grows, it must have the
 * root of each checkpoint at the size of each.
 */
export class CheckpointCheck {
  /** Oldest first. */
  readonly #checkpoints: readonly Checkpoint[];
  #agreed: number;

  /** Of a tree that is there already, what lies below its size was compared before. */
  constructor(checkpoints: readonly Checkpoint[], sizeBefore = 0) {
    this.#checkpoints = checkpoints;
    this.#agreed = checkpoints.filter(({ size }) => size <= sizeBefore).length;
  }

  /** How many checkpoints the journal agrees with. */
  get agreed(): number {
    return this.#agreed;
  }

  /** What is wrong as of the newest event in the tree, or undefined. Must see the tree at every size. */
  see(tree: { readonly size: number; root(): string }): Finding | undefined {
    for (;;) {
      const next = this.#checkpoints[this.#agreed];
      if (next === undefined || next.size > tree.size) return undefined;
      if (next.root !== tree.root()) return this.#disagrees(next);
      this.#agreed += 1;
    }
  }

  /** What is wrong with a journal that ends with event `size`, after `commits` commits. */
  end(size: number, commits: number): Finding | undefined {
    const last = this.#checkpoints.at(-1);
    if (last === undefined) return undefined;
    if (last.size <= size) return commits < last.commits ? setBack(size, commits, last) : undefined;
    const lost = `The journal ends at event ${size}, but a checkpoint signed at ${instant(last)} saw event ${last.size}`;
    return commits < last.commits
      ? finding(
          'OLDER_COPY',
          size + 1,
          `${lost}: an older copy of the database was put back; it was written ${commits} times, and then already ${last.commits} times.`,
        )
      : finding('TAIL_CUT', size + 1, `${lost}: the tail was cut off.`);
  }

  #disagrees(next: Checkpoint): Finding {
    const before = this.#checkpoints[this.#agreed - 1];
    // That there was nothing is true of every journal.
    if (before === undefined || before.size === 0) {
      return finding(
        'REBUILT',
        1,
        `The first ${next.size} events are not those that a checkpoint signed at ${instant(next)} saw: the chain was rebuilt, or this is another journal.`,
      );
    }
    return finding(
      'FORKED',
      before.size + 1,
      `The journal parts from its checkpoints between event ${before.size + 1} and ${next.size}: up to ${before.size} it is what was signed at ${instant(before)}, and not what was signed at ${instant(next)}.`,
    );
  }
}

const setBack = (size: number, commits: number, last: Checkpoint): Finding =>
  finding(
    'HEAD_DISAGREES',
    size,
    `The head says that the journal was written ${commits} times, but a checkpoint signed at ${instant(last)} knew of ${last.commits} times.`,
  );

const instant = ({ atMs }: Checkpoint): string => new Date(atMs).toISOString();
