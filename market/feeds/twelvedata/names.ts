import type { Timeframe } from '../../../domain/candle.ts';
import type { Instrument } from '../../../domain/instrument.ts';

/** What TwelveData calls our bars. */
export const INTERVALS: Readonly<Record<Timeframe, string>> = {
  '1m': '1min',
  '5m': '5min',
  '15m': '15min',
  '1h': '1h',
  '4h': '4h',
  '1d': '1day',
};

/** What TwelveData calls an instrument, or undefined when it has no name for it. */
export function symbolOf({ assetClass, base, quote }: Instrument): string | undefined {
  if (assetClass !== 'EQUITY') return `${base}/${quote}`;
  // A ticker alone is the listing in the United States, which trades in dollars.
  return quote === 'USD' ? base : undefined;
}
