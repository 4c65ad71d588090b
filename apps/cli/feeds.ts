import type { Feed } from '../../market/feeds/feed.ts';
import { instrumentByName, instrumentForFile } from '../../market/instruments/instruments.ts';
import { replayFeed } from '../../market/feeds/replay-feed.ts';
import { reading } from './errors.ts';

/**
 * Candles of a file as a market, its instrument named or told by the file's name. The first
 * `historyBars` only warm the strategies up; the feed chooses when they are not told.
 */
export function fileFeed(path: string, instrument?: string, historyBars?: number): Feed {
  return reading(() =>
    replayFeed({
      path,
      instrument: instrument === undefined ? instrumentForFile(path) : instrumentByName(instrument),
      ...(historyBars === undefined ? {} : { historyBars }),
    }),
  );
}
