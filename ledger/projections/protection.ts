/** Since when a position has had no stop of its full size at the venue. Folded, so that a restart does not restart the clock. */
import type { OrderState } from '../../domain/order.ts';
import { type OrderRecord, unfilled } from '../../domain/order-record.ts';
import type { Position } from '../../domain/position.ts';
import { absolute, add, NO_QUANTITY, type Quantity, toLot } from '../../domain/units.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';

/** A stop that may not have reached the venue, or may have left it, protects nothing. */
const AT_VENUE: ReadonlySet<OrderState> = new Set<OrderState>([
  'OPEN',
  'PARTIALLY_FILLED',
  'PENDING_CANCEL',
]);

/** True for a stop that rests at the venue and guards this position. */
export const guards = ({ order, state }: OrderRecord, position: Position): boolean =>
  order.role === 'STOP' &&
  // After a position has turned around, its old stops would only add to it.
  order.side === (position.quantity > 0n ? 'SELL' : 'BUY') &&
  AT_VENUE.has(state) &&
  order.instrumentId === position.instrumentId &&
  order.strategyId === position.strategyId;

/** How much of a position the resting stops cover together; each slice has its own. */
export function guarded(position: Position, live: Iterable<OrderRecord>): Quantity {
  let sum = NO_QUANTITY;
  const groups = new Map<string, Quantity>();
  for (const record of live) {
    if (!guards(record, position)) continue;
    // While a stop is being replaced two of one group rest; only one of them can fill.
    const group = record.order.ocoGroupId ?? record.order.id;
    const rest = unfilled(record);
    const counted = groups.get(group) ?? NO_QUANTITY;
    if (rest <= counted) continue;
    sum = add(sum, (rest - counted) as Quantity);
    groups.set(group, rest);
  }
  return sum;
}

export class Protection {
  #since = new Map<string, number>();

  /** Undefined while the position is covered, or flat. */
  since(key: string): number | undefined {
    return this.#since.get(key);
  }

  /** Less than a `lot` cannot be sold, and so not be guarded either. */
  look(
    key: string,
    position: Position | undefined,
    lot: Quantity,
    live: Iterable<OrderRecord>,
    atMs: number,
  ): void {
    const tradable = position && toLot(absolute(position.quantity), lot, 'down');
    if (position === undefined || tradable === undefined || guarded(position, live) >= tradable) {
      this.#since.delete(key);
    } else if (!this.#since.has(key)) this.#since.set(key, atMs);
  }

  save(): Saved {
    return pack(this.#since);
  }

  load(saved: Saved): void {
    this.#since = unpackLike(saved, this.#since);
  }
}
