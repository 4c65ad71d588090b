import { TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Feed, MarketEvent } from './feed.ts';
import type { CandleSeries } from '../candles/series.ts';

const HISTORY_BARS = 300;

export interface ReplayOptions {
  readonly series: CandleSeries;
  readonly timeframe: Timeframe;
  readonly instrument: Instrument;
  /** Where the candles came from, such as a file's name. */
  readonly source: string;
  /**
   * How many of the first bars are history rather than events; when left out, 300 or half of a
   * recording that is shorter than 600.
   */
  readonly historyBars?: number;
}

/**
 * A recorded market, bar by bar. It ignores everything inside a bar: there are no prints, no spread
 * and no book, so whoever fills orders from it must assume a path between open, high, low and close.
 */
export function replayFeed({
  series,
  timeframe,
  instrument,
  source,
  ...options
}: ReplayOptions): Feed {
  const historyBars = options.historyBars ?? Math.min(HISTORY_BARS, Math.floor(series.length / 2));
  if (!Number.isInteger(historyBars) || historyBars < 0 || historyBars >= series.length) {
    throw new Error(
      `historyBars ${historyBars} must be a whole number from 0 to ${series.length - 1}, ` +
        `because ${source} has ${series.length} bars and one at least must be left to replay`,
    );
  }
  return {
    instrument,
    timeframe,
    source,
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
