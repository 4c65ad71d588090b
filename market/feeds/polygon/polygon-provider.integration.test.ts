import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS, type Timeframe } from '../../../domain/candle.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { hastyOutside } from '../../../tests/support/hasty-outside.ts';
import { BTC_USD, EUR_USD, instrumentByName, XAU_USD } from '../../instruments/instruments.ts';
import { providerContract } from '../provider.contract.ts';
import type { CandleRequest, MarketProvider, StreamNews, Subscription } from '../provider.ts';
import { type RequestBudget, UNLIMITED_REQUESTS } from '../budget/request-budget.ts';
import { sampleBars } from '../wire/testing/bars.ts';
import {
  type Answer,
  broken,
  endless,
  garbage,
  overloaded,
  redirected,
  sendJson,
  stalled,
  truncated,
} from '../wire/testing/local-server.ts';
import { polygonProvider } from './polygon-provider.ts';
import {
  PolygonServer,
  type PolygonServerOptions,
  refuse,
  tooManyRequests,
} from './testing/polygon-server.ts';

const API_KEY = 'key/with+signs=1';
const MINUTE = TIMEFRAME_MS['1m'];
const HOUR = TIMEFRAME_MS['1h'];
const DAY = TIMEFRAME_MS['1d'];
const MONDAY = Date.UTC(2026, 0, 5);
const NEVER = new AbortController().signal;
const AAPL = instrumentByName('AAPL');

const minutes = sampleBars(MONDAY, MINUTE, 5_101);
const nowMs = minutes.at(-1)!.openTimeMs + 30_000;
/** Midnights of New York around the change to summer time on 8 March 2026. */
const NEW_YORK_DAYS = [Date.UTC(2026, 2, 6, 5), Date.UTC(2026, 2, 9, 4), Date.UTC(2026, 2, 10, 4)];
const daily = sampleBars(0, DAY, 3).map((bar, i): Candle => ({
  ...bar,
  openTimeMs: NEW_YORK_DAYS[i]!,
}));
const BARS = {
  'X:BTCUSD 1 minute': minutes,
  'X:BTCUSD 1 hour': sampleBars(MONDAY - 2_000 * HOUR, HOUR, 2_086),
  'C:XAUUSD 1 minute': minutes,
  'AAPL 1 day': daily,
};

let server: PolygonServer;
let provider: MarketProvider;
const open = async (options: Partial<PolygonServerOptions> = {}): Promise<void> => {
  server = await PolygonServer.open({ apiKey: API_KEY, bars: BARS, ...options });
  provider = providerAt(server);
};
const reopen = async (options: Partial<PolygonServerOptions>): Promise<void> => {
  await server.close();
  await open(options);
};
beforeEach(() => open());
afterEach(async () => {
  await provider.close();
  await server.close();
});

interface Setting {
  readonly budget?: RequestBudget;
  readonly apiKey?: string;
  readonly haste?: number;
  readonly atMs?: number;
}
const providerAt = ({ baseUrl, streamUrl }: PolygonServer, setting: Setting = {}): MarketProvider =>
  polygonProvider({
    apiKey: setting.apiKey ?? API_KEY,
    outside: hastyOutside(setting.atMs ?? nowMs, setting.haste ?? 1),
    budget: setting.budget ?? UNLIMITED_REQUESTS,
    baseUrl,
    streamUrl,
  });

/** For tests that wait for something that does not come. */
const inHaste = (): MarketProvider => providerAt(server, { haste: 20 });

const request = (fromMs: number, toMs: number, timeframe: Timeframe = '1m'): CandleRequest => ({
  instrument: BTC_USD,
  timeframe,
  fromMs,
  toMs,
});
const faultOf = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error as Error,
  );
const firstMinutes = (): Promise<readonly Candle[]> =>
  provider.candles(request(MONDAY, MONDAY + 5 * MINUTE), NEVER);

test('a bar that is over by our clock alone is not over', async () => {
  const span: CandleRequest = {
    instrument: BTC_USD,
    timeframe: '1m',
    fromMs: MONDAY,
    toMs: MONDAY + 2 * MINUTE,
  };
  server.clockMs = MONDAY + 2 * MINUTE - 1_000;
  expect(await provider.candles(span, NEVER)).toEqual(minutes.slice(0, 1));
  server.clockMs = MONDAY + 2 * MINUTE;
  expect(await provider.candles(span, NEVER)).toEqual(minutes.slice(0, 2));
});

providerContract(
  'Polygon',
  async () => {
    const bench = await PolygonServer.open({ apiKey: API_KEY, bars: BARS });
    const contracted = providerAt(bench);
    let unstall = (): void => undefined;
    return {
      provider: {
        ...contracted,
        // A request that is given up before it has left must not leave its fault to the next one.
        candles: (asked, signal) => contracted.candles(asked, signal).finally(() => unstall()),
      },
      subscription: { instrument: BTC_USD, timeframe: '1m' },
      closed: minutes.slice(0, -1),
      faults: {
        LOST: () => bench.next(overloaded),
        RATE_LIMITED: () => bench.next(tooManyRequests()),
        REFUSED: () => bench.next(refuse(403, 'not entitled', 'NOT_AUTHORIZED')),
        NOT_OFFERED: () => bench.next(refuse(404, 'ticker not found', 'NOT_FOUND')),
        GARBLED: () => bench.next(garbage),
      },
      stall: () => {
        unstall = bench.next(stalled);
      },
      subscribed: () => bench.subscribers.some(),
      print: (t, p) =>
        bench.say({ ev: 'XT', pair: 'BTC-USD', p, t, s: 0.5, c: [2], i: '7', x: 1, r: t }),
      dropStream: () => bench.subscribers.cut(),
      close: async () => {
        await contracted.close();
        await bench.close();
      },
    };
  },
  ['LOST', 'RATE_LIMITED', 'REFUSED', 'NOT_OFFERED', 'GARBLED'],
);

describe('the bars of Polygon', () => {
  const answering =
    (body: object): Answer =>
    (_, response) =>
      sendJson(response, 200, body);
  const bar = { t: MONDAY, o: 1, h: 2, l: 1, c: 2, v: 3 };

  test.each<[string, Answer, string, RegExp]>([
    [
      'an unknown key',
      refuse(401, 'Unknown API Key'),
      'REFUSED',
      /Unknown API Key.*HTTP status 401/,
    ],
    ['an unknown key under 200', refuse(200, 'Unknown API Key'), 'REFUSED', /Unknown API Key/],
    ['a plan that lacks it', refuse(200, 'upgrade', 'NOT_AUTHORIZED'), 'REFUSED', /upgrade/],
    ['a mistake', refuse(400, 'bad timespan'), 'NOT_OFFERED', /bad timespan/],
    ['too many requests', tooManyRequests(200), 'RATE_LIMITED', /maximum requests per minute/],
    ['an error of theirs', refuse(500, 'Internal'), 'LOST', /Internal/],
    ['a broken line', broken, 'LOST', /the line broke/],
    ['half an answer', truncated, 'LOST', /the line broke/],
    ['no answer', stalled, 'LOST', /did not answer within 30000 ms/],
    ['something else', garbage, 'GARBLED', /the answer is missing and should be an object/],
    ['too much', endless, 'GARBLED', /more than 8388608 bytes/],
    ['another place', redirected('http://127.0.0.1:1/'), 'GARBLED', /HTTP status 302/],
    [
      'a field that is no number',
      answering({ status: 'OK', ticker: 'X:BTCUSD', results: [{ ...bar, c: '2' }] }),
      'GARBLED',
      /results\[0\]\.c is "2" and should be a number/,
    ],
    [
      'a bar off the grid',
      answering({ status: 'OK', ticker: 'X:BTCUSD', results: [{ ...bar, t: MONDAY + 1 }] }),
      'GARBLED',
      /results\[0\]\.t is \d+ and should be a multiple of 60000, the 1m bar/,
    ],
    [
      'another ticker',
      answering({ status: 'OK', ticker: 'X:ETHUSD', results: [bar] }),
      'GARBLED',
      /ticker is "X:ETHUSD" and should be "X:BTCUSD", as asked/,
    ],
    [
      'a page without end',
      (asked, response) =>
        sendJson(response, 200, {
          status: 'OK',
          ticker: 'X:BTCUSD',
          next_url: `https://api.test${asked.url}`,
        }),
      'GARBLED',
      /names a page as its own next one/,
    ],
  ])('%s is a fault that says so', async (_, answer, kind, sentence) => {
    if (answer === stalled) provider = inHaste();
    server.next(answer);
    const fault = await faultOf(firstMinutes());
    expect(fault).toMatchObject({ name: 'ProviderFault', kind });
    expect(fault.message).toMatch(sentence);
  });

  test('that were asked for too often say when to ask again, and hold back everybody', async () => {
    const pauses: number[] = [];
    const budget: RequestBudget = {
      spend: (work) => work(),
      pause: (forMs) => Promise.resolve(void pauses.push(forMs)),
    };
    provider = providerAt(server, { budget });
    server.next(tooManyRequests());
    server.next((_, response) => sendJson(response, 429, {}, { 'retry-after': '12' }));
    const date = new Date(nowMs + 20_000).toUTCString();
    server.next((_, response) => sendJson(response, 429, {}, { 'retry-after': date }));
    for (let i = 0; i < 3; i++) await faultOf(firstMinutes());
    expect(pauses.slice(0, 2)).toEqual([60_000, 12_000]);
    expect(pauses[2]).toBeGreaterThan(10_000);
    expect(pauses[2]).toBeLessThanOrEqual(20_000);
  });

  test('of hours come in pages that Polygon counts in minutes', async () => {
    const fromMs = MONDAY - 2_000 * HOUR;
    const hours = await provider.candles(request(fromMs, nowMs, '1h'), NEVER);
    expect(hours).toEqual(BARS['X:BTCUSD 1 hour'].slice(0, 833));
    const rest = await provider.candles(request(MONDAY, nowMs, '1h'), NEVER);
    expect(rest).toEqual(
      BARS['X:BTCUSD 1 hour'].filter(({ openTimeMs: at }) => at >= MONDAY && at + HOUR <= nowMs),
    );
    expect(server.requests.map(({ url }) => url)).toEqual(
      [fromMs, MONDAY].map(
        (ms) =>
          `/v2/aggs/ticker/X%3ABTCUSD/range/1/hour/${ms}/${nowMs - 1}` +
          '?adjusted=true&sort=asc&limit=50000',
      ),
    );
  });

  test('are looked for on the next page when one is empty, and the key goes to nobody it names', async () => {
    server.next((asked, response) =>
      sendJson(response, 200, {
        status: 'OK',
        ticker: 'X:BTCUSD',
        resultsCount: 0,
        next_url: `https://elsewhere.test${asked.url}&cursor=${btoa(String(MONDAY))}`,
      }),
    );
    expect(await firstMinutes()).toEqual(minutes.slice(0, 5));
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.url).toContain('&cursor=');
    expect(server.requests[1]?.authorization).toBe(`Bearer ${API_KEY}`);
  });

  test('of a delayed plan are those that were whole a quarter of an hour ago', async () => {
    await reopen({ isDelayed: true });
    const found = await provider.candles(request(nowMs - HOUR, nowMs), NEVER);
    expect(found.at(-1)!.openTimeMs).toBe(minutes.at(-1)!.openTimeMs - 16 * MINUTE);
  });

  test('of a day of shares carry midnight UTC of their date, in winter and in summer', async () => {
    const atMs = Date.UTC(2026, 2, 11, 3);
    provider = providerAt(server, { atMs });
    const asked = {
      instrument: AAPL,
      timeframe: '1d',
      fromMs: Date.UTC(2026, 2, 6),
      toMs: atMs,
    } as const;
    const found = await provider.candles(asked, NEVER);
    expect(found.map(({ openTimeMs }) => new Date(openTimeMs).toISOString().slice(0, 16))).toEqual([
      '2026-03-06T00:00',
      '2026-03-09T00:00',
      '2026-03-10T00:00',
    ]);
    expect(server.requests[0]?.url).toContain('/AAPL/range/1/day/2026-03-06/2026-03-11?');
  });

  test.each<[string, Subscription, RegExp]>([
    ['four hours of shares', { instrument: AAPL, timeframe: '4h' }, /ask for 1h and resample/],
    [
      'shares elsewhere',
      {
        instrument: { ...AAPL, id: instrumentId('AIR/EUR'), base: 'AIR', quote: 'EUR' },
        timeframe: '1d',
      },
      /has no AIR\/EUR/,
    ],
  ])('of %s are not offered', async (_, subscription, sentence) => {
    const fault = await faultOf(
      provider.candles({ ...subscription, fromMs: 0, toMs: nowMs }, NEVER),
    );
    expect(fault).toMatchObject({ kind: 'NOT_OFFERED' });
    expect(fault.message).toMatch(sentence);
    expect(server.requests).toEqual([]);
  });

  test('that cannot have closed are not asked for', async () => {
    expect(await provider.candles(request(nowMs - 45_000, nowMs + DAY), NEVER)).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});

describe('the stream of Polygon', () => {
  const BITCOIN: Subscription = { instrument: BTC_USD, timeframe: '1m' };
  const SHARES: Subscription = { instrument: AAPL, timeframe: '1m' };
  const LAST = 9_999;
  /** Everything but signs of life, up to the print at the last price, after `act`. */
  const heard = async (
    subscription: Subscription,
    act: () => void,
  ): Promise<readonly StreamNews[]> => {
    const abort = new AbortController();
    const news: StreamNews[] = [];
    const listening = (async () => {
      for await (const each of provider.stream(subscription, abort.signal)) {
        if (each.kind === 'QUOTE' && each.ask === LAST) abort.abort();
        else if (each.kind !== 'ALIVE') news.push(each);
      }
    })();
    await server.subscribers.some();
    // The subscriptions to trades and quotes follow the one to bars.
    const channels = subscription.instrument === EUR_USD ? 2 : 3;
    while (server.subscriptions.length < channels) await new Promise((go) => setTimeout(go, 5));
    act();
    await listening;
    return news;
  };
  const endOf = (stream: AsyncIterable<StreamNews>): Promise<Error> =>
    faultOf(
      (async () => {
        for await (const each of stream) expect(each.kind).not.toBe('GAP');
      })(),
    );
  const faultAfter = async (act: () => void): Promise<Error> => {
    const fault = endOf(provider.stream(BITCOIN, NEVER));
    await server.subscribers.some();
    act();
    return fault;
  };

  test('tells the minutes, trades and quotes of coins', async () => {
    const minute = { ev: 'XA', pair: 'BTC-USD', o: 10, h: 12, l: 9, c: 11, v: 3.5, vw: 10, z: 0 };
    const trade = { ev: 'XT', pair: 'BTC-USD', s: 1, c: [0], i: 'a', x: 23, r: nowMs };
    const quote = { ev: 'XQ', pair: 'BTC-USD', bs: 1, as: 1, x: 1, r: nowMs, t: nowMs };
    const news = await heard(BITCOIN, () => {
      server.say(
        { ...trade, p: 11, t: nowMs },
        { ...trade, pair: 'ETH-USD', p: 5, t: nowMs },
        { ...quote, bp: 10.5, ap: 11.5 },
        { ...quote, bp: 12, ap: 11.5 },
      );
      server.say({ ...minute, s: MONDAY, e: MONDAY + MINUTE });
      server.say({ ...quote, bp: 1, ap: LAST });
    });
    expect(news).toEqual([
      { kind: 'TICK', atMs: nowMs, price: 11 },
      { kind: 'QUOTE', atMs: nowMs, bid: 10.5, ask: 11.5 },
      {
        kind: 'BAR',
        candle: { openTimeMs: MONDAY, open: 10, high: 12, low: 9, close: 11, volume: 3.5 },
      },
    ]);
    expect(server.openings).toEqual(['/crypto']);
    expect(server.subscriptions).toEqual(['XA.BTC-USD', 'XT.BTC-USD', 'XQ.BTC-USD']);
  });

  test('has no bars for other timeframes than one minute', async () => {
    const news = await heard({ ...BITCOIN, timeframe: '5m' }, () => {
      const prices = { o: 10, h: 12, l: 9, c: 11, v: 3.5 };
      server.say({ ev: 'XA', pair: 'BTC-USD', ...prices, s: MONDAY, e: MONDAY + MINUTE });
      server.say({ ev: 'XQ', pair: 'BTC-USD', bp: 1, ap: LAST, t: nowMs });
    });
    expect(news).toEqual([]);
  });

  test('leaves out trades that are no prices, and sees no gap in numbers left out', async () => {
    const trade = { ev: 'T', sym: 'AAPL', x: 4, z: 3, s: 100, t: nowMs };
    const news = await heard(SHARES, () => {
      server.say(
        { ...trade, p: 180, c: [14, 41], q: 10 },
        { ...trade, p: 99, c: [2], q: 11 },
        { ...trade, p: 181, q: 500 },
        { ...trade, p: 98, c: [12, 37], q: 501 },
      );
      server.say({ ev: 'Q', sym: 'AAPL', bp: 1, ap: LAST, t: nowMs, q: 502 });
    });
    expect(news).toEqual([
      { kind: 'TICK', atMs: nowMs, price: 180 },
      { kind: 'TICK', atMs: nowMs, price: 181 },
    ]);
    expect(server.openings).toEqual(['/stocks']);
  });

  test('quotes currencies, which have no trades, whichever way their names are written', async () => {
    const news = await heard({ instrument: EUR_USD, timeframe: '1m' }, () => {
      const prices = { o: 1.1, h: 1.2, l: 1.1, c: 1.2, v: 13 };
      server.say({ ev: 'C', p: 'EUR/USD', x: 44, a: 1.1002, b: 1.1, t: nowMs });
      server.say({ ev: 'CA', pair: 'EUR/USD', ...prices, s: MONDAY, e: MONDAY + MINUTE });
      server.say({ ev: 'C', p: 'EUR-USD', x: 44, a: LAST, b: 1, t: nowMs });
    });
    expect(news.map(({ kind }) => kind)).toEqual(['QUOTE', 'BAR']);
    expect(server.openings).toEqual(['/forex']);
    expect(server.subscriptions).toEqual(['CA.EUR-USD', 'C.EUR-USD']);
  });

  test('of a plan without trades is what the plan has', async () => {
    await reopen({ channels: ['AM'] });
    const stream = provider.stream(SHARES, NEVER)[Symbol.asyncIterator]();
    expect((await stream.next()).value).toEqual({ kind: 'ALIVE' });
    await server.subscribers.some();
    const prices = { o: 10, h: 12, l: 9, c: 11, v: 3.5 };
    server.say({ ev: 'AM', sym: 'AAPL', ...prices, s: MONDAY, e: MONDAY + MINUTE });
    let next = await stream.next();
    while (next.value?.kind === 'ALIVE') next = await stream.next();
    expect(next.value).toMatchObject({ kind: 'BAR', candle: { openTimeMs: MONDAY } });
    await stream.return?.();
  });

  test('of a plan without anything is refused', async () => {
    await reopen({ channels: [] });
    const fault = await faultOf(provider.stream(SHARES, NEVER)[Symbol.asyncIterator]().next());
    expect(fault).toMatchObject({ kind: 'REFUSED' });
    expect(fault.message).toMatch(/"not authorized" .* about all of AM\.AAPL, T\.AAPL, Q\.AAPL/);
  });

  test('is kept alive by pings', async () => {
    provider = inHaste();
    const stream = provider.stream({ instrument: XAU_USD, timeframe: '1m' }, NEVER);
    let alive = 0;
    for await (const { kind } of stream) {
      expect(kind).toBe('ALIVE');
      if (++alive === 5) break;
    }
  });

  test.each<[string, () => void, string, RegExp]>([
    ['garbage', () => server.subscribers.tell('<html>'), 'GARBLED', /should be JSON/],
    ['an object', () => server.subscribers.tell('{}'), 'GARBLED', /should be a list of events/],
    [
      'a trade without a price',
      () => server.say({ ev: 'XT', pair: 'BTC-USD', t: 1 }),
      'GARBLED',
      /event\[0\]\.p is missing and should be a number/,
    ],
    [
      'half a minute',
      () => server.say({ ev: 'XA', pair: 'BTC-USD', s: MONDAY, e: MONDAY + 30_000 }),
      'GARBLED',
      /should be one whole minute/,
    ],
    [
      'a newer connection',
      () => server.say({ ev: 'status', status: 'max_connections', message: 'Maximum number' }),
      'RATE_LIMITED',
      /Maximum number/,
    ],
    [
      'a farewell',
      () => server.say({ ev: 'status', status: 'disconnected', message: 'slow consumer' }),
      'LOST',
      /slow consumer/,
    ],
    [
      'a cut',
      () => server.subscribers.cut(),
      'LOST',
      /closed the stream of BTC\/USD with code 1006/,
    ],
    ['a closing', () => server.subscribers.cut(1008, 'policy'), 'LOST', /code 1008 and "policy"/],
  ])('ended by %s says so', async (_, act, kind, sentence) => {
    const fault = await faultAfter(act);
    expect(fault).toMatchObject({ name: 'ProviderFault', kind });
    expect(fault.message).toMatch(sentence);
  });

  test('that may not be opened once more says how long to wait', async () => {
    server.admits = 'TOO_MANY';
    expect(await endOf(provider.stream(BITCOIN, NEVER))).toMatchObject({
      kind: 'RATE_LIMITED',
      retryAfterMs: 60_000,
    });
  });

  test('that never answers the subscription is lost, however alive it is', async () => {
    provider = inHaste();
    server.admits = 'SILENTLY';
    const fault = await endOf(provider.stream(BITCOIN, NEVER));
    expect(fault).toMatchObject({ kind: 'LOST' });
    expect(fault.message).toMatch(/no subscription .* within 10000 ms/);
  });
});

describe('the key of Polygon', () => {
  test('appears in no fault, whatever is thrown where', async () => {
    const faults: Error[] = [];
    for (const answer of [refuse(401, `Unknown API Key ${API_KEY}`), garbage, broken]) {
      server.next(answer);
      faults.push(await faultOf(firstMinutes()));
    }
    const wrong = providerAt(server, { apiKey: `${API_KEY}x` });
    const stream = wrong.stream({ instrument: BTC_USD, timeframe: '1m' }, NEVER);
    faults.push(await faultOf(stream[Symbol.asyncIterator]().next()));
    expect(faults.at(-1)).toMatchObject({ kind: 'REFUSED' });
    for (const fault of faults) {
      expect(fault.name).toBe('ProviderFault');
      expect(`${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)}`).not.toContain(
        API_KEY,
      );
    }
  });
});
