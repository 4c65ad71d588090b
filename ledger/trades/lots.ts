/**
 * What is held, as an accountant holds it: lots with their cost, signed like the position, the fees of
 * acquiring them included. For a short that cost is what its sale brought, less the fees, below zero.
 */
import {
  absolute,
  add,
  type Money,
  NO_MONEY,
  NO_QUANTITY,
  proportion,
  type Quantity,
  smaller,
  subtract,
} from '../../domain/units.ts';
import type { ClientOrderId, FillId, InstrumentId, StrategyId } from '../../domain/ids.ts';

/** FIFO matches the oldest lot first; the average makes one lot of everything. */
export type CostMethod = 'FIFO' | 'AVERAGE';

export interface Lot {
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId;
  readonly quantity: Quantity;
  readonly cost: Money;
  /** The fees within the cost. */
  readonly fees: Money;
  readonly openedAtMs: number;
  /** What it was acquired by; of an average the first. */
  readonly orderId: ClientOrderId;
  readonly fillId: FillId;
}

/** A part that was taken out of a lot, with its share of everything. */
export interface Taken {
  readonly lot: Lot;
  readonly quantity: Quantity;
  readonly cost: Money;
  readonly fees: Money;
}

/** Takes `wanted`, which must be there, from the front. What each share rounds off stays in its lot. */
export function takeFrom(
  lots: readonly Lot[],
  wanted: Quantity,
): { readonly taken: readonly Taken[]; readonly left: readonly Lot[] } {
  const taken: Taken[] = [];
  const left: Lot[] = [];
  let open = wanted;
  for (const lot of lots) {
    const size = absolute(lot.quantity);
    const quantity = smaller(size, open);
    if (quantity === NO_QUANTITY) {
      left.push(lot);
      continue;
    }
    open = subtract(open, quantity);
    const cost = proportion(lot.cost, quantity, size, 'half-even');
    const fees = proportion(lot.fees, quantity, size, 'half-even');
    taken.push({ lot, quantity, cost, fees });
    if (quantity < size) left.push(without(lot, quantity, cost, fees));
  }
  return { taken, left };
}

const without = (lot: Lot, quantity: Quantity, cost: Money, fees: Money): Lot => ({
  ...lot,
  quantity: lot.quantity > 0n ? subtract(lot.quantity, quantity) : add(lot.quantity, quantity),
  cost: subtract(lot.cost, cost),
  fees: subtract(lot.fees, fees),
});

/** Adds what was acquired: a lot of its own, or a part of the one that there is. */
export function addTo(lots: readonly Lot[], lot: Lot, method: CostMethod): readonly Lot[] {
  const [only] = lots;
  return method === 'FIFO' || only === undefined ? [...lots, lot] : [merged(only, lot)];
}

/**
 * A fee in base leaves less than was acquired, at what it was worth: the fee is in the cost already, and
 * is now paid with a part of the lot. No disposal comes of it.
 */
export function payInBase(
  lots: readonly Lot[],
  quantity: Quantity,
  worth: Money,
  acquired: Lot,
): readonly Lot[] {
  const last = lots.at(-1) ?? { ...acquired, ...EMPTY };
  const paid: Lot = {
    ...last,
    quantity: subtract(last.quantity, quantity),
    cost: subtract(last.cost, worth),
  };
  return settled([...lots.slice(0, -1), paid]);
}

const EMPTY = { quantity: NO_QUANTITY, cost: NO_MONEY, fees: NO_MONEY } as const;

/** A last lot that was used up, or more than that, is made up for by the one before it. */
function settled(lots: readonly Lot[]): readonly Lot[] {
  const [last, before] = [lots.at(-1), lots.at(-2)];
  if (last === undefined || before === undefined) return lots;
  const alike = last.quantity !== NO_QUANTITY && last.quantity > 0n === before.quantity > 0n;
  return alike ? lots : settled([...lots.slice(0, -2), merged(before, last)]);
}

const merged = (lot: Lot, other: Lot): Lot => ({
  ...lot,
  quantity: add(lot.quantity, other.quantity),
  cost: add(lot.cost, other.cost),
  fees: add(lot.fees, other.fees),
});
