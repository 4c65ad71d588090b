/** Where a stop should rest: a pure function of the plan and of what happened since the entry. */
import type { Management, Trail } from '../../domain/management.ts';
import {
  add,
  basisPoints,
  larger,
  type Price,
  priceFromNumber,
  smaller,
  subtract,
  toTick,
} from '../../domain/units.ts';
import type { BarHistory } from '../../ledger/projections/readonly-book.ts';
import { averageTrueRange } from './average-range.ts';

/** A stop follows the price only when it gains at least this much; less would be churn at the venue. */
const TRAIL_STEP_BPS = 10;

export interface StopSubject {
  readonly long: boolean;
  readonly tick: Price;
  readonly protectiveStop: Price;
  /** Where the last stop that the venue acknowledged rested; undefined before the first. */
  readonly lastStop: Price | undefined;
  readonly entryPrice: Price;
  /** The farthest the price went in favour since the entry. */
  readonly best: Price | undefined;
  /** How many partial targets were taken whole. */
  readonly targetsFilled: number;
  readonly management: Management | undefined;
  readonly bars: BarHistory | undefined;
}

/** The tightest level that anything calls for. It never goes back behind a stop that rested already. */
export function stopLevel(subject: StopSubject): Price {
  const { protectiveStop, lastStop } = subject;
  const fixed = [lastStop, breakEvenLevel(subject)].reduce<Price>(
    (level, other) => (other === undefined ? level : tighter(subject, level, other)),
    protectiveStop,
  );
  const trailed = trailLevel(subject);
  if (trailed === undefined) return fixed;
  const step = basisPoints(fixed, TRAIL_STEP_BPS, 'up');
  return isBeyond(subject, trailed, gain(subject, fixed, step)) ? trailed : fixed;
}

/** True when a stop at `level` would lock in more than one at `other`. */
export const isTighter = (long: boolean, level: Price, other: Price): boolean =>
  long ? level > other : level < other;

/** The first target that fills moves the stop to the entry, each further one to the target before it. */
function breakEvenLevel(subject: StopSubject): Price | undefined {
  const { management, targetsFilled, entryPrice } = subject;
  if (management?.breakEven !== true || targetsFilled === 0) return undefined;
  const before = management.partialTargets?.[targetsFilled - 2];
  return before === undefined ? onSafeTick(subject, entryPrice) : before.price;
}

function trailLevel(subject: StopSubject): Price | undefined {
  const { management, best, long, tick } = subject;
  const trail = management?.trail;
  if (trail === undefined || best === undefined) return undefined;
  const distance = trailDistance(subject, trail, best);
  if (distance === undefined) return undefined;
  const level = long
    ? toTick(subtract(best, distance), tick, 'floor')
    : toTick(add(best, distance), tick, 'ceil');
  return isArmed(subject, trail, best, level) ? level : undefined;
}

function trailDistance(
  { bars, tick }: StopSubject,
  { distance }: Trail,
  best: Price,
): Price | undefined {
  if ('bps' in distance) return basisPoints(best, distance.bps, 'up');
  const range = bars === undefined ? undefined : averageTrueRange(bars, distance.atrBars);
  // A market that did not move says nothing about how far it may swing.
  if (range === undefined || range === 0) return undefined;
  return priceFromNumber((range * distance.atrTenths) / 10, tick, 'up');
}

function isArmed(subject: StopSubject, { armed }: Trail, best: Price, level: Price): boolean {
  const { entryPrice, targetsFilled } = subject;
  if (armed === 'AT_ENTRY') return isBeyond(subject, level, entryPrice);
  if ('targetsFilled' in armed) return targetsFilled >= armed.targetsFilled;
  return isBeyond(
    subject,
    best,
    gain(subject, entryPrice, basisPoints(entryPrice, armed.gainBps, 'up')),
  );
}

const gain = ({ long }: StopSubject, from: Price, by: Price): Price =>
  long ? add(from, by) : subtract(from, by);

/** At a level, or on the winning side of it. */
const isBeyond = ({ long }: StopSubject, at: Price, level: Price): boolean =>
  long ? at >= level : at <= level;

const tighter = ({ long }: StopSubject, a: Price, b: Price): Price =>
  long ? larger(a, b) : smaller(a, b);

/** On the tick that gives nothing of the entry price away. */
const onSafeTick = ({ long, tick }: StopSubject, at: Price): Price =>
  toTick(at, tick, long ? 'ceil' : 'floor');
