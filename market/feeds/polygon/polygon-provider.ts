import { type Candle, TIMEFRAME_MS } from '../../../domain/candle.ts';
import {
  type CandleRequest,
  type MarketProvider,
  type Outside,
  type ProviderFault,
  type StreamNews,
  type Subscription,
} from '../provider.ts';
import type { RequestBudget } from '../budget/request-budget.ts';
import { askJson, type JsonAnswer } from '../wire/ask-json.ts';
import { budgeted } from '../wire/budgeted.ts';
import { decoded, type FaultMaker, faultMaker, quoted } from '../wire/fault-maker.ts';
import { type Fields, fieldsOf } from '../wire/fields.ts';
import { type Line, openLine } from '../wire/line.ts';
import { parsedMessage } from '../wire/parsed-message.ts';
import { ServerClock } from '../wire/server-clock.ts';
import { type AggregatesPage, aggregatesOf } from './aggregates.ts';
import { eventsOf, type Listening } from './events.ts';
import { CLUSTERS, type Names, namesOf, RANGES } from './names.ts';
import { kindOf, kindOfBody } from './refusal.ts';

const NAME = 'polygon';
const CANDLES_PER_REQUEST_MAX = 5_000;
/** Polygon counts the minutes or days that bars are made of, not the bars. */
const BASE_BARS_MAX = 50_000;
const DELAY_MS = 15 * 60_000;
/** Limits are per minute, and so is everything that says nothing better. */
const LEFT_ALONE_MS = 60_000;
const SUBSCRIPTION_MS_MAX = 10_000;

export interface PolygonOptions {
  readonly apiKey: string;
  readonly outside: Outside;
  /** The free plan has five requests a minute, the others have no limit. */
  readonly budget: RequestBudget;
  readonly baseUrl?: string;
  /** `wss://delayed.polygon.io` for a plan whose data are 15 minutes late. */
  readonly streamUrl?: string;
}

/**
 * Polygon over REST and its stream of trades, quotes and minute bars. A plan that lacks some of them
 * streams what it has. One connection per account and cluster is allowed; a second one ends the first.
 */
export function polygonProvider({
  apiKey,
  outside,
  budget,
  baseUrl = 'https://api.polygon.io',
  streamUrl = 'wss://socket.polygon.io',
}: PolygonOptions): MarketProvider {
  const fault = faultMaker(NAME, apiKey);
  const headers = { authorization: `Bearer ${apiKey}` };
  const closing = new AbortController();
  const clock = new ServerClock();

  const namesFor = ({ instrument, timeframe }: Subscription): Names => {
    const names = namesOf(instrument);
    if (names === undefined) {
      throw fault(
        'NOT_OFFERED',
        `has no ${instrument.id}: its shares are those of the United States, in USD`,
      );
    }
    if (instrument.assetClass === 'EQUITY' && timeframe === '4h') {
      throw fault(
        'NOT_OFFERED',
        `cuts the 4h bars of ${instrument.id} from midnight in New York, which moves against UTC ` +
          `twice a year; ask for 1h and resample`,
      );
    }
    return names;
  };

  const ask = (path: string, what: string, signal: AbortSignal): Promise<Fields> => {
    const url = new URL(path, baseUrl);
    return budgeted(
      budget,
      async () =>
        bodyOf(
          await askJson({ url, headers, what, signal }, { outside, fault, clock }),
          what,
          fault,
        ),
      signal,
    );
  };

  async function candles(
    request: CandleRequest,
    callerSignal: AbortSignal,
  ): Promise<readonly Candle[]> {
    const signal = AbortSignal.any([callerSignal, closing.signal]);
    const { instrument, timeframe, fromMs, toMs } = request;
    const { ticker } = namesFor(request);
    const spanMs = TIMEFRAME_MS[timeframe];
    const what = `the ${timeframe} bars of ${instrument.id}`;
    if (fromMs >= Math.min(toMs, outside.now() - spanMs + 1)) return [];

    let path: string | undefined = firstPath(request, ticker);
    while (path !== undefined) {
      const body = await ask(path, what, signal);
      const page: AggregatesPage = decoded(fault, `the answer about ${what}`, () =>
        aggregatesOf(body, { ticker, timeframe }),
      );
      const knownUntilMs = clock.earlierOf(outside.now()) - (page.isDelayed ? DELAY_MS : 0);
      const closed = page.candles.filter(
        ({ openTimeMs }) =>
          openTimeMs >= fromMs && openTimeMs < toMs && openTimeMs + spanMs <= knownUntilMs,
      );
      if (closed.length > 0) return closed.slice(0, CANDLES_PER_REQUEST_MAX);
      if (page.next === path) {
        throw fault('GARBLED', `was asked for ${what} and names a page as its own next one`);
      }
      // A page is a stretch of time, and may be one without a trade.
      path = page.next;
    }
    return [];
  }

  async function* stream(
    subscription: Subscription,
    callerSignal: AbortSignal,
  ): AsyncGenerator<StreamNews, void> {
    const signal = AbortSignal.any([callerSignal, closing.signal]);
    const { streamed } = namesFor(subscription);
    if (signal.aborted) return;
    const { instrument, timeframe } = subscription;
    const cluster = CLUSTERS[instrument.assetClass];
    const what = `the stream of ${instrument.id}`;
    const url = new URL(`${streamUrl.replace(/\/$/, '')}/${cluster.path}`);
    const line = openLine({ url, what, signal, outside, fault });
    const channels = [cluster.minuteBars, cluster.trades, cluster.quotes]
      .filter((channel) => channel !== undefined)
      .map((channel) => `${channel}.${streamed}`);
    const admission = new Admission({ line, channels, apiKey, what, fault });
    const listening: Listening = { cluster, streamed, wantsMinuteBars: timeframe === '1m' };
    for await (const heard of line.heard()) {
      if (heard.kind === 'PONG') yield { kind: 'ALIVE' };
      if (heard.kind !== 'TEXT') continue;
      const events = decoded(fault, `a message of ${what}`, () =>
        eventsOf(parsedMessage(heard.text), listening),
      );
      for (const event of events) {
        if (event.kind === 'NEWS') yield event.news;
        else if (admission.hear(event.status, event.message)) yield { kind: 'ALIVE' };
      }
    }
  }

  return {
    name: NAME,
    candlesPerRequestMax: CANDLES_PER_REQUEST_MAX,
    candles,
    stream,
    close: () => {
      closing.abort(fault('LOST', 'was closed'));
      return Promise.resolve();
    },
  };
}

/** Days are asked for by their dates, which are the same everywhere; everything else by the millisecond. */
function firstPath({ timeframe, fromMs, toMs }: CandleRequest, ticker: string): string {
  const { multiplier, timespan, baseBars } = RANGES[timeframe];
  const written = (ms: number): string =>
    timespan === 'day' ? new Date(ms).toISOString().slice(0, 10) : String(ms);
  const limit = Math.min(BASE_BARS_MAX, CANDLES_PER_REQUEST_MAX * baseBars);
  return (
    `/v2/aggs/ticker/${encodeURIComponent(ticker)}/range/${multiplier}/${timespan}` +
    `/${written(fromMs)}/${written(toMs - 1)}?adjusted=true&sort=asc&limit=${limit}`
  );
}

function bodyOf(answer: JsonAnswer, what: string, fault: FaultMaker): Fields {
  const { status, body, text, retryAfterMs } = answer;
  const refuse = (kind: ProviderFault['kind'], said: string): ProviderFault =>
    fault(
      kind,
      `was asked for ${what} and said ${quoted(said)} (HTTP status ${status})`,
      kind === 'RATE_LIMITED' ? (retryAfterMs ?? LEFT_ALONE_MS) : undefined,
    );
  if (status !== 200) throw refuse(kindOf(status), text);
  const fields = decoded(fault, `the answer about ${what}`, () => fieldsOf(body, 'the answer'));
  const said = fields.values['status'];
  if (said === 'ERROR' || said === 'NOT_AUTHORIZED' || said === 'NOT_FOUND') {
    throw refuse(kindOfBody(said, text), text);
  }
  return { ...fields, at: '' };
}

interface AdmissionOptions {
  readonly line: Line;
  readonly channels: readonly string[];
  readonly apiKey: string;
  readonly what: string;
  readonly fault: FaultMaker;
}

/** The way in: connected, authenticated, subscribed to whatever the plan has. */
class Admission {
  readonly #options: AdmissionOptions;
  readonly #admitted: () => void;
  #accepted = 0;
  #refused = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#admitted = options.line.expect('subscription', SUBSCRIPTION_MS_MAX);
  }

  /** Answers a status and tells whether it means that something is subscribed; throws when nothing can be. */
  hear(status: string, message: string): boolean {
    const { line, channels, apiKey, what, fault } = this.#options;
    const said = `said ${quoted(message)} on ${what}`;
    switch (status) {
      case 'connected':
        line.say({ action: 'auth', params: apiKey });
        return false;
      case 'auth_success':
        // One by one, so that each is answered for itself.
        for (const params of channels) line.say({ action: 'subscribe', params });
        return false;
      case 'success':
        this.#accepted++;
        this.#admitted();
        return true;
      case 'auth_failed':
        throw fault('REFUSED', said);
      case 'max_connections':
        throw fault('RATE_LIMITED', said, LEFT_ALONE_MS);
      case 'error':
        this.#refused++;
        if (this.#accepted === 0 && this.#refused === channels.length) {
          throw fault('REFUSED', `${said}, about all of ${channels.join(', ')}`);
        }
        return false;
      default:
        throw fault('LOST', `${said} (status ${status})`);
    }
  }
}
