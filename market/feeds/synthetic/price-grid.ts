import { placesOf } from '../../../domain/decimal.ts';
import type { Price } from '../../../domain/units.ts';

/**
 * Rounds doubles to an instrument's tick, giving the double that the tick's decimal text reads as,
 * so that `65000.12` never appears as `65000.120000000003`. Never below one tick.
 */
export function priceGrid(tick: Price): (price: number) => number {
  const scale = 10 ** placesOf(tick);
  const tickUnits = Number((tick * BigInt(scale)) / 10n ** 12n);
  // Whole units over a power of ten: both exact doubles, so the division rounds to the nearest one.
  return (price) => (Math.max(1, Math.round((price * scale) / tickUnits)) * tickUnits) / scale;
}
