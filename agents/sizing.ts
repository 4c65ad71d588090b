import { divideDecimals, multiplyDecimals, ONE } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Direction } from '../domain/signal.ts';
import {
  absolute,
  add,
  basisPoints,
  larger,
  NO_QUANTITY,
  type Price,
  type Quantity,
  quantityFor,
  smaller,
  subtract,
  toLot,
} from '../domain/units.ts';
import type { Room } from '../coordination/ports.ts';
import type { AddStep } from './management.ts';

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
 * Risk-based size of the entry: what may be lost, over the distance from the worst fill to the stop; then
 * shrunk to what the limits leave. Planned adds count as if all of them had filled, because they may. It
 * never rounds up.
 */
export function sizeEntry(
  room: Room,
  riskBps: number,
  stop: Price,
  direction: Direction,
  instrument: Instrument,
  adds: readonly AddStep[] = [],
): Size {
  const distance =
    direction === 'LONG' ? subtract(room.worstPrice, stop) : subtract(stop, room.worstPrice);
  if (distance <= 0n) return { quantity: NO_QUANTITY, wanted: NO_QUANTITY, limitedBy: 'risk' };
  const riskMoney = basisPoints(room.equity, Math.min(riskBps, room.riskBpsMax), 'down');
  const wanted = toLot(
    divideDecimals(riskMoney, lossPerUnit(distance, stop, adds), 'down') as Quantity,
    instrument.lot,
    'down',
  );
  const usable = basisPoints(room.notionalMax, 10_000 - SIZE_MARGIN_BPS, 'down');
  const bySize = quantityFor(usable, valuePerUnit(room.valuePrice, adds), 'down');
  const byLots = divideDecimals(room.quantityMax, unitsPerUnit(adds), 'down') as Quantity;
  const smallest = smaller(smaller(wanted, bySize), byLots);
  return {
    quantity: toLot(smallest, instrument.lot, 'down'),
    wanted,
    limitedBy: smallest === wanted ? 'risk' : smallest === bySize ? 'position size' : 'lots',
  };
}

/** What one unit of the entry loses at the stop together with its adds. */
const lossPerUnit = (distance: Price, stop: Price, adds: readonly AddStep[]): Price =>
  adds.reduce(
    (sum, { price, ratio }) =>
      add(sum, multiplyDecimals(absolute(subtract(price, stop)), ratio, 'up') as Price),
    distance,
  );

/** What one unit of the entry is worth together with its adds; those of a short lie above the mark. */
const valuePerUnit = (value: Price, adds: readonly AddStep[]): Price =>
  adds.reduce(
    (sum, { price, ratio }) =>
      add(sum, multiplyDecimals(larger(price, value), ratio, 'up') as Price),
    value,
  );

const unitsPerUnit = (adds: readonly AddStep[]): bigint =>
  adds.reduce((sum, { ratio }) => sum + ratio, ONE);
