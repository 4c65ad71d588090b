/** How old the last price is, on the market's own clock. */
import { TIMEFRAME_MS } from '../../../../domain/candle.ts';
import type { StateView } from '../../../api/views.ts';
import type { LivePrice } from './page-state.ts';

type Market = StateView['market'];

/** Milliseconds of market time since the last price; null before the first one. */
export function feedAgeMs(market: Market, price: LivePrice | null): number | null {
  const atMs = price?.atMs ?? market.lastPriceAtMs;
  return atMs === null ? null : Math.max(0, market.nowMs - atMs);
}

const timeframeMs = ({ timeframe }: Market): number =>
  timeframe in TIMEFRAME_MS ? TIMEFRAME_MS[timeframe as keyof typeof TIMEFRAME_MS] : 60_000;

/** Two bars without a price are too many, unless the market stands still on purpose. */
export function isFeedStale(market: Market, ageMs: number | null): boolean {
  if (ageMs === null || market.waitsForDecision || market.ended) return false;
  return ageMs > 2 * timeframeMs(market);
}
