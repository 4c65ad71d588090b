import { type Candle, type Timeframe, TIMEFRAME_MS } from '../../../domain/candle.ts';
import {
  BadField,
  believable,
  type Fields,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
  wholeOf,
} from '../wire/fields.ts';

/** One page of an answer to /v2/aggs. */
export interface AggregatesPage {
  readonly candles: readonly Candle[];
  /** The plan's data are behind the market, so the newest bars are not whole although their time is over. */
  readonly isDelayed: boolean;
  /** Path and query of the next page: never its host, because the key goes along. */
  readonly next: string | undefined;
}

export function aggregatesOf(
  body: Fields,
  asked: { readonly ticker: string; readonly timeframe: Timeframe },
): AggregatesPage {
  const status = textOf(body, 'status');
  if (status !== 'OK' && status !== 'DELAYED')
    throw new BadField('status', status, 'OK or DELAYED');
  const ticker = textOf(body, 'ticker');
  if (ticker !== asked.ticker) throw new BadField('ticker', ticker, `"${asked.ticker}", as asked`);
  const results = body.values['results'] == null ? [] : listOf(body, 'results');
  return {
    candles: believable(
      results.map((value, i) => candleOf(fieldsOf(value, `results[${i}]`), asked.timeframe)),
      'results',
    ),
    isDelayed: status === 'DELAYED',
    next: body.values['next_url'] === undefined ? undefined : pathOf(textOf(body, 'next_url')),
  };
}

function candleOf(bar: Fields, timeframe: Timeframe): Candle {
  return {
    openTimeMs: openTimeMsOf(bar, timeframe),
    open: numberOf(bar, 'o'),
    high: numberOf(bar, 'h'),
    low: numberOf(bar, 'l'),
    close: numberOf(bar, 'c'),
    volume: numberOf(bar, 'v'),
  };
}

/**
 * A day of shares begins at midnight in New York, four or five hours into the UTC day whose date it has;
 * ours carry 00:00 UTC of the date, in summer and in winter.
 */
function openTimeMsOf(bar: Fields, timeframe: Timeframe): number {
  const atMs = wholeOf(bar, 't');
  const spanMs = TIMEFRAME_MS[timeframe];
  const intoMs = atMs % spanMs;
  if (timeframe !== '1d' && intoMs !== 0) {
    throw new BadField(`${bar.at}.t`, atMs, `a multiple of ${spanMs}, the ${timeframe} bar`);
  }
  return atMs - intoMs;
}

function pathOf(address: string): string {
  try {
    const { pathname, search } = new URL(address);
    return pathname + search;
  } catch {
    throw new BadField('next_url', address, 'an address');
  }
}
