import { basename } from 'node:path';

import { TIMEFRAME_MS } from '../../domain/candle.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { readCandles } from '../candles/csv-candles.ts';
import type { Feed, MarketEvent } from './feed.ts';
import type { CandleSeries } from '../candles/series.ts';
import { timeframeOf } from '../candles/timeframe.ts';

const HISTORY_BARS = 300;

export interface ReplayOptions {
  /** A candle file as `readCandles` takes it. */
  readonly path: string;
  readonly instrument: Instrument;
  /**
   * How many of the file's first bars are history rather than events; when left out, 300 or half of a
   * file that is shorter than 600.
   */
  readonly historyBars?: number;
}

/**
 * A recorded market, bar by bar. It ignores everything inside a bar: there are no prints, no spread
 * and no book, so whoever fills orders from it must assume a path between open, high, low and close.
 */
export function replayFeed({ path, instrument, ...options }: ReplayOptions): Feed {
  const series = readCandles(path);
  const historyBars = options.historyBars ?? Math.min(HISTORY_BARS, Math.floor(series.length / 2));
  const timeframe = timeframeOf(series);
  if (!Number.isInteger(historyBars) || historyBars < 0 || historyBars >= series.length) {
    throw new Error(
      `historyBars ${historyBars} must be a whole number from 0 to ${series.length - 1}, ` +
        `because ${basename(path)} has ${series.length} bars and one at least must be left to replay`,
    );
  }
  return {
    instrument,
    timeframe,
    source: basename(path),
    synthetic: false,
    live: false,
    detail: 'BARS',
    history: Array.from({ length: historyBars }, (_, i) => series.candle(i)),
    startsAtMs: series.candle(historyBars).openTimeMs,
    length: series.length - historyBars,
    events: (afterMs) => bars(series, historyBars, TIMEFRAME_MS[timeframe], afterMs),
  };
}

async function* bars(
  series: CandleSeries,
  from: number,
  spanMs: number,
  afterMs: number,
): AsyncGenerator<MarketEvent> {
  for (let i = from; i < series.length; i++) {
    const closedAtMs = series.openTimeMs[i]! + spanMs;
    if (closedAtMs > afterMs) yield { kind: 'BAR', closedAtMs, candle: series.candle(i) };
  }
}
