import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candle } from '../../domain/candle.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';

/** A candle file of the synthetic market, for tests that must run where there is no real data. */
export async function writeCandles(
  folder: string,
  bars: number,
  name = 'btcusd-5m.csv',
): Promise<string> {
  const feed = syntheticFeed();
  const candles: Candle[] = [...feed.history];
  for await (const event of feed.events(0)) {
    if (candles.length >= bars) break;
    if (event.kind === 'BAR') candles.push(event.candle);
  }
  const rows = candles
    .slice(0, bars)
    .map((c) => [c.openTimeMs, c.open, c.high, c.low, c.close, c.volume].join(','));
  const path = join(folder, name);
  writeFileSync(path, ['timestamp_ms,open,high,low,close,volume', ...rows, ''].join('\n'));
  return path;
}
