/**
 * Stops everything: first nothing new may begin, then nothing that could still open a position may rest,
 * then, if that is wanted, every position is closed. It waits for nobody's turn, and its first two steps
 * need neither the agents nor the database.
 *
 * Exits stay where they guard a position: taking its stop away would not make anybody safer. They go
 * once the position is flat.
 */
import { draft } from '../domain/draft.ts';
import type { Actor, EventBodies } from '../domain/event.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import type { ExecutionEngine } from './engine.ts';
import type { PositionGuard } from './position-guard.ts';

export interface KillParts {
  readonly engine: ExecutionEngine;
  readonly guard: PositionGuard;
  readonly ledger: Ledger;
  readonly book: ReadonlyBook;
  /** Waits so many real milliseconds; a simulation moves its clock instead. */
  readonly pause: (ms: number) => Promise<void>;
}

export interface KillOrder {
  /** Also close every position at the market. */
  readonly flatten: boolean;
  readonly because: string;
  readonly by: Actor;
}

export type KillStep = 'NO_NEW_ORDERS' | 'CANCELED' | 'FLAT';

export interface KillReport {
  readonly canceled: readonly ClientOrderId[];
  readonly exitsKept: readonly ClientOrderId[];
  /** False when the venue would not say what rests there. */
  readonly confirmed: boolean;
  /** Could not be shown to be gone from the venue. */
  readonly leftOpen: readonly ClientOrderId[];
  readonly flat: boolean;
  /** False when the ledger could not be written, or not in time: then positions keep their stops. */
  readonly recorded: boolean;
}

/** What of it is written down. */
type Record = EventBodies['kill-switch.completed'];

const ROUND_MS = 250;
/** Ten seconds, past the acceptance window of an entry that was on its way. */
const CANCEL_ROUNDS = 40;
const FLATTEN_ROUNDS = 120;
/** Two seconds: what the ledger has not taken down by then is done without it. */
const LEDGER_ROUNDS = 100;
const LEDGER_ROUND_MS = 20;

export class KillSwitch {
  readonly #parts: KillParts;
  /** The ledger did not answer in time once; it is not waited for again. */
  #ledgerSilent = false;

  constructor(parts: KillParts) {
    this.#parts = parts;
  }

  /** Tells each step as it is reached; resolves when there is nothing left to do, or too long was waited. */
  async pull(order: KillOrder, onStep: (step: KillStep) => void = () => {}): Promise<KillReport> {
    const { engine } = this.#parts;
    engine.raiseFence();
    this.#ledgerSilent = false;
    await this.#recorded(() => engine.pull('KILL_SWITCH', order.because, order.by));
    onStep('NO_NEW_ORDERS');
    const canceled = await this.#cancelEntries(order.because);
    const left = await this.#confirmGone(canceled, order.because);
    if (left?.length === 0) onStep('CANCELED');
    if (order.flatten) await this.#flatten(order, onStep);
    const report = this.#report(canceled, left);
    const recorded = await this.#recorded(() => this.#record(report, order.by));
    return { ...report, recorded };
  }

  /**
   * True when it was done. What a broken ledger cannot take down, or a slow one not in time, must not keep
   * the rest from happening.
   */
  async #recorded(work: () => Promise<unknown>): Promise<boolean> {
    const { ledger, pause } = this.#parts;
    if (!this.#ledgerHears()) return false;
    const told = { done: false };
    const working = work().then(
      () => {
        told.done = true;
      },
      (error: unknown) => {
        if (ledger.broken === undefined) throw error;
      },
    );
    // Who does not wait for it any more does not want to hear how it failed either.
    working.catch(() => {});
    for (let round = 0; !told.done && round < LEDGER_ROUNDS; round++) {
      await Promise.race([working, pause(LEDGER_ROUND_MS)]);
      if (ledger.broken !== undefined) return false;
    }
    if (!told.done) this.#ledgerSilent = true;
    return told.done;
  }

  #ledgerHears(): boolean {
    return this.#parts.ledger.broken === undefined && !this.#ledgerSilent;
  }

  async #cancelEntries(because: string): Promise<readonly ClientOrderId[]> {
    const entries = this.#liveEntries();
    await Promise.all(entries.map((id) => this.#cancel(id, because)));
    return entries;
  }

  async #cancel(id: ClientOrderId, because: string): Promise<void> {
    const { engine } = this.#parts;
    const recorded = await this.#recorded(() => engine.cancel(id, because));
    if (!recorded) await engine.cancelUnrecorded(id);
  }

  #liveEntries(): readonly ClientOrderId[] {
    return this.#parts.book
      .liveOrders()
      .filter(({ order }) => order.role === 'ENTRY')
      .map(({ order }) => order.id);
  }

  /**
   * Asks the venue itself until no entry rests there and none is unaccounted for. Returns what is left;
   * undefined when it never answered, which proves nothing.
   */
  async #confirmGone(
    canceled: readonly ClientOrderId[],
    because: string,
  ): Promise<readonly ClientOrderId[] | undefined> {
    const { engine, guard, pause } = this.#parts;
    for (let round = 0; ; round++) {
      await this.#recorded(() => guard.settle());
      const left = await this.#entriesLeft();
      if (left?.length === 0 || round === CANCEL_ROUNDS) return left;
      await pause(ROUND_MS);
      await this.#recorded(() => engine.tend());
      // A cancel that was refused is asked for again; one that was lost, the engine asks for by itself.
      await Promise.all((left ?? canceled).map((id) => this.#cancel(id, because)));
    }
  }

  async #entriesLeft(): Promise<readonly ClientOrderId[] | undefined> {
    const resting = await this.#parts.engine.restingAtVenue();
    if (resting === undefined) return undefined;
    const open = resting.filter((id) => this.#isEntry(id));
    // A ledger that hears nothing any more cannot tell that they are gone: then the venue's word is all there is.
    const unaccounted = this.#ledgerHears() ? this.#liveEntries() : [];
    return [...new Set([...open, ...unaccounted])];
  }

  #isEntry(id: ClientOrderId): boolean {
    return this.#parts.book.order(id)?.order.role === 'ENTRY';
  }

  async #flatten({ because, by }: KillOrder, onStep: (step: KillStep) => void): Promise<void> {
    const { ledger, book, engine, guard, pause } = this.#parts;
    const wanted = await this.#recorded(async () => {
      for (const { instrumentId, strategyId } of book.portfolio.positions.values()) {
        const body = { instrumentId, strategyId, because };
        await ledger.append(draft('position.close-requested', by, 'kill-switch', null, body));
      }
      await ledger.flush();
    });
    // Nothing is closed that nobody would know of afterwards.
    if (!wanted) return;
    for (let round = 0; round <= FLATTEN_ROUNDS; round++) {
      const tended = await this.#recorded(async () => {
        await engine.tend();
        await guard.settle();
        await guard.tend();
      });
      if (!tended) return;
      if (this.#isFlat()) return onStep('FLAT');
      await pause(ROUND_MS);
    }
  }

  #isFlat(): boolean {
    const { book } = this.#parts;
    return book.portfolio.positions.size === 0 && book.liveOrders().length === 0;
  }

  #report(canceled: readonly ClientOrderId[], left: readonly ClientOrderId[] | undefined): Record {
    const { book } = this.#parts;
    const exits = book.liveOrders().filter(({ order }) => order.reduceOnly);
    return {
      canceled,
      exitsKept: exits.map(({ order }) => order.id),
      confirmed: left !== undefined,
      leftOpen: left ?? canceled,
      flat: book.portfolio.positions.size === 0,
    };
  }

  async #record(report: Record, by: Actor): Promise<void> {
    const { ledger } = this.#parts;
    await ledger.append(draft('kill-switch.completed', by, 'kill-switch', null, report));
    await ledger.flush();
  }
}
