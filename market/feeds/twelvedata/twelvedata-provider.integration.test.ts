import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { TIMEFRAME_MS, type Timeframe } from '../../../domain/candle.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { hastyOutside } from '../../../tests/support/hasty-outside.ts';
import { BTC_USD, EUR_USD, instrumentByName } from '../../instruments/instruments.ts';
import { providerContract } from '../provider.contract.ts';
import type { CandleRequest, MarketProvider, StreamNews } from '../provider.ts';
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
import { creditsSpent, refuse, TwelveDataServer } from './testing/twelvedata-server.ts';
import { twelveDataProvider } from './twelvedata-provider.ts';

const API_KEY = 'key/with+signs=1';
const MINUTE = TIMEFRAME_MS['1m'];
const HOUR = TIMEFRAME_MS['1h'];
const DAY = TIMEFRAME_MS['1d'];
const MONDAY = Date.UTC(2026, 0, 5);
const NEVER = new AbortController().signal;
const AAPL = instrumentByName('AAPL');

const minutes = sampleBars(MONDAY, MINUTE, 5_101);
const nowMs = minutes.at(-1)!.openTimeMs + 30_000;
const BARS = {
  'BTC/USD 1min': minutes,
  'BTC/USD 1day': sampleBars(MONDAY - 30 * DAY, DAY, 34),
  // Friday evening, and nothing before Sunday evening three weeks later.
  'EUR/USD 1min': [
    ...sampleBars(MONDAY - 30 * DAY, MINUTE, 10),
    ...sampleBars(MONDAY - 9 * DAY, MINUTE, 10),
  ],
  'AAPL 1h': sampleBars(MONDAY + 14.5 * HOUR, HOUR, 7),
};

let server: TwelveDataServer;
let provider: MarketProvider;
beforeEach(async () => {
  server = await TwelveDataServer.open({ apiKey: API_KEY, bars: BARS, now: () => nowMs });
  provider = providerAt(server);
});
afterEach(async () => {
  await provider.close();
  await server.close();
});

const providerAt = (
  { baseUrl, streamUrl }: TwelveDataServer,
  budget: RequestBudget = UNLIMITED_REQUESTS,
  apiKey = API_KEY,
  haste = 1,
): MarketProvider =>
  twelveDataProvider({ apiKey, outside: hastyOutside(nowMs, haste), budget, baseUrl, streamUrl });

/** For tests that wait for something that does not come. */
const inHaste = (): MarketProvider => providerAt(server, UNLIMITED_REQUESTS, API_KEY, 20);

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
const firstMinutes = (): Promise<unknown> =>
  provider.candles(request(MONDAY, MONDAY + 5 * MINUTE), NEVER);

test('a bar that is over by our clock alone is not over', async () => {
  const span = request(MONDAY, MONDAY + 2 * MINUTE);
  server.clockMs = MONDAY + 2 * MINUTE - 1_000;
  expect(await provider.candles(span, NEVER)).toEqual(minutes.slice(0, 1));
  server.clockMs = MONDAY + 2 * MINUTE;
  expect(await provider.candles(span, NEVER)).toEqual(minutes.slice(0, 2));
});

providerContract(
  'TwelveData',
  async () => {
    const bench = await TwelveDataServer.open({ apiKey: API_KEY, bars: BARS, now: () => nowMs });
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
        RATE_LIMITED: () => bench.next(creditsSpent(9)),
        REFUSED: () => bench.next(refuse(401, '**apikey** parameter is incorrect')),
        NOT_OFFERED: () => bench.next(refuse(404, '**symbol** parameter is missing or invalid')),
        GARBLED: () => bench.next(garbage),
      },
      stall: () => {
        unstall = bench.next(stalled);
      },
      subscribed: () => bench.subscribers.some(),
      print: (atMs, price) => bench.print('BTC/USD', atMs, price),
      dropStream: () => bench.subscribers.cut(),
      close: async () => {
        await contracted.close();
        await bench.close();
      },
    };
  },
  ['LOST', 'RATE_LIMITED', 'REFUSED', 'NOT_OFFERED', 'GARBLED'],
);

describe('the bars of TwelveData', () => {
  test.each<[string, Answer, string, RegExp]>([
    [
      'a refused key',
      refuse(401, 'wrong apikey'),
      'REFUSED',
      /said "wrong apikey" \(HTTP status 401\)/,
    ],
    ['a plan that lacks it', refuse(403, 'Pro plan only', 200), 'REFUSED', /Pro plan only/],
    ['a mistake', refuse(400, 'interval is wrong', 200), 'NOT_OFFERED', /interval is wrong/],
    ['an error of theirs', refuse(500, 'Internal', 200), 'LOST', /Internal/],
    ['an overload', overloaded, 'LOST', /HTTP status 503/],
    ['a broken line', broken, 'LOST', /the line broke/],
    ['half an answer', truncated, 'LOST', /the line broke/],
    ['no answer', stalled, 'LOST', /did not answer within 30000 ms/],
    ['something else', garbage, 'GARBLED', /Down for maintenance/],
    ['too much', endless, 'GARBLED', /more than 8388608 bytes/],
    ['another place', redirected('http://127.0.0.1:1/'), 'GARBLED', /HTTP status 302/],
    [
      'a field that is no number',
      (_, response) =>
        sendJson(response, 200, {
          meta: { symbol: 'BTC/USD', interval: '1min' },
          values: [
            { datetime: '2026-01-05 00:00:00', open: '1', high: 'NaN', low: '1', close: '1' },
          ],
          status: 'ok',
        }),
      'GARBLED',
      /values\[0\]\.high is "NaN" and should be a plain number/,
    ],
    [
      'another series',
      (_, response) =>
        sendJson(response, 200, {
          meta: { symbol: 'ETH/USD', interval: '1min' },
          values: [],
          status: 'ok',
        }),
      'GARBLED',
      /meta\.symbol is "ETH\/USD" and should be "BTC\/USD", as asked/,
    ],
  ])('%s is a fault that says so', async (_, answer, kind, sentence) => {
    if (answer === stalled) provider = inHaste();
    server.next(answer);
    const fault = await faultOf(firstMinutes());
    expect(fault).toMatchObject({ name: 'ProviderFault', kind });
    expect(fault.message).toMatch(sentence);
  });

  test('spent credits say when to ask again, and hold back everybody who shares them', async () => {
    const pauses: number[] = [];
    const budget: RequestBudget = {
      spend: (work) => work(),
      pause: (forMs) => Promise.resolve(void pauses.push(forMs)),
    };
    provider = providerAt(server, budget);
    const day = 'You have run out of API credits for the day. 801 were used, the limit being 800.';
    for (const answer of [creditsSpent(9, 200), refuse(429, day)]) server.next(answer);
    server.next((_, response) => sendJson(response, 429, {}, { 'retry-after': '7' }));
    const faults = [
      await faultOf(firstMinutes()),
      await faultOf(firstMinutes()),
      await faultOf(firstMinutes()),
    ];
    const untilMidnightMs = DAY - (nowMs % DAY);
    expect(pauses[0]).toBe(60_000);
    expect(pauses[1]).toBeGreaterThan(untilMidnightMs - 5_000);
    expect(pauses[1]).toBeLessThanOrEqual(untilMidnightMs);
    expect(pauses[2]).toBe(7_000);
    expect(faults.map((fault) => 'retryAfterMs' in fault && fault.retryAfterMs)).toEqual(pauses);
  });

  test('are asked for in UTC, oldest first, with the key in a header', async () => {
    await firstMinutes();
    const [asked] = server.requests;
    expect(asked?.authorization).toBe(`apikey ${API_KEY}`);
    expect(Object.fromEntries(new URL(asked!.url, server.baseUrl).searchParams)).toEqual({
      symbol: 'BTC/USD',
      interval: '1min',
      start_date: '2026-01-05 00:00:00',
      end_date: '2026-01-05 00:06:00',
      outputsize: '5000',
      order: 'ASC',
      timezone: 'UTC',
    });
  });

  test('of one day are those of whole days that are over', async () => {
    const days = await provider.candles(request(MONDAY - 3 * DAY, MONDAY + 9 * DAY, '1d'), NEVER);
    expect(days.map(({ openTimeMs }) => openTimeMs)).toEqual(
      [-3, -2, -1, 0, 1, 2].map((day) => MONDAY + day * DAY),
    );
  });

  test('of shares open with the session, and are asked for in one country', async () => {
    const hours = await provider.candles(
      { ...request(MONDAY, MONDAY + DAY, '1h'), instrument: AAPL },
      NEVER,
    );
    expect(hours.map(({ openTimeMs }) => (openTimeMs - MONDAY) / HOUR)).toEqual([
      14.5, 15.5, 16.5, 17.5, 18.5, 19.5, 20.5,
    ]);
    expect(server.requests[0]?.url).toContain('country=United+States');
  });

  test('after a long closure are found without asking for every day of it', async () => {
    const euros = { ...request(MONDAY - 29 * DAY, nowMs), instrument: EUR_USD };
    const found = await provider.candles(euros, NEVER);
    expect(found[0]?.openTimeMs).toBe(MONDAY - 9 * DAY);
    const before = await provider.candles({ ...euros, fromMs: MONDAY - 5_000 * DAY }, NEVER);
    expect(before[0]?.openTimeMs).toBe(MONDAY - 30 * DAY);
    const paths = server.requests.map(({ url }) => url.split('?')[0]);
    expect(paths.filter((path) => path === '/earliest_timestamp')).toHaveLength(2);
    expect(paths.length).toBeLessThan(12);
  });

  test('that cannot have closed are not asked for', async () => {
    expect(await provider.candles(request(nowMs - 45_000, nowMs + DAY), NEVER)).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test('of an instrument without a name here are not offered', async () => {
    const paris = { ...AAPL, id: instrumentId('AIR/EUR'), base: 'AIR', quote: 'EUR' };
    const asked = provider.candles({ ...request(MONDAY, nowMs), instrument: paris }, NEVER);
    expect(await faultOf(asked)).toMatchObject({ kind: 'NOT_OFFERED' });
    expect(server.requests).toEqual([]);
  });

  test('are no longer asked for once the provider is closed', async () => {
    server.next(stalled);
    const asked = firstMinutes();
    await provider.close();
    expect(await faultOf(asked)).toMatchObject({ kind: 'LOST' });
  });
});

describe('the stream of TwelveData', () => {
  const BITCOIN = { instrument: BTC_USD, timeframe: '5m' } as const;
  /** What is heard until the stream ends, with the fault that ended it. */
  const listen = async (
    abort = new AbortController(),
    onNews: (news: StreamNews) => void = () => undefined,
  ): Promise<{ readonly news: readonly StreamNews[]; readonly fault: Error | undefined }> => {
    const news: StreamNews[] = [];
    try {
      for await (const each of provider.stream(BITCOIN, abort.signal)) {
        news.push(each);
        onNews(each);
      }
      return { news, fault: undefined };
    } catch (error) {
      return { news, fault: error as Error };
    }
  };
  const afterSubscribing = async (act: () => void): Promise<Error | undefined> => {
    const listening = listen();
    await server.subscribers.some();
    act();
    return (await listening).fault;
  };

  test('tells prices, quotes that are quotes, and signs of life', async () => {
    const abort = new AbortController();
    const listening = listen(abort, (each) => {
      if (each.kind === 'TICK' && each.price === 103) abort.abort();
    });
    await server.subscribers.some();
    server.print('BTC/USD', nowMs, 101, { bid: 100.5, ask: 101.5 });
    server.print('ETH/USD', nowMs, 5);
    server.print('BTC/USD', nowMs, 102, { bid: 0, ask: 102.5 });
    server.say({ event: 'something-new' });
    server.print('BTC/USD', nowMs + 1_000, 103);
    const { news, fault } = await listening;
    expect(fault).toBeUndefined();
    expect(news.filter(({ kind }) => kind !== 'ALIVE')).toEqual([
      { kind: 'TICK', atMs: nowMs, price: 101 },
      { kind: 'QUOTE', atMs: nowMs, bid: 100.5, ask: 101.5 },
      { kind: 'TICK', atMs: nowMs, price: 102 },
      { kind: 'TICK', atMs: nowMs + 1_000, price: 103 },
    ]);
  });

  test('is kept alive by heartbeats, which are signs of life', async () => {
    provider = inHaste();
    const abort = new AbortController();
    let alive = 0;
    await listen(abort, ({ kind }) => {
      if (kind === 'ALIVE' && ++alive === 4) abort.abort();
    });
    expect(server.heard.slice(0, 4)).toEqual([
      { action: 'subscribe', params: { symbols: 'BTC/USD' } },
      { action: 'heartbeat' },
      { action: 'heartbeat' },
      { action: 'heartbeat' },
    ]);
  });

  test.each<[string, () => void, string, RegExp]>([
    [
      'garbage',
      () => server.say('<html>'),
      'GARBLED',
      /the message is "<html>" and should be JSON/,
    ],
    [
      'a price that is none',
      () =>
        server.say({ event: 'price', symbol: 'BTC/USD', timestamp: nowMs / 1_000, price: '101' }),
      'GARBLED',
      /price is "101" and should be a number/,
    ],
    [
      'an error',
      () => server.say({ status: 'error', code: '429', message: 'too many connections' }),
      'RATE_LIMITED',
      /too many connections/,
    ],
    [
      'a cut',
      () => server.subscribers.cut(),
      'LOST',
      /closed the stream of BTC\/USD with code 1006/,
    ],
    [
      'a good-bye',
      () => server.subscribers.cut(1001, 'restarting'),
      'LOST',
      /with code 1001 and "restarting"/,
    ],
    ['a message without end', () => server.say(' '.repeat(2 ** 21)), 'GARBLED', /WS_ERR/],
  ])('ended by %s says so', async (_, act, kind, sentence) => {
    const fault = await afterSubscribing(act);
    expect(fault).toMatchObject({ name: 'ProviderFault', kind });
    expect(fault?.message).toMatch(sentence);
  });

  test('that never answers the subscription is lost', async () => {
    provider = inHaste();
    server.acknowledges = false;
    const { fault } = await listen();
    expect(fault).toMatchObject({ kind: 'LOST' });
    expect(fault?.message).toMatch(/no answer to the subscription .* within 10000 ms/);
  });

  test('of a symbol that it does not have is not offered', async () => {
    const gold = provider.stream(
      { instrument: instrumentByName('XAU/USD'), timeframe: '1m' },
      NEVER,
    );
    expect(await faultOf(gold[Symbol.asyncIterator]().next())).toMatchObject({
      kind: 'NOT_OFFERED',
    });
  });

  test('is closed when nobody reads it any more', async () => {
    const gone = server.subscribers.gone();
    for await (const each of provider.stream(BITCOIN, NEVER)) {
      expect(each).toEqual({ kind: 'ALIVE' });
      break;
    }
    await gone;
  });
});

describe('the key of TwelveData', () => {
  test('appears in no fault, whatever is thrown where', async () => {
    provider = providerAt(server, UNLIMITED_REQUESTS, API_KEY);
    const echo = `bad key ${API_KEY} in ?apikey=${encodeURIComponent(API_KEY)}`;
    const faults: Error[] = [];
    for (const answer of [
      refuse(401, echo),
      ((_, response) => void response.end(echo)) satisfies Answer,
      broken,
      redirected(`http://127.0.0.1:1/?apikey=${API_KEY}`),
    ]) {
      server.next(answer);
      faults.push(await faultOf(firstMinutes()));
    }
    const wrong = providerAt(server, UNLIMITED_REQUESTS, `${API_KEY}x`);
    const stream = wrong.stream({ instrument: BTC_USD, timeframe: '1m' }, NEVER);
    faults.push(await faultOf(stream[Symbol.asyncIterator]().next()));
    await server.close();
    const unreachable = provider.stream({ instrument: BTC_USD, timeframe: '1m' }, NEVER);
    faults.push(await faultOf(unreachable[Symbol.asyncIterator]().next()));
    faults.push(await faultOf(firstMinutes()));
    server = await TwelveDataServer.open({ apiKey: API_KEY, bars: BARS, now: () => nowMs });
    expect(faults.map((fault) => fault.name)).toEqual(faults.map(() => 'ProviderFault'));
    for (const fault of faults) {
      const shown = `${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)}`;
      expect(shown).not.toContain(API_KEY);
      expect(shown).not.toContain(encodeURIComponent(API_KEY));
    }
  });

  test('that is empty is refused', () => {
    expect(() => providerAt(server, UNLIMITED_REQUESTS, ' ')).toThrow(
      'the API key of twelvedata is empty; it should be the one of your account',
    );
  });
});
