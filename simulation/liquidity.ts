/**
 * How much can be traded at one price that is seen. It ignores the book behind it, the hour, the volume
 * of the bar and what our own orders do to the market; a whole bar's extremes offer no more than one
 * print does.
 */
import type { AssetClass } from '../domain/instrument.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { Side } from '../domain/order.ts';
import { namedRandom } from '../domain/random.ts';
import {
  add,
  type Money,
  money,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  type Price,
  type Quantity,
  quantityFor,
  subtract,
  toLot,
} from '../domain/units.ts';

/** What a print offers to each side, in quote currency: drawn uniformly between these. */
export interface Depth {
  readonly least: Money;
  readonly most: Money;
}

/** An ordinary order of an account of ten thousand is far below the least. */
export const ORDINARY_DEPTH: Readonly<Record<AssetClass, Depth>> = {
  CRYPTO: { least: money('250000'), most: money('750000') },
  FX: { least: money('2500000'), most: money('7500000') },
  METAL: { least: money('250000'), most: money('750000') },
  EQUITY: { least: money('250000'), most: money('750000') },
};

const PARTS = 1_000_000;

/** A share from 0 to 1 of an amount, rounded down. */
export const share = (amount: Money, fraction: number): Money =>
  ((amount * BigInt(Math.floor(fraction * PARTS))) / BigInt(PARTS)) as Money;

/** What one print offers, and what is left of it. It is drawn only when somebody wants more than the least. */
export class Offer {
  readonly #depth: Depth;
  readonly #draw: () => number;
  #whole: Money | undefined;
  #bought = NO_MONEY;
  #sold = NO_MONEY;

  /** The same print offers the same, whoever asks and however often the process was begun anew. */
  constructor(depth: Depth, seed: number, instrumentId: InstrumentId, atMs: number) {
    this.#depth = depth;
    this.#draw = () => namedRandom(seed, `depth ${instrumentId} ${atMs}`).next();
  }

  /** As much of what is wanted as can be had after `ahead` was served, in whole lots. */
  available(side: Side, at: Price, wanted: Quantity, lot: Quantity, ahead: Money): Quantity {
    const value = add(notional(at, wanted, 'up'), ahead);
    if (value <= this.#left(side, this.#depth.least)) return wanted;
    const left = subtract(this.left(side), ahead);
    if (left <= NO_MONEY) return NO_QUANTITY;
    const most = toLot(quantityFor(left, at), lot, 'down');
    return most < wanted ? most : wanted;
  }

  left(side: Side): Money {
    const { least, most } = this.#depth;
    this.#whole ??= add(least, share(subtract(most, least), this.#draw()));
    return this.#left(side, this.#whole);
  }

  take(side: Side, value: Money): void {
    if (side === 'BUY') this.#bought = add(this.#bought, value);
    else this.#sold = add(this.#sold, value);
  }

  #left(side: Side, whole: Money): Money {
    return subtract(whole, side === 'BUY' ? this.#bought : this.#sold);
  }
}
