import type { MarketEvent } from '../feed.ts';

/** So many prices may wait behind a bar; beyond that only those that still say something are kept. */
export const WAITING_PRICES_MAX = 64;

/**
 * What still matters of prices that nobody came to fetch: the lowest, the highest and the last print, and
 * the last quote, in the order in which they came.
 */
export function conflate(prices: readonly MarketEvent[]): readonly MarketEvent[] {
  let low = -1;
  let high = -1;
  let last = -1;
  let quote = -1;
  let [lowest, highest] = [Infinity, -Infinity];
  prices.forEach((event, index) => {
    if (event.kind === 'QUOTE') quote = index;
    if (event.kind !== 'TICK') return;
    last = index;
    if (event.price < lowest) [low, lowest] = [index, event.price];
    if (event.price > highest) [high, highest] = [index, event.price];
  });
  const kept = new Set([low, high, last, quote]);
  return prices.filter((_, index) => kept.has(index));
}
