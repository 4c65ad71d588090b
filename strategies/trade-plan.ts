import type { Direction } from '../domain/signal.ts';

/** +1 for a long and −1 for a short: multiplied into a difference, positive is always in favour. */
export const signOf = (direction: Direction): 1 | -1 => (direction === 'LONG' ? 1 : -1);

/**
 * The nearest a stop may lie to its entry, in price: 20 basis points of the entry, about ten times
 * the spread of a liquid market, or half the average true range if that is more. A nearer stop is
 * hit by noise and spread alone, and sizing by it would make the position huge.
 */
export const smallestStopDistance = (entry: number, averageTrueRange: number): number =>
  Math.max(0.002 * entry, averageTrueRange / 2);

/**
 * The price at `rewardRisk` times the stop's distance on the winning side, or undefined when a short
 * with so wide a stop would need a price of zero or less.
 */
export function targetAt(entry: number, stop: number, rewardRisk: number): number | undefined {
  const target = entry + rewardRisk * (entry - stop);
  return target > 0 ? target : undefined;
}
