import type { Timeframe } from '../../../domain/candle.ts';
import type { AssetClass, Instrument } from '../../../domain/instrument.ts';

/** How Polygon cuts time: so many of a unit, which its limits count in minutes or in days. */
interface Range {
  readonly multiplier: number;
  readonly timespan: 'minute' | 'hour' | 'day';
  /** Base bars (minutes, or days) that one of ours is made of. */
  readonly baseBars: number;
}

export const RANGES: Readonly<Record<Timeframe, Range>> = {
  '1m': { multiplier: 1, timespan: 'minute', baseBars: 1 },
  '5m': { multiplier: 5, timespan: 'minute', baseBars: 5 },
  '15m': { multiplier: 15, timespan: 'minute', baseBars: 15 },
  '1h': { multiplier: 1, timespan: 'hour', baseBars: 60 },
  '4h': { multiplier: 4, timespan: 'hour', baseBars: 240 },
  '1d': { multiplier: 1, timespan: 'day', baseBars: 1 },
};

/** One of Polygon's clusters: where its stream is, and what its channels are called. */
export interface Cluster {
  readonly path: 'stocks' | 'crypto' | 'forex';
  readonly minuteBars: string;
  /** Currencies are quoted and have no trades. */
  readonly trades: string | undefined;
  readonly quotes: string;
}

const STOCKS: Cluster = { path: 'stocks', minuteBars: 'AM', trades: 'T', quotes: 'Q' };
const CRYPTO: Cluster = { path: 'crypto', minuteBars: 'XA', trades: 'XT', quotes: 'XQ' };
const FOREX: Cluster = { path: 'forex', minuteBars: 'CA', trades: undefined, quotes: 'C' };

export const CLUSTERS: Readonly<Record<AssetClass, Cluster>> = {
  EQUITY: STOCKS,
  CRYPTO,
  FX: FOREX,
  METAL: FOREX,
};

/** An instrument's name in requests and in the stream. */
export interface Names {
  readonly ticker: string;
  readonly streamed: string;
}

/** Undefined when Polygon has no name for it. */
export function namesOf({ assetClass, base, quote }: Instrument): Names | undefined {
  if (assetClass === 'EQUITY') {
    return quote === 'USD' ? { ticker: base, streamed: base } : undefined;
  }
  const prefix = assetClass === 'CRYPTO' ? 'X' : 'C';
  return { ticker: `${prefix}:${base}${quote}`, streamed: `${base}-${quote}` };
}
