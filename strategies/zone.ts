import type { Candle } from '../domain/candle.ts';
import type { Direction } from '../domain/signal.ts';
import { signOf } from './trade-plan.ts';

const BREAK_BEYOND = 0.0015;
const TOUCH_WITHIN = 0.0005;

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

/** The zone after a bar, or undefined when the bar closed through its far side. */
export function afterBar(zone: Zone, bar: Candle): Zone | undefined {
  const sign = signOf(zone.direction);
  if (sign * (bar.close - zone.far) < 0) return undefined;
  if (zone.broken || sign * (bar.close - zone.near * (1 + sign * BREAK_BEYOND)) <= 0) return zone;
  return { ...zone, broken: true };
}

/** Whether the bar came back to a zone that had been left before it. */
export function retests(zone: Zone, bar: Candle): boolean {
  const sign = signOf(zone.direction);
  const reach = zone.direction === 'LONG' ? bar.low : bar.high;
  return zone.broken && sign * (reach - zone.near * (1 + sign * TOUCH_WITHIN)) <= 0;
}
