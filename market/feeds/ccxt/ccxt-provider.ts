import type { Exchange, Market } from 'ccxt';

import { type Candle, candleFault, TIMEFRAME_MS } from '../../../domain/candle.ts';
import type { InstrumentTerms } from '../../instruments/terms.ts';
import {
  type CandleRequest,
  type MarketProvider,
  type Outside,
  ProviderFault,
  type Subscription,
} from '../provider.ts';
import { ServerClock } from '../wire/server-clock.ts';
import { loadLibrary, type Library, openExchange } from './exchange.ts';
import { faultOf } from './faults.ts';
import { termsOf } from './terms.ts';
import { tradeStream } from './trade-stream.ts';

const CANDLES_DEFAULT = 100;
const NAMES_SHOWN = 6;

export interface CcxtOptions {
  /** As ccxt calls it: `binance`, `kraken`. */
  readonly exchangeId: string;
  readonly outside: Outside;
  /** Instead of the exchange's own addresses. */
  readonly baseUrl?: string;
}

export interface CcxtProvider extends MarketProvider {
  /** What the exchange says now of a market such as `BTC/USDT`. */
  terms(instrumentId: string): Promise<InstrumentTerms>;
}

/** The public market data of a crypto exchange, without an account or a key. Throws for an unknown exchange. */
export async function ccxtProvider({
  exchangeId,
  outside,
  baseUrl,
}: CcxtOptions): Promise<CcxtProvider> {
  const library = await loadLibrary();
  const closing = new AbortController();
  const { signal } = closing;
  const clock = new ServerClock();
  const open = (): Exchange => openExchange(library, exchangeId, { baseUrl, signal, clock });
  const exchange = open();
  const candlesPerRequestMax = candleLimit(exchange);
  return {
    name: exchangeId,
    candlesPerRequestMax,
    candles: (request, signal) =>
      unlessAborted(exchangeId, signal, () =>
        candlesOf({ library, exchange, clock, outside }, request, candlesPerRequestMax, signal),
      ),
    stream: (subscription, signal) => streamOf(library, exchange, open, subscription, signal),
    terms: async (id) => termsOf(exchange, await marketOf(library, exchange, id), outside.now()),
    close: async () => {
      closing.abort();
      await exchange.close();
    },
  };
}

function candleLimit(exchange: Exchange): number {
  const { spot } = exchange.features as {
    readonly spot?: { readonly fetchOHLCV?: { readonly limit?: number } };
  };
  return spot?.fetchOHLCV?.limit ?? CANDLES_DEFAULT;
}

async function marketOf(
  library: Library,
  exchange: Exchange,
  symbol: string,
): Promise<NonNullable<Market>> {
  const markets = await exchange.loadMarkets().catch((error: unknown) => {
    throw faultOf(library, exchange.id, error);
  });
  const market = markets[symbol];
  if (market !== undefined) return market;
  const [base] = symbol.split('/');
  const near = Object.values(markets).flatMap((one) =>
    one !== undefined && one.base === base ? one.symbol : [],
  );
  const has = near.length === 0 ? `nothing with ${base}` : near.slice(0, NAMES_SHOWN).join(', ');
  throw new ProviderFault(
    exchange.id,
    'NOT_OFFERED',
    `there is no market ${symbol}; it has ${has}`,
  );
}

interface Rest {
  readonly library: Library;
  readonly exchange: Exchange;
  readonly clock: ServerClock;
  readonly outside: Outside;
}

async function candlesOf(
  { library, exchange, clock, outside }: Rest,
  { instrument, timeframe, fromMs, toMs }: CandleRequest,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Candle[]> {
  const spanMs = TIMEFRAME_MS[timeframe];
  const { symbol } = await marketOf(library, exchange, instrument.id);
  if (exchange.timeframes[timeframe] === undefined) {
    const sentence = `there are no ${timeframe} candles; it has ${Object.keys(exchange.timeframes).join(', ')}`;
    throw new ProviderFault(exchange.id, 'NOT_OFFERED', sentence);
  }
  // Some exchanges answer with the first bars they have, others with a window that may be empty.
  const endMs = Math.min(toMs, outside.now());
  for (let sinceMs = fromMs; sinceMs < endMs && !signal.aborted; sinceMs += limit * spanMs) {
    const rows = await exchange
      .fetchOHLCV(symbol, timeframe, sinceMs, limit)
      .catch((error: unknown) => {
        throw faultOf(library, exchange.id, error);
      });
    const overAtMs = clock.earlierOf(outside.now());
    const candles = rows
      .map((row) => candleOf(exchange.id, row))
      .filter(
        ({ openTimeMs }) =>
          openTimeMs >= fromMs && openTimeMs < toMs && openTimeMs + spanMs <= overAtMs,
      );
    if (rows.length > 0) return candles;
  }
  return [];
}

type Row = readonly (number | undefined)[];

function candleOf(name: string, row: Row): Candle {
  const [openTimeMs, open, high, low, close, volume] = row.map((value) => value ?? Number.NaN);
  const candle = { openTimeMs, open, high, low, close, volume } as Candle;
  const fault = candleFault(candle);
  if (fault === undefined) return candle;
  throw new ProviderFault(name, 'GARBLED', `the candle [${row.join(', ')}] is none: ${fault}`);
}

async function* streamOf(
  library: Library,
  rest: Exchange,
  open: () => Exchange,
  { instrument }: Subscription,
  signal: AbortSignal,
) {
  if (signal.aborted) return;
  const name = rest.id;
  const { symbol } = await marketOf(library, rest, instrument.id);
  const exchange = open();
  exchange.setMarkets(rest.markets);
  yield* tradeStream({ library, exchange, name, symbol }, signal);
}

/** The library cannot be interrupted: its answer is no longer waited for, and its limits end it. */
function unlessAborted<T>(
  name: string,
  signal: AbortSignal,
  request: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void =>
      reject(new ProviderFault(name, 'LOST', 'the answer is no longer waited for'));
    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener('abort', giveUp, { once: true });
    request()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}
