/** Speaks Binance's public market data, HTTP and WebSocket, as far as a feed uses it; lies when told to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type WebSocket, WebSocketServer } from 'ws';

import type { Candle } from '../../../../domain/candle.ts';

const ROWS_DEFAULT = 500;
const ROWS_MAX = 1_000;
const SYMBOL = 'BTCUSDT';

/** What is answered to a request for candles instead of candles. */
export type AnswerFault =
  | 'TOO_MANY'
  | 'BANNED'
  | 'BROKEN'
  | 'RESTRICTED'
  | 'CUT_OFF'
  | 'NONSENSE'
  | 'UNKNOWN_SYMBOL'
  | 'NEVER';

interface Subscribe {
  readonly method: string;
  readonly params: readonly string[];
  readonly id: number;
}

export class BinanceServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #spanMs: number;
  readonly #candles: readonly Candle[];
  readonly #faults: AnswerFault[] = [];
  #tradeId = 1_000;
  readonly #streams = new Map<WebSocket, readonly string[]>();
  #onSubscribe: () => void = () => undefined;
  #onStall: () => void = () => undefined;
  /** What its own clock says; undefined for a server that tells nobody. */
  clockMs: number | undefined;
  /** Paths with their queries, oldest first. */
  readonly requests: string[] = [];

  private constructor(candles: readonly Candle[], spanMs: number) {
    this.#candles = candles;
    this.#spanMs = spanMs;
    this.#http = createServer((request, response) => this.#answer(request, response));
    this.#sockets = new WebSocketServer({ server: this.#http });
    this.#sockets.on('connection', (socket) => {
      this.#streams.set(socket, []);
      socket.on('message', (data) => this.#hear(socket, String(data)));
      socket.on('close', () => this.#streams.delete(socket));
    });
  }

  /** `candles` ends with the bar that is forming, as the exchange's answers do. */
  static async open(candles: readonly Candle[], spanMs: number): Promise<BinanceServer> {
    const server = new BinanceServer(candles, spanMs);
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** What the next requests for candles are answered, one each. */
  failNext(...faults: readonly AnswerFault[]): void {
    this.#faults.push(...faults);
  }

  /** Resolves once a request for candles has come that will not be answered. */
  stallNext(): Promise<void> {
    this.failNext('NEVER');
    return new Promise((resolve) => {
      this.#onStall = resolve;
    });
  }

  /** Cuts the line of whoever waits for an answer. */
  dropRequests(): void {
    this.#http.closeAllConnections();
  }

  /** Resolves when somebody listens to the stream `name` of the market. */
  async subscribed(name: 'trade' | 'bookTicker'): Promise<void> {
    while (![...this.#streams.values()].some((names) => names.includes(streamOf(name))))
      await new Promise<void>((resolve) => {
        this.#onSubscribe = resolve;
      });
  }

  trade(atMs: number, price: number): void {
    this.#tradeId += 1;
    this.#tell('trade', {
      e: 'trade',
      E: atMs,
      s: SYMBOL,
      t: this.#tradeId,
      p: price.toFixed(8),
      q: '0.01000000',
      T: atMs,
      m: false,
      M: true,
    });
  }

  /** Trades happen of which nobody is told. */
  loseTrades(count: number): void {
    this.#tradeId += count;
  }

  quote(bid: number, ask: number): void {
    this.#tell('bookTicker', {
      u: 400_900_217,
      s: SYMBOL,
      b: bid.toFixed(8),
      B: '31.21000000',
      a: ask.toFixed(8),
      A: '40.66000000',
    });
  }

  sendText(name: 'trade' | 'bookTicker', text: string): void {
    for (const [socket, names] of this.#streams)
      if (names.includes(streamOf(name))) socket.send(text);
  }

  dropSockets(): void {
    for (const socket of this.#streams.keys()) socket.terminate();
    this.#streams.clear();
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #tell(name: 'trade' | 'bookTicker', message: object): void {
    this.sendText(name, JSON.stringify(message));
  }

  #hear(socket: WebSocket, text: string): void {
    const { method, params, id } = JSON.parse(text) as Subscribe;
    if (method !== 'SUBSCRIBE') return;
    this.#streams.set(socket, [...(this.#streams.get(socket) ?? []), ...params]);
    socket.send(JSON.stringify({ result: null, id }));
    this.#onSubscribe();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push(`${url.pathname}${url.search}`);
    response.sendDate = false;
    if (this.clockMs !== undefined)
      response.setHeader('Date', new Date(this.clockMs).toUTCString());
    switch (url.pathname) {
      case '/api/v3/exchangeInfo':
        return reply(response, 200, EXCHANGE_INFO);
      case '/api/v3/klines':
        return this.#klines(url.searchParams, response);
      default:
        return reply(response, 404, { code: -1, msg: 'Not found.' });
    }
  }

  #klines(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('startTime') ?? 0);
    const limit = Math.min(ROWS_MAX, Number(query.get('limit') ?? ROWS_DEFAULT));
    const rows = this.#candles
      .filter(({ openTimeMs }) => openTimeMs >= from)
      .slice(0, limit)
      .map((candle) => kline(candle, this.#spanMs));
    const fault = this.#faults.shift();
    if (fault === undefined) return reply(response, 200, rows);
    switch (fault) {
      case 'TOO_MANY':
        response.setHeader('Retry-After', '7');
        return reply(response, 429, { code: -1003, msg: 'Too many requests.' });
      case 'BANNED':
        response.setHeader('Retry-After', '120');
        return reply(response, 418, { code: -1003, msg: 'Way too many requests; IP banned.' });
      case 'BROKEN':
        return reply(response, 500, { code: -1000, msg: 'An unknown error occurred.' });
      case 'RESTRICTED':
        return reply(response, 451, { code: 0, msg: 'Service unavailable from here.' });
      case 'UNKNOWN_SYMBOL':
        return reply(response, 400, { code: -1121, msg: 'Invalid symbol.' });
      case 'CUT_OFF':
        return void response.end(JSON.stringify(rows).slice(0, -20));
      case 'NONSENSE':
        return reply(response, 200, [[from, '1.0', 'none', '0.5', '1.5', '10']]);
      case 'NEVER':
        return this.#onStall();
    }
  }
}

const streamOf = (name: string): string => `${SYMBOL.toLowerCase()}@${name}`;

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

const kline = (candle: Candle, spanMs: number): readonly unknown[] => [
  candle.openTimeMs,
  String(candle.open),
  String(candle.high),
  String(candle.low),
  String(candle.close),
  String(candle.volume),
  candle.openTimeMs + spanMs - 1,
  '0',
  3,
  '0',
  '0',
  '0',
];

const EXCHANGE_INFO = {
  timezone: 'UTC',
  serverTime: 0,
  rateLimits: [],
  exchangeFilters: [],
  symbols: [
    {
      symbol: SYMBOL,
      status: 'TRADING',
      baseAsset: 'BTC',
      baseAssetPrecision: 8,
      quoteAsset: 'USDT',
      quotePrecision: 8,
      baseCommissionPrecision: 8,
      quoteCommissionPrecision: 8,
      orderTypes: ['LIMIT', 'MARKET'],
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: false,
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
        { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' },
        { filterType: 'NOTIONAL', minNotional: '5.00000000', applyMinToMarket: true },
      ],
      permissions: [],
      permissionSets: [['SPOT']],
    },
  ],
};
