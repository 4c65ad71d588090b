import type { EventOf } from '../../../domain/event.ts';
import type { CycleId } from '../../../domain/ids.ts';
import { applyFill, flatPosition, type Position } from '../../../domain/position.ts';
import { add, type Money, NO_MONEY } from '../../../domain/units.ts';
import { fillFromEvent } from '../../../ledger/projections/book.ts';

/** What each cycle's trade brought, fees included, once everything it opened is closed again. */
export class TradeResults {
  readonly #open = new Map<string, Position>();
  readonly #closed = new Map<string, Money>();

  /** Undefined while the position is open, and for a cycle that never traded. */
  of(cycle: CycleId): Money | undefined {
    return this.#open.has(cycle) ? undefined : this.#closed.get(cycle);
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
