import type { Candle, Timeframe } from '../../domain/candle.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';

/** The first bars of the made-up market of a seed, always the same ones: something to try a strategy on. */
export async function syntheticCandles(
  bars: number,
  options: { readonly seed?: number; readonly timeframe?: Timeframe } = {},
): Promise<readonly Candle[]> {
  const feed = syntheticFeed(options);
  const candles = feed.history.slice(0, bars);
  if (candles.length === bars) return candles;
  for await (const event of feed.events(0)) {
    if (event.kind === 'BAR') candles.push(event.candle);
    if (candles.length === bars) break;
  }
  return candles;
}
