import type { Candle } from '../domain/candle.ts';
import type { Direction } from '../domain/signal.ts';
import { signOf } from './trade-plan.ts';

/** Demand under a pivot low (traded long) or supply over a pivot high (traded short). */
export interface Zone {
  readonly direction: Direction;
  /** The edge price comes back to: the end of the pivot candle's body. */
  readonly near: number;
  /** The pivot's extreme; a close beyond it ends the zone. */
  readonly far: number;
  readonly pivotTimeMs: number;
  /** A bar has closed clear of the zone, so the next touch is a retest. */
  readonly broken: boolean;
}

/** The band from the pivot candle's body to its extreme. */
export function zoneOf(pivot: Candle, direction: Direction): Zone {
  const isDemand = direction === 'LONG';
  return {
    direction,
    near: isDemand ? Math.min(pivot.open, pivot.close) : Math.max(pivot.open, pivot.close),
    far: isDemand ? pivot.low : pivot.high,
    pivotTimeMs: pivot.openTimeMs,
    broken: false,
  };
}

/**
 * The zone after a bar, or undefined when the bar closed through its far side. It is broken by a close
 * that lies `clearBy` (a share of the price) beyond its near edge.
 */
export function afterBar(zone: Zone, bar: Candle, clearBy: number): Zone | undefined {
  const sign = signOf(zone.direction);
  if (sign * (bar.close - zone.far) < 0) return undefined;
  if (zone.broken || sign * (bar.close - zone.near * (1 + sign * clearBy)) <= 0) return zone;
  return { ...zone, broken: true };
}

/** Whether the bar came back to within `within` (a share of the price) of a zone left before it. */
export function retests(zone: Zone, bar: Candle, within: number): boolean {
  const sign = signOf(zone.direction);
  const reach = zone.direction === 'LONG' ? bar.low : bar.high;
  return zone.broken && sign * (reach - zone.near * (1 + sign * within)) <= 0;
}
