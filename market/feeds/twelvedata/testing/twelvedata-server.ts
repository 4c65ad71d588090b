import type { IncomingMessage, ServerResponse } from 'node:http';

import type { WebSocket } from 'ws';

import type { Candle } from '../../../../domain/candle.ts';
import {
  type Answer,
  type LocalServer,
  localServer,
  sendJson,
} from '../../wire/testing/local-server.ts';
import { Subscribers } from '../../wire/testing/subscribers.ts';

const NO_DATA =
  'No data is available on the specified dates. Try setting different start/end dates.';
const NEW_YORK_WINTER_MS = 5 * 3_600_000;

interface TwelveDataServerOptions {
  readonly apiKey: string;
  /** By symbol and interval, as `BTC/USD 1min`. */
  readonly bars: Readonly<Record<string, readonly Candle[]>>;
  readonly now: () => number;
  /** How many requests are let through in a window; none is counted when it is left out. */
  readonly limit?: { readonly requestsMax: number; readonly windowMs: number };
}

interface Recorded {
  readonly atMs: number;
  readonly url: string;
  readonly authorization: string | undefined;
}

/** Speaks TwelveData's REST and WebSocket protocols. */
export class TwelveDataServer {
  readonly requests: Recorded[] = [];
  /** Openings of the stream, with their addresses. */
  readonly openings: string[] = [];
  /** What was said on the stream. */
  readonly heard: unknown[] = [];
  readonly subscribers = new Subscribers();
  /** Whether a subscription is answered. */
  acknowledges = true;
  readonly #options: TwelveDataServerOptions;
  #http: LocalServer | undefined;

  private constructor(options: TwelveDataServerOptions) {
    this.#options = options;
  }

  static async open(options: TwelveDataServerOptions): Promise<TwelveDataServer> {
    const server = new TwelveDataServer(options);
    server.#http = await localServer({
      answer: (request, response) => server.#answer(request, response),
      refuse: (request) => (server.#isKnown(request) ? undefined : 401),
      connected: (line, request) => server.#connected(line, request),
    });
    return server;
  }

  get baseUrl(): string {
    return `http://${this.#http!.host}`;
  }

  get streamUrl(): string {
    return `ws://${this.#http!.host}/v1/quotes/price`;
  }

  /** What its own clock says from here on. */
  set clockMs(atMs: number) {
    this.#http!.clockMs = atMs;
  }

  next(fault: Answer): () => void {
    return this.#http!.next((request, response) => {
      this.#record(request);
      fault(request, response);
    });
  }

  say(message: unknown): void {
    this.subscribers.tell(typeof message === 'string' ? message : JSON.stringify(message));
  }

  print(symbol: string, atMs: number, price: number, quote: object = {}): void {
    const exchange = 'Coinbase Pro';
    const timestamp = atMs / 1_000;
    const about = { symbol, currency_base: 'Bitcoin', exchange, type: 'Digital Currency' };
    this.say({ event: 'price', ...about, timestamp, price, ...quote });
  }

  async close(): Promise<void> {
    await this.#http!.close();
  }

  #record(request: IncomingMessage): void {
    const { authorization } = request.headers;
    this.requests.push({ atMs: this.#options.now(), url: request.url ?? '', authorization });
  }

  #isKnown({ headers, url }: IncomingMessage): boolean {
    const { apiKey } = this.#options;
    const query = new URL(url ?? '', 'http://any').searchParams;
    return headers.authorization === `apikey ${apiKey}` || query.get('apikey') === apiKey;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#record(request);
    if (!this.#isKnown(request)) {
      refuse(401, '**apikey** parameter is incorrect or not specified.')(request, response);
      return;
    }
    const { limit } = this.#options;
    if (limit !== undefined) {
      const sinceMs = this.#options.now() - limit.windowMs;
      const used = this.requests.filter(({ atMs }) => atMs > sinceMs).length;
      if (used > limit.requestsMax) {
        creditsSpent(used)(request, response);
        return;
      }
    }
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://any');
    const symbol = searchParams.get('symbol') ?? '';
    const interval = searchParams.get('interval') ?? '';
    const bars = this.#options.bars[`${symbol} ${interval}`];
    if (bars === undefined) {
      unknownSymbol(symbol)(request, response);
    } else if (pathname === '/time_series') {
      series(bars, searchParams, response);
    } else if (pathname === '/earliest_timestamp') {
      const unixTime = bars[0]!.openTimeMs / 1_000;
      sendJson(response, 200, { datetime: written(unixTime * 1_000), unix_time: unixTime });
    } else {
      refuse(404, `The requested endpoint ${pathname} does not exist`)(request, response);
    }
  }

  #connected(line: WebSocket, request: IncomingMessage): void {
    this.openings.push(request.url ?? '');
    line.on('message', (data) => {
      const message = JSON.parse(String(data)) as { action: string; params?: { symbols: string } };
      this.heard.push(message);
      if (message.action === 'heartbeat') {
        line.send(JSON.stringify({ event: 'heartbeat', status: 'ok' }));
      }
      if (message.action !== 'subscribe' || !this.acknowledges) return;
      const symbol = message.params?.symbols ?? '';
      const isKnown = Object.keys(this.#options.bars).some((key) => key.startsWith(`${symbol} `));
      const entry = { symbol, exchange: 'Coinbase Pro', type: 'Digital Currency' };
      line.send(
        JSON.stringify(
          isKnown
            ? { event: 'subscribe-status', status: 'ok', success: [entry], fails: null }
            : { event: 'subscribe-status', status: 'error', success: null, fails: [{ symbol }] },
        ),
      );
      if (isKnown) this.subscribers.add(line);
    });
  }
}

/** `{code, message, status}`, under the same HTTP status or under 200, as it comes. */
export const refuse =
  (code: number, message: string, httpStatus = code): Answer =>
  (_, response) =>
    sendJson(response, httpStatus, { code, message, status: 'error' });

export const creditsSpent = (used: number, httpStatus = 429): Answer =>
  refuse(
    429,
    `You have run out of API credits for the current minute. ${used} API credits were used, ` +
      'with the current limit being 8. Wait for the next minute.',
    httpStatus,
  );

const unknownSymbol = (symbol: string): Answer =>
  refuse(404, `**symbol** or **figi** parameter is missing or invalid: ${symbol}`);

/** The newest of the span when there are more than `outputsize`. */
function series(bars: readonly Candle[], query: URLSearchParams, response: ServerResponse): void {
  const interval = query.get('interval') ?? '';
  const shiftMs = query.get('timezone') === 'UTC' ? 0 : -NEW_YORK_WINTER_MS;
  const fromMs = Date.parse(`${query.get('start_date')}Z`) - shiftMs;
  const toMs = Date.parse(`${query.get('end_date')}Z`) - shiftMs;
  const found = bars
    .filter(({ openTimeMs }) => openTimeMs >= fromMs && openTimeMs <= toMs)
    .slice(-Number(query.get('outputsize') ?? 30));
  if (found.length === 0) {
    sendJson(response, 400, { code: 400, message: NO_DATA, status: 'error' });
    return;
  }
  const values = found.map(({ openTimeMs, volume, ...prices }) => ({
    datetime: written(openTimeMs + shiftMs).slice(0, interval === '1day' ? 10 : undefined),
    ...Object.fromEntries(Object.entries(prices).map(([name, value]) => [name, value.toFixed(5)])),
    volume: String(volume),
  }));
  if (query.get('order') !== 'ASC') values.reverse();
  const meta = { symbol: query.get('symbol'), interval, exchange: 'Coinbase Pro' };
  sendJson(
    response,
    200,
    { meta, values, status: 'ok' },
    { 'api-credits-used': '1', 'api-credits-left': '7' },
  );
}

const written = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
