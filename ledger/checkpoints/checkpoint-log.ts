/**
 * Signed checkpoints, kept where the database cannot reach them. Whoever changes the journal would have
 * to change this file too, and cannot without the key.
 *
 * One process writes it. What it cannot see by itself: that its own end was cut off while nobody had it
 * open. For that, keep a copy of the newest note elsewhere.
 */
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Checkpoint, checkpointText } from './checkpoint.ts';
import {
  CheckpointLogBroken,
  contradiction,
  readCheckpoints,
  readTail,
  SEPARATOR,
  type SignedCheckpoint,
  type Tail,
} from './log-file.ts';
import { type Signer, signNote } from './note.ts';
import { marked } from './retention.ts';

/** A checkpoint that contradicts what was signed before. A log must not sign that. */
export class ContradictingCheckpoint extends Error {
  override readonly name = 'ContradictingCheckpoint';
}

export interface Thinning {
  readonly kept: number;
  readonly dropped: number;
}

export class CheckpointLog {
  readonly path: string;
  readonly #signer: Signer;
  #last: SignedCheckpoint | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, signer: Signer) {
    this.path = path;
    this.#signer = signer;
  }

  /**
   * Takes up the log in `path`, which need not be there yet, and repairs what a crash left at its end.
   * Rejects with `CheckpointLogBroken` when it ends in something that this key did not sign.
   */
  static async open(path: string, signer: Signer): Promise<CheckpointLog> {
    const log = new CheckpointLog(path, signer);
    await log.#recover();
    return log;
  }

  /** What every checkpoint in it names as its origin. */
  get origin(): string {
    return this.#signer.name;
  }

  /** The newest that is known to be on disk. */
  get last(): SignedCheckpoint | undefined {
    return this.#last;
  }

  /** Oldest first, each proven on the way. */
  entries(): AsyncGenerator<SignedCheckpoint, void, undefined> {
    return readCheckpoints(this.path, this.#signer);
  }

  /**
   * Signs the checkpoint and puts it on disk. Rejects with `ContradictingCheckpoint`; with
   * `CheckpointLogBroken` when somebody else changed the file; and with what the file system says, after
   * which `last` is what it was and another try may succeed.
   */
  append(checkpoint: Checkpoint): Promise<SignedCheckpoint> {
    return this.#inTurn(async () => {
      await this.#recover();
      this.#refuseContradiction(checkpoint);
      const note = signNote(checkpointText(checkpoint), this.#signer);
      await mkdir(dirname(this.path), { recursive: true });
      await writeDurably(this.path, 'a', [note]);
      this.#last = { ...checkpoint, note };
      return this.#last;
    });
  }

  /**
   * Leaves out what retention does not keep. The notes that stay are the same bytes, and a crash leaves
   * the file as it was or as it shall be.
   */
  thin(nowMs: number): Promise<Thinning> {
    return this.#inTurn(async () => {
      await this.#recover();
      if (this.#last === undefined) return { kept: 0, dropped: 0 };
      const draft = `${this.path}.tmp`;
      const entries = this.entries();
      let kept = 0;
      let dropped = 0;
      async function* notes(): AsyncGenerator<string> {
        for await (const { checkpoint, isKept } of marked(entries, nowMs)) {
          if (isKept) yield checkpoint.note;
          if (isKept) kept += 1;
          else dropped += 1;
        }
      }
      try {
        await writeDurably(draft, 'w', notes());
        if (dropped > 0) await rename(draft, this.path);
        await syncDirectory(dirname(this.path));
      } finally {
        await rm(draft, { force: true });
      }
      return { kept, dropped };
    });
  }

  /**
   * Ends this log and begins an empty one, after somebody put back an older journal on purpose. The old
   * file stays beside it as `….ended-<size>`, with the reason in `….ended-<size>.reason`. Resolves to
   * its new path, or to undefined when there was nothing to end.
   */
  beginAnew(reason: string): Promise<string | undefined> {
    return this.#inTurn(async () => {
      await this.#recover();
      if (this.#last === undefined) return undefined;
      const aside = await reserve(`${this.path}.ended-${this.#last.size}`);
      await writeFile(`${aside}.reason`, `${reason}\n`, { flush: true });
      await rename(this.path, aside);
      await syncDirectory(dirname(this.path));
      this.#last = undefined;
      return aside;
    });
  }

  /** Takes up the end of the file as it is, which must not be behind what this log knows to be there. */
  async #recover(): Promise<void> {
    const tail = await readTail(this.path, this.#signer);
    if (this.#last !== undefined) {
      const because = tail.last === undefined ? 'is gone' : contradiction(this.#last, tail.last);
      if (because !== undefined) {
        throw new CheckpointLogBroken(
          `${this.path} was changed by somebody else: the checkpoint of ${this.#last.size} events ` +
            `was its last, and now the last ${because}.`,
        );
      }
    }
    if (tail.torn !== 'NOTHING') await repair(this.path, tail);
    this.#last = tail.last;
  }

  #refuseContradiction(next: Checkpoint): void {
    const because =
      next.origin === this.origin
        ? this.#last && contradiction(this.#last, next)
        : `is of ${next.origin}, not of ${this.origin}`;
    if (because !== undefined) {
      throw new ContradictingCheckpoint(`The checkpoint is not signed: it ${because}.`);
    }
  }

  /** One at a time, in the order asked for. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** Ends a whole note with its separator; of a note that is not whole nothing stays. */
async function repair(path: string, { wholeBytes, torn }: Tail): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(wholeBytes);
    if (torn === 'SEPARATOR') await file.write(SEPARATOR, wholeBytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeDurably(
  path: string,
  flag: 'a' | 'w',
  notes: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const file = await open(path, flag);
  try {
    for await (const note of notes) await file.appendFile(note + SEPARATOR);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(dirname(path));
}

/** A name that nothing has yet, taken by an empty file: moving onto it overwrites nothing. */
async function reserve(wanted: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    try {
      await (await open(path, 'wx')).close();
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A new name is durable once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
