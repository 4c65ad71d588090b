import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Candle } from '../../../domain/candle.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { defineInstrument } from '../../../domain/instrument.ts';
import { text } from '../../../domain/units.ts';
import { BTC_USD } from '../../instruments/instruments.ts';
import { providerContract } from '../provider.contract.ts';
import type { CandleRequest, StreamNews, Subscription } from '../provider.ts';
import { VirtualTime } from '../testing/virtual-time.ts';
import { type CcxtProvider, ccxtProvider } from './ccxt-provider.ts';
import { type AnswerFault, BinanceServer } from './testing/binance-server.ts';

const SPAN = 60_000;
const START = Date.UTC(2026, 0, 5);
const BARS = 1_200;
const NOW = START + BARS * SPAN + 20_000;

const BTC_USDT = defineInstrument({ ...BTC_USD, id: instrumentId('BTC/USDT'), quote: 'USDT' });
const SUBSCRIPTION: Subscription = { instrument: BTC_USDT, timeframe: '1m' };
const NEVER = new AbortController().signal;

/** The last of them is forming. */
const candles: readonly Candle[] = Array.from({ length: BARS + 1 }, (_, index) => {
  const open = 50_000 + index;
  const openTimeMs = START + index * SPAN;
  return { openTimeMs, open, high: open + 2, low: open - 1.5, close: open + 1, volume: 0.25 };
});
const closed = candles.slice(0, -1);

interface Bench {
  readonly server: BinanceServer;
  readonly provider: CcxtProvider;
}

async function openBench(): Promise<Bench> {
  const server = await BinanceServer.open(candles, SPAN);
  const outside = new VirtualTime(NOW);
  const provider = await ccxtProvider({ exchangeId: 'binance', outside, baseUrl: server.url });
  return { server, provider };
}

const KINDS = ['LOST', 'RATE_LIMITED', 'REFUSED', 'NOT_OFFERED', 'GARBLED'] as const;

providerContract(
  'ccxt',
  async () => {
    const { server, provider } = await openBench();
    const fail = (fault: AnswerFault) => (): void => server.failNext(fault);
    return {
      provider,
      subscription: SUBSCRIPTION,
      closed,
      faults: {
        LOST: fail('BROKEN'),
        RATE_LIMITED: fail('TOO_MANY'),
        REFUSED: fail('RESTRICTED'),
        NOT_OFFERED: fail('UNKNOWN_SYMBOL'),
        GARBLED: fail('CUT_OFF'),
      },
      stall: () => server.stallNext(),
      subscribed: () => server.subscribed('trade'),
      print: (atMs, price) => server.trade(atMs, price),
      dropStream: () => server.dropSockets(),
      close: async () => {
        await provider.close();
        await server.close();
      },
    };
  },
  KINDS,
);

describe('ccxt on Binance’s protocol', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(async () => {
    await bench.provider.close();
    await bench.server.close();
  });

  const ask = (change: Partial<CandleRequest> = {}): Promise<readonly Candle[]> =>
    bench.provider.candles(
      { ...SUBSCRIPTION, fromMs: START, toMs: START + 2 * SPAN, ...change },
      NEVER,
    );

  async function heard(
    count: number,
    act: () => void,
    afterFirst: () => void = () => undefined,
  ): Promise<readonly StreamNews[]> {
    const abort = new AbortController();
    const news: StreamNews[] = [];
    const reading = (async () => {
      for await (const one of bench.provider.stream(SUBSCRIPTION, abort.signal)) {
        if (one.kind === 'ALIVE') continue;
        news.push(one);
        if (news.length === 1) afterFirst();
        if (news.length === count) abort.abort();
      }
    })();
    await bench.server.subscribed('trade');
    await bench.server.subscribed('bookTicker');
    act();
    await reading;
    return news;
  }

  test.each([
    ['TOO_MANY', 'RATE_LIMITED', 7_000],
    ['BANNED', 'RATE_LIMITED', 120_000],
    ['BROKEN', 'LOST', undefined],
    ['RESTRICTED', 'REFUSED', undefined],
    ['UNKNOWN_SYMBOL', 'NOT_OFFERED', undefined],
    ['CUT_OFF', 'GARBLED', undefined],
    ['NONSENSE', 'GARBLED', undefined],
  ] as const)('the answer %s is %s', async (answer, kind, retryAfterMs) => {
    bench.server.failNext(answer);
    await expect(ask()).rejects.toMatchObject({ name: 'ProviderFault', kind, retryAfterMs });
  });

  test('a bar that is over by our clock alone is not over', async () => {
    const last = closed.at(-1)!;
    const lastTwo = { fromMs: last.openTimeMs - SPAN, toMs: NOW };
    bench.server.clockMs = last.openTimeMs + SPAN - 1_000;
    expect(await ask(lastTwo)).toEqual(closed.slice(-2, -1));
    bench.server.clockMs = last.openTimeMs + SPAN;
    expect(await ask(lastTwo)).toEqual(closed.slice(-2));
  });

  test('what is being asked is given up when it is closed', async () => {
    await ask();
    const stalled = bench.server.stallNext();
    const asking = ask();
    await stalled;
    await Promise.all([
      expect(asking).rejects.toMatchObject({ kind: 'LOST' }),
      bench.provider.close(),
    ]);
  });

  test.each(['constructor', 'toString'])('%s is no exchange', async (exchangeId) => {
    const outside = new VirtualTime(NOW);
    await expect(ccxtProvider({ exchangeId, outside })).rejects.toThrow('is not an exchange');
  });

  test('a server that is not there is LOST', async () => {
    await ask();
    await bench.server.close();
    await expect(ask()).rejects.toMatchObject({ kind: 'LOST' });
  });

  test('a market that is not there is said with those that are', async () => {
    await expect(ask({ instrument: BTC_USD })).rejects.toThrow(
      'binance: there is no market BTC/USD; it has BTC/USDT',
    );
  });

  test('an exchange that is none of ccxt’s is refused', async () => {
    const outside = new VirtualTime(NOW);
    await expect(ccxtProvider({ exchangeId: 'binanse', outside })).rejects.toThrow(
      '"binanse" is not an exchange of ccxt\'s with a stream; such as binance, kraken and okx are',
    );
  });

  test('the terms of a market are its steps, its smallest order and its fees', async () => {
    const { instrument, fees, contractValue, validFromMs } = await bench.provider.terms('BTC/USDT');
    expect(instrument).toMatchObject({ id: 'BTC/USDT', assetClass: 'CRYPTO' });
    expect([instrument.tick, instrument.lot, instrument.minNotional].map(text)).toEqual([
      '0.01',
      '0.00001',
      '5',
    ]);
    expect(fees).toEqual({ makerBps: 10, takerBps: 10 });
    expect(text(contractValue)).toBe('1');
    expect(validFromMs).toBe(NOW);
  });

  test('a hole in the numbers of the trades is a gap', async () => {
    const news = await heard(3, () => {
      bench.server.trade(NOW, 51_000);
      bench.server.loseTrades(2);
      bench.server.trade(NOW + 1, 51_001);
    });
    expect(news).toEqual([
      { kind: 'TICK', atMs: NOW, price: 51_000 },
      { kind: 'GAP', because: 'trade 1004 came after trade 1001' },
      { kind: 'TICK', atMs: NOW + 1, price: 51_001 },
    ]);
  });

  test('quotes without a time have that of the last print', async () => {
    const news = await heard(
      2,
      () => bench.server.trade(NOW, 51_000),
      () => bench.server.quote(50_999.5, 51_000.5),
    );
    expect(news).toEqual([
      { kind: 'TICK', atMs: NOW, price: 51_000 },
      { kind: 'QUOTE', atMs: NOW, bid: 50_999.5, ask: 51_000.5 },
    ]);
  });

  test('a message that is cut off ends the stream as GARBLED', async () => {
    const act = (): void => bench.server.sendText('trade', '{"e":"trade","s":"BTCUSDT","p":');
    await expect(heard(1, act)).rejects.toMatchObject({ kind: 'GARBLED' });
  });

  test('a print without a price ends the stream as GARBLED', async () => {
    const act = (): void => bench.server.trade(NOW, 0);
    await expect(heard(1, act)).rejects.toMatchObject({ kind: 'GARBLED' });
  });
});
