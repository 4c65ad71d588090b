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

const AGGREGATES = /^\/v2\/aggs\/ticker\/([^/]+)\/range\/(\d+)\/(\w+)\/([^/]+)\/([^/]+)$/;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60 };

export interface PolygonServerOptions {
  readonly apiKey: string;
  /** By ticker and range, as `X:BTCUSD 5 minute`. */
  readonly bars: Readonly<Record<string, readonly Candle[]>>;
  /** What the plan has; everything when it is left out. */
  readonly channels?: readonly string[];
  readonly isDelayed?: boolean;
}

interface Recorded {
  readonly url: string;
  readonly authorization: string | undefined;
}

/** Speaks Polygon's REST and WebSocket protocols. */
export class PolygonServer {
  readonly requests: Recorded[] = [];
  /** Clusters that were opened. */
  readonly openings: string[] = [];
  readonly subscriptions: string[] = [];
  readonly subscribers = new Subscribers();
  /** What is said to who has authenticated and asks to be subscribed. */
  admits: 'YES' | 'TOO_MANY' | 'SILENTLY' = 'YES';
  readonly #options: PolygonServerOptions;
  #http: LocalServer | undefined;

  private constructor(options: PolygonServerOptions) {
    this.#options = options;
  }

  static async open(options: PolygonServerOptions): Promise<PolygonServer> {
    const server = new PolygonServer(options);
    server.#http = await localServer({
      answer: (request, response) => server.#answer(request, response),
      refuse: () => undefined,
      connected: (line, request) => server.#connected(line, request),
    });
    return server;
  }

  get baseUrl(): string {
    return `http://${this.#http!.host}`;
  }

  get streamUrl(): string {
    return `ws://${this.#http!.host}`;
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

  /** Events go out in lists, as many at a time as there are. */
  say(...events: readonly object[]): void {
    this.subscribers.tell(JSON.stringify(events));
  }

  async close(): Promise<void> {
    await this.#http!.close();
  }

  #record({ url = '', headers }: IncomingMessage): void {
    this.requests.push({ url, authorization: headers.authorization });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#record(request);
    if (request.headers.authorization !== `Bearer ${this.#options.apiKey}`) {
      refuse(401, 'Unknown API Key')(request, response);
      return;
    }
    const url = new URL(request.url ?? '', this.baseUrl);
    const [, ticker = '', multiplier = '1', timespan = '', from = '', to = ''] =
      AGGREGATES.exec(url.pathname) ?? [];
    const name = decodeURIComponent(ticker);
    const bars = this.#options.bars[`${name} ${multiplier} ${timespan}`] ?? [];
    const dayMs = timespan === 'day' ? 86_399_999 : 0;
    const cursor = url.searchParams.get('cursor');
    const fromMs = cursor === null ? instantOf(from) : Number(atob(cursor));
    const toMs = instantOf(to) + dayMs;
    const found = bars.filter(({ openTimeMs: at }) => at >= fromMs && at <= toMs);
    const baseBars = Number(multiplier) * (MINUTES[timespan] ?? 1);
    const page = found.slice(0, Math.floor(Number(url.searchParams.get('limit')) / baseBars));
    const next = found[page.length];
    url.searchParams.set('cursor', btoa(String(next?.openTimeMs)));
    sendJson(response, 200, {
      ticker: name,
      queryCount: page.length * baseBars,
      resultsCount: page.length,
      adjusted: true,
      // An empty span has no list at all.
      ...(page.length === 0 ? {} : { results: page.map(resultOf) }),
      status: this.#options.isDelayed === true ? 'DELAYED' : 'OK',
      request_id: '6a7e466379af0a71039d60cc78e72282',
      ...(next === undefined
        ? {}
        : { next_url: `https://elsewhere.test${url.pathname}${url.search}` }),
    });
  }

  #connected(line: WebSocket, request: IncomingMessage): void {
    this.openings.push(request.url ?? '');
    const say = (status: string, message: string): void =>
      line.send(JSON.stringify([{ ev: 'status', status, message }]));
    let isKnown = false;
    say('connected', 'Connected Successfully');
    line.on('message', (data) => {
      const { action, params } = JSON.parse(String(data)) as Record<string, string>;
      if (action === 'auth') {
        isKnown = params === this.#options.apiKey;
        if (isKnown) say('auth_success', 'authenticated');
        else say('auth_failed', `authentication failed for ${params}`);
        if (!isKnown) line.close(1008);
      }
      if (action !== 'subscribe' || !isKnown || this.admits === 'SILENTLY') return;
      this.subscriptions.push(params!);
      const { channels } = this.#options;
      if (channels !== undefined && !channels.includes(params!.split('.')[0]!)) {
        say('error', 'not authorized');
        return;
      }
      say('success', `subscribed to: ${params}`);
      if (this.admits === 'TOO_MANY') {
        say('max_connections', 'Maximum number of websocket connections exceeded. ');
        line.close(1008);
        return;
      }
      this.subscribers.add(line);
    });
  }
}

export const refuse =
  (httpStatus: number, error: string, status = 'ERROR'): Answer =>
  (_, response) =>
    sendJson(response, httpStatus, { status, request_id: '1', error });

export const tooManyRequests = (httpStatus = 429): Answer =>
  refuse(
    httpStatus,
    "You've exceeded the maximum requests per minute, please wait or upgrade your subscription.",
  );

const resultOf = ({ openTimeMs, open, high, low, close, volume }: Candle): object => ({
  v: volume,
  vw: (high + low) / 2,
  o: open,
  c: close,
  h: high,
  l: low,
  t: openTimeMs,
  n: 12,
});

const instantOf = (written: string): number =>
  written.includes('-') ? Date.parse(`${written}T00:00:00Z`) : Number(written);
