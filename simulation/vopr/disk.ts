import type { Leadership, TakenOver } from '../../ledger/leadership.ts';
import { MemoryStore } from '../../ledger/memory-store.ts';
import { StoreFailed, type StoreWork } from '../../ledger/store.ts';
import type { Dice } from './dice.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Witness } from './witness.ts';

const FAIL_CHANCE = 0.004;
const FULL_CHANCE = 0.25;
const FULL_MS_MAX = 30_000;

/** What outlives every process: the store, the disk below it, and the witness who sees what it keeps. */
export class Disk {
  readonly store = new MemoryStore();
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #witness: Witness;
  #fails: boolean;
  #fullUntilMs = Number.NEGATIVE_INFINITY;
  #heard = 0;
  #epoch = 0;

  constructor(time: VirtualTime, dice: Dice, witness: Witness, fails: boolean) {
    this.#time = time;
    this.#dice = dice;
    this.#witness = witness;
    this.#fails = fails;
  }

  heal(): void {
    this.#fails = false;
    this.#fullUntilMs = Number.NEGATIVE_INFINITY;
  }

  async lead(holder: string): Promise<TakenOver> {
    this.#mayFail('refuses to be opened');
    const leadership = await this.store.takeLeadership(holder);
    // What the one before committed was committed before this.
    this.#witnessCommits(this.#epoch);
    this.#epoch = leadership.epoch;
    this.#witness.hear({ kind: 'LED', epoch: leadership.epoch });
    return leadership;
  }

  async commit<T>(as: Leadership, work: StoreWork<T>): Promise<T> {
    this.#mayFail('fails before the commit');
    const value = await this.store.transaction(as, work);
    this.#witnessCommits(as.epoch);
    this.#mayFail('fails after the commit');
    return value;
  }

  #witnessCommits(epoch: number): void {
    const rows = this.store.journal.slice(this.#heard);
    if (rows.length === 0) return;
    this.#heard += rows.length;
    this.#witness.hear({ kind: 'COMMITTED', epoch, rows });
  }

  #mayFail(how: string): void {
    if (!this.#fails) return;
    if (this.#time.now() < this.#fullUntilMs) throw new StoreFailed('The disk is full.');
    if (!this.#dice.happens(FAIL_CHANCE)) return;
    if (this.#dice.happens(FULL_CHANCE))
      this.#fullUntilMs = this.#time.now() + this.#dice.whole(1, FULL_MS_MAX);
    this.#witness.note(`the store ${how}`);
    throw new StoreFailed(`The store ${how}.`);
  }
}
