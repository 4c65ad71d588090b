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
import { decoded, faultMaker, quoted } from '../wire/fault-maker.ts';
import { type Fields, fieldsOf } from '../wire/fields.ts';
import { openLine } from '../wire/line.ts';
import { parsedMessage } from '../wire/parsed-message.ts';
import { ServerClock } from '../wire/server-clock.ts';
import { eventOf } from './events.ts';
import { INTERVALS, symbolOf } from './names.ts';
import { isRefusal, kindOf, pauseMsAfter, refusalOf, saysNoBars } from './refusal.ts';
import { candlesOf, earliestMsOf, writtenTime } from './time-series.ts';

const NAME = 'twelvedata';
const CANDLES_PER_REQUEST_MAX = 5_000;
/**
 * An answer holds the newest bars of a span that has too many, and we owe the oldest; so no span is asked
 * for that could. The margin is for the ends of the span, which are asked for generously.
 */
const CANDLES_PER_SPAN = CANDLES_PER_REQUEST_MAX - 10;
const SUBSCRIPTION_MS_MAX = 10_000;

export interface TwelveDataOptions {
  readonly apiKey: string;
  readonly outside: Outside;
  /** The free plan has eight requests a minute. */
  readonly budget: RequestBudget;
  readonly baseUrl?: string;
  readonly streamUrl?: string;
}

/**
 * TwelveData over REST and its stream of prices. The stream has no bars, and its clock counts in seconds;
 * bars of shares open with the session, at half past, and are not on the grid of the clock.
 */
export function twelveDataProvider({
  apiKey,
  outside,
  budget,
  baseUrl = 'https://api.twelvedata.com',
  streamUrl = 'wss://ws.twelvedata.com/v1/quotes/price',
}: TwelveDataOptions): MarketProvider {
  const fault = faultMaker(NAME, apiKey);
  const headers = { authorization: `apikey ${apiKey}` };
  const closing = new AbortController();
  const clock = new ServerClock();

  const symbolFor = ({ instrument }: Subscription): string => {
    const symbol = symbolOf(instrument);
    if (symbol !== undefined) return symbol;
    throw fault(
      'NOT_OFFERED',
      `has no ${instrument.id}: its shares are those of the United States, in USD`,
    );
  };

  /** The body of an answer, or undefined when it says that the span holds no bar. */
  const ask = (
    path: string,
    query: Readonly<Record<string, string>>,
    what: string,
    signal: AbortSignal,
  ): Promise<Fields | undefined> => {
    const url = new URL(path, baseUrl);
    url.search = new URLSearchParams(query).toString();
    return budgeted(
      budget,
      async () =>
        bodyOf(await askJson({ url, headers, what, signal }, { outside, fault, clock }), what),
      signal,
    );
  };

  const bodyOf = (answer: JsonAnswer, what: string): Fields | undefined => {
    const { status, body, text } = answer;
    if (body === undefined) {
      const kind = status < 400 ? 'GARBLED' : kindOf(status);
      throw refused(kind, `answered ${quoted(text)}`, answer, what);
    }
    const fields = decoded(fault, `the answer about ${what}`, () => fieldsOf(body, 'the answer'));
    if (!isRefusal(fields)) {
      if (status === 200) return { ...fields, at: '' };
      throw refused(kindOf(status), `answered ${quoted(text)}`, answer, what);
    }
    const refusal = decoded(fault, `the answer about ${what}`, () => refusalOf(fields));
    if (saysNoBars(refusal)) return undefined;
    throw refused(kindOf(refusal.code), `said ${quoted(refusal.message)}`, answer, what);
  };

  const refused = (
    kind: ProviderFault['kind'],
    said: string,
    { status, retryAfterMs, text }: JsonAnswer,
    what: string,
  ): ProviderFault =>
    fault(
      kind,
      `was asked for ${what} and ${said} (HTTP status ${status})`,
      kind === 'RATE_LIMITED' ? (retryAfterMs ?? pauseMsAfter(text, outside.now())) : undefined,
    );

  const page = async (
    { instrument, timeframe }: Subscription,
    symbol: string,
    span: { readonly fromMs: number; readonly toMs: number },
    signal: AbortSignal,
  ): Promise<readonly Candle[]> => {
    const what = `the ${timeframe} bars of ${instrument.id}`;
    const query = {
      symbol,
      interval: INTERVALS[timeframe],
      start_date: writtenTime(span.fromMs),
      // Whether the end belongs to the span depends on the interval, so one bar more is asked for.
      end_date: writtenTime(span.toMs + TIMEFRAME_MS[timeframe]),
      outputsize: String(CANDLES_PER_REQUEST_MAX),
      order: 'ASC',
      timezone: 'UTC',
      ...(instrument.assetClass === 'EQUITY' ? { country: 'United States' } : {}),
    };
    const body = await ask('/time_series', query, what, signal);
    if (body === undefined) return [];
    const candles = decoded(fault, `the answer about ${what}`, () =>
      candlesOf(body, { symbol, timeframe }),
    );
    const overBy = clock.earlierOf(outside.now()) - TIMEFRAME_MS[timeframe];
    return candles.filter(
      ({ openTimeMs }) =>
        openTimeMs >= span.fromMs && openTimeMs < span.toMs && openTimeMs <= overBy,
    );
  };

  const earliestMs = async (
    { instrument, timeframe }: Subscription,
    symbol: string,
    signal: AbortSignal,
  ): Promise<number> => {
    const what = `the first ${timeframe} bar of ${instrument.id}`;
    const query = { symbol, interval: INTERVALS[timeframe], timezone: 'UTC' };
    const body = await ask('/earliest_timestamp', query, what, signal);
    if (body === undefined) return Number.POSITIVE_INFINITY;
    return decoded(fault, `the answer about ${what}`, () => earliestMsOf(body, timeframe));
  };

  async function candles(
    request: CandleRequest,
    callerSignal: AbortSignal,
  ): Promise<readonly Candle[]> {
    const signal = AbortSignal.any([callerSignal, closing.signal]);
    const symbol = symbolFor(request);
    const spanMs = TIMEFRAME_MS[request.timeframe];
    // A bar that opens later has not closed.
    const endMs = Math.min(request.toMs, outside.now() - spanMs + 1);
    let fromMs = request.fromMs;
    let firstMs: number | undefined;
    while (fromMs < endMs) {
      const toMs = Math.min(fromMs + CANDLES_PER_SPAN * spanMs, endMs);
      const found = await page(request, symbol, { fromMs, toMs }, signal);
      if (found.length > 0 || toMs === endMs) return found;
      // Nothing for so long is a long weekend, or a market that did not exist yet.
      firstMs ??= await earliestMs(request, symbol, signal);
      fromMs = Math.max(toMs, firstMs);
    }
    return [];
  }

  async function* stream(
    subscription: Subscription,
    callerSignal: AbortSignal,
  ): AsyncGenerator<StreamNews, void> {
    const signal = AbortSignal.any([callerSignal, closing.signal]);
    const symbol = symbolFor(subscription);
    if (signal.aborted) return;
    const what = `the stream of ${subscription.instrument.id}`;
    const url = new URL(streamUrl);
    url.searchParams.set('apikey', apiKey);
    const heartbeat = { action: 'heartbeat' };
    const line = openLine({ url, what, signal, outside, fault, heartbeat });
    const subscribed = line.expect('answer to the subscription', SUBSCRIPTION_MS_MAX);
    for await (const heard of line.heard()) {
      if (heard.kind === 'OPEN') {
        line.say({ action: 'subscribe', params: { symbols: symbol } });
      }
      if (heard.kind !== 'TEXT') continue;
      const event = decoded(fault, `a message of ${what}`, () =>
        eventOf(parsedMessage(heard.text), symbol),
      );
      switch (event.kind) {
        case 'NEWS':
          yield* event.news;
          break;
        case 'SUBSCRIBED':
          subscribed();
          yield { kind: 'ALIVE' };
          break;
        case 'NOT_SUBSCRIBED':
          throw fault(
            'NOT_OFFERED',
            `does not stream ${symbol}: it has no such symbol, or not for this account's plan`,
          );
        case 'REFUSED': {
          const { code, message } = event.refusal;
          const kind = kindOf(code);
          const pauseMs =
            kind === 'RATE_LIMITED' ? pauseMsAfter(message, outside.now()) : undefined;
          throw fault(kind, `ended ${what} and said ${quoted(message)} (code ${code})`, pauseMs);
        }
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
