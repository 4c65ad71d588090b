/** What a position would lose at the stops that rest for it. A position in slices has a stop for each. */
import { type OrderRecord, unfilled } from '../domain/order-record.ts';
import type { Position } from '../domain/position.ts';
import {
  absolute,
  add,
  larger,
  type Money,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  type Price,
  type Quantity,
  smaller,
  subtract,
} from '../domain/units.ts';
import { guards } from '../ledger/projections/protection.ts';

interface Guard {
  readonly quantity: Quantity;
  /** From the mark to the stop; below nought where the stop lies in profit. */
  readonly distance: Price;
}

/** Undefined while they do not cover all of it. */
export function lossAtStops(
  position: Position,
  mark: Price,
  live: readonly OrderRecord[],
): Money | undefined {
  const guarded = [...guardsOf(position, mark, live)].sort((a, b) =>
    a.distance > b.distance ? -1 : a.distance < b.distance ? 1 : 0,
  );
  let rest = absolute(position.quantity);
  let loss = NO_MONEY;
  // Where more rests than there is to guard, the furthest stops are the ones that count.
  for (const { quantity, distance } of guarded) {
    const part = smaller(quantity, rest);
    // Nothing can be lost at a stop that already lies in profit; what is not at risk counts as zero.
    loss = add(loss, larger(notional(distance, part, 'up'), NO_MONEY));
    rest = subtract(rest, part);
  }
  return rest === NO_QUANTITY ? loss : undefined;
}

/** While a stop is being replaced two of one group rest. Only one can fill, and it may be the further one. */
function guardsOf(position: Position, mark: Price, live: readonly OrderRecord[]): Iterable<Guard> {
  const groups = new Map<string, Guard>();
  for (const record of live) {
    const { id, ocoGroupId, stopPrice } = record.order;
    if (stopPrice === undefined || !guards(record, position)) continue;
    const distance = position.quantity > 0n ? subtract(mark, stopPrice) : subtract(stopPrice, mark);
    const guard = { quantity: unfilled(record), distance };
    const group = ocoGroupId ?? id;
    groups.set(group, furthest(guard, groups.get(group) ?? guard));
  }
  return groups.values();
}

const furthest = (one: Guard, other: Guard): Guard => ({
  quantity: larger(one.quantity, other.quantity),
  distance: larger(one.distance, other.distance),
});
