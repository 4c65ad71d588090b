import type * as ccxt from 'ccxt';
import type { Exchange } from 'ccxt';

import { ProviderFault } from '../provider.ts';
import type { ServerClock } from '../wire/server-clock.ts';

const ANSWER_MAX_MS = 20_000;
const PING_MS = 10_000;
const EXCERPT_MAX = 200;

export type Library = typeof ccxt;

/** Loaded when it is needed: it takes a second and a hundred megabytes. */
export const loadLibrary = (): Promise<Library> => import('ccxt');

const exchangeIds = ({ pro }: Library): readonly string[] => Object.keys(pro).sort();

interface Surroundings {
  /** Stands in the place of every address, for tests and mirrors. */
  readonly baseUrl: string | undefined;
  /** Gives up whatever is being asked. */
  readonly signal: AbortSignal;
  readonly clock: ServerClock;
}

/** An exchange of the library's that asks for nothing but public market data. */
export function openExchange(
  library: Library,
  exchangeId: string,
  { baseUrl, signal, clock }: Surroundings,
): Exchange {
  const constructors: Readonly<Record<string, unknown>> = library.pro;
  const Constructor = Object.hasOwn(constructors, exchangeId)
    ? constructors[exchangeId]
    : undefined;
  if (!isExchangeClass(Constructor)) {
    throw new Error(
      `"${exchangeId}" is not an exchange of ccxt's with a stream; ` +
        `such as binance, kraken and okx are, of ${exchangeIds(library).length}`,
    );
  }
  const exchange = new Constructor({
    enableRateLimit: true,
    timeout: ANSWER_MAX_MS,
    options: {
      // Without this it asks for every kind of derivative first.
      fetchMarkets: { types: ['spot'] },
      ws: { keepAlive: PING_MS },
    },
  });
  exchange.has['fetchCurrencies'] = false;
  if (baseUrl !== undefined) pointAt(exchange.urls['api'] as Addresses, new URL(baseUrl).host);
  // The library's own cannot be interrupted before its time is up.
  exchange.fetchImplementation = (url: string, request: RequestInit) => {
    const signals = request.signal ? [request.signal, signal] : [signal];
    return fetch(url, { ...request, redirect: 'error', signal: AbortSignal.any(signals) });
  };
  watchAnswers(exchange, exchangeId, clock);
  return exchange;
}

const isExchangeClass = (
  value: unknown,
): value is new (config: Readonly<Record<string, unknown>>) => Exchange =>
  typeof value === 'function';

interface Addresses {
  [name: string]: string | Addresses;
}

function pointAt(addresses: Addresses, host: string): void {
  for (const [name, address] of Object.entries(addresses)) {
    if (typeof address !== 'string') pointAt(address, host);
    else
      addresses[name] = address.replace(
        /^(https?|wss?):\/\/[^/]+/,
        (_, scheme: string) => `${scheme.replace(/s$/, '')}://${host}`,
      );
  }
}

/**
 * The library takes an answer that is cut off for an empty one, forgets how long to wait, and calls a
 * country that may not be served an outage; so each answer is looked at before the library reads it.
 */
function watchAnswers(exchange: Exchange, name: string, clock: ServerClock): void {
  const read = exchange.onRestResponse.bind(exchange);
  exchange.onRestResponse = (status, words, url, method, headers, body, ...request) => {
    clock.heard(headers['Date']);
    const said = `answered ${status} ${words}: ${excerpt(body)}`;
    if (status === 429 || status === 418) {
      const retryAfterMs = Number(headers['Retry-After']) * 1_000;
      const options = retryAfterMs > 0 ? { retryAfterMs } : {};
      throw new ProviderFault(name, 'RATE_LIMITED', said, options);
    }
    if (status >= 500) throw new ProviderFault(name, 'LOST', said);
    if (status === 451) throw new ProviderFault(name, 'REFUSED', said);
    if (status < 400 && !isJson(body))
      throw new ProviderFault(name, 'GARBLED', `${said}, which is not whole JSON`);
    return read(status, words, url, method, headers, body, ...request);
  };
}

export const excerpt = (text: string): string =>
  text.length > EXCERPT_MAX ? `${text.slice(0, EXCERPT_MAX)}…` : text;

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
