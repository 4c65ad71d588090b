import type { EventOf } from '../../../domain/event.ts';
import type { CycleId } from '../../../domain/ids.ts';
import { applyFill, flatPosition, type Position } from '../../../domain/position.ts';
import { add, type Money, NO_MONEY } from '../../../domain/units.ts';
import { fillFromEvent } from '../../../ledger/projections/book.ts';
import { unpackLike } from '../../../ledger/snapshots/shape.ts';
import { pack, type Saved } from '../../../ledger/snapshots/state-text.ts';

/** What each cycle's trade brought, fees included, once everything it opened is closed again. */
export class TradeResults {
  #open = new Map<string, Position>();
  #closed = new Map<string, Money>();

  /** Undefined while the position is open, and for a cycle that never traded. */
  of(cycle: CycleId): Money | undefined {
    return this.#open.has(cycle) ? undefined : this.#closed.get(cycle);
  }

  save(): Saved {
    return pack(this.#state());
  }

  load(saved: Saved): void {
    const state = unpackLike(saved, this.#state());
    this.#open = state.open;
    this.#closed = state.closed;
  }

  #state() {
    return { open: this.#open, closed: this.#closed };
  }

  apply(event: EventOf<'order.filled'>): void {
    const fill = fillFromEvent(event);
    const cycle = event.correlationId;
    const before =
      this.#open.get(cycle) ?? flatPosition(fill.instrumentId, fill.strategyId, fill.atMs);
    const after = applyFill(before, fill);
    if (after.quantity !== 0n) {
      this.#open.set(cycle, after);
      return;
    }
    this.#open.delete(cycle);
    this.#closed.set(cycle, add(this.#closed.get(cycle) ?? NO_MONEY, after.realised));
  }
}
