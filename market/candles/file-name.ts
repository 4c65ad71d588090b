import { basename } from 'node:path';
import { type Timeframe, TIMEFRAMES } from '../../domain/candle.ts';

export interface NamedAfter {
  readonly instrumentId?: string;
  readonly timeframe?: Timeframe;
}

/** `BTC_USDT-1h.json` and, for contracts, `BTC_USDT_USDT-1h-futures.json`. */
const FREQTRADE = /^([A-Z0-9]+)_([A-Z0-9]+)(?:_([A-Z0-9]+))?-(\d+[mhd])(?:-futures)?\.json$/i;

/** What freqtrade's names tell, and the timeframe that others name between signs: `btcusd-1h-2018.csv`. */
export function namedAfter(path: string): NamedAfter {
  const file = basename(path).replace(/\.gz$/i, '');
  const [, base, quote, settled, freqtradeSpan] = FREQTRADE.exec(file) ?? [];
  const timeframe = TIMEFRAMES.find((candidate) =>
    freqtradeSpan === undefined
      ? new RegExp(`(^|[-_. ])${candidate}([-_. ]|$)`, 'i').test(file)
      : candidate === freqtradeSpan,
  );
  return {
    ...(base === undefined || quote === undefined
      ? {}
      : { instrumentId: `${base}/${quote}${settled === undefined ? '' : `:${settled}`}` }),
    ...(timeframe === undefined ? {} : { timeframe }),
  };
}
