import { divideDecimals } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Direction } from '../domain/signal.ts';
import {
  basisPoints,
  NO_QUANTITY,
  type Price,
  type Quantity,
  quantityFor,
  smaller,
  subtract,
  toLot,
} from '../domain/units.ts';
import type { Room } from '../coordination/ports.ts';

/**
 * Left unused of the largest position, so that the order still fits when the price moves between the
 * proposal and the send.
 */
const SIZE_MARGIN_BPS = 300;

export interface Size {
  /** On the lot; zero when nothing fits. */
  readonly quantity: Quantity;
  /** What the strategy's risk alone would have bought. */
  readonly wanted: Quantity;
  readonly limitedBy: 'risk' | 'position size' | 'lots';
}

/**
 * Risk-based size: what may be lost, over the distance from the worst fill to the stop; then shrunk to
 * what the limits leave. It never rounds up.
 */
export function sizeEntry(
  room: Room,
  riskBps: number,
  stop: Price,
  direction: Direction,
  instrument: Instrument,
): Size {
  const distance =
    direction === 'LONG' ? subtract(room.worstPrice, stop) : subtract(stop, room.worstPrice);
  if (distance <= 0n) return { quantity: NO_QUANTITY, wanted: NO_QUANTITY, limitedBy: 'risk' };
  const riskMoney = basisPoints(room.equity, Math.min(riskBps, room.riskBpsMax), 'down');
  const wanted = toLot(
    divideDecimals(riskMoney, distance, 'down') as Quantity,
    instrument.lot,
    'down',
  );
  const usable = basisPoints(room.notionalMax, 10_000 - SIZE_MARGIN_BPS, 'down');
  const bySize = quantityFor(usable, room.valuePrice, 'down');
  const smallest = smaller(smaller(wanted, bySize), room.quantityMax);
  return {
    quantity: toLot(smallest, instrument.lot, 'down'),
    wanted,
    limitedBy: smallest === wanted ? 'risk' : smallest === bySize ? 'position size' : 'lots',
  };
}
