import type { InstrumentId } from '../domain/ids.ts';
import type { Price } from '../domain/units.ts';

export interface FreshMark {
  readonly price: Price;
  readonly atMs: number;
}

/** The newest price of each instrument. It is never older than the last one it was told. */
export class Marks {
  readonly #marks = new Map<InstrumentId, FreshMark>();
  readonly #behindMs: () => number;

  /** `behindMs`: how far the market's clock is behind the real one; left out where there is no other. */
  constructor(behindMs: () => number = () => 0) {
    this.#behindMs = behindMs;
  }

  /**
   * A price as old as it is in the world: while a live market says nothing its clock stands, and every
   * price would stay as fresh as it was.
   */
  aged(mark: FreshMark): FreshMark {
    return { price: mark.price, atMs: mark.atMs - this.#behindMs() };
  }

  set(id: InstrumentId, price: Price, atMs: number): void {
    const before = this.#marks.get(id);
    if (before === undefined || atMs >= before.atMs) this.#marks.set(id, { price, atMs });
  }

  /** When the newest price of any instrument came; undefined before the first. */
  newestAtMs(): number | undefined {
    let newest: number | undefined;
    for (const { atMs } of this.#marks.values()) newest = Math.max(newest ?? atMs, atMs);
    return newest;
  }

  get(id: InstrumentId): FreshMark | undefined {
    return this.#marks.get(id);
  }
}
