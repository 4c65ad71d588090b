/** Which markets can be opened, and with what sentence the others are refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Instrument } from '../../domain/instrument.ts';
import { BinanceServer } from '../../market/feeds/ccxt/testing/binance-server.ts';
import type { FeedStatus } from '../../market/feeds/live-feed.ts';
import { type MarketProvider, ProviderFault } from '../../market/feeds/provider.ts';
import { BTC_USD } from '../../market/instruments/instruments.ts';
import { BadInput } from './errors.ts';
import { openLiveMarket, openLiveSources } from './live-market.ts';
import { OUTSIDE } from './outside.ts';
import { openSource, type UnaskedSource } from './providers.ts';

const SPAN_MS = 60_000;
const candles = Array.from({ length: 10 }, (_, index) => ({
  openTimeMs: (Math.floor(Date.now() / SPAN_MS) - 9 + index) * SPAN_MS,
  open: 100,
  high: 101,
  low: 99,
  close: 100,
  volume: 1,
}));

let candlesDir: string;
let server: BinanceServer;
beforeEach(async () => {
  candlesDir = mkdtempSync(join(tmpdir(), 'plimsoll-live-'));
  server = await BinanceServer.open(candles, SPAN_MS);
});
afterEach(async () => {
  await server.close();
  rmSync(candlesDir, { recursive: true, force: true });
});

const open = (name: string, instrument: string, baseUrl = server.url) =>
  openSource(name, { instrument, outside: OUTSIDE, candlesDir, baseUrl });

test.each([
  ['binanse', 'BTC/USDT', undefined, '"binanse" is not an exchange'],
  ['constructor', 'BTC/USDT', undefined, '"constructor" is not an exchange'],
  ['binance', 'FOO/BAR', undefined, 'there is no market FOO/BAR'],
  ['binance', 'BTC/USDT', 'nowhere', 'the address "nowhere" must be one such as'],
  ['binance', 'BTC/USDT', 'file:///etc/hosts', 'the address "file:///etc/hosts" must be'],
])('%s for %s at %s is bad input', async (name, instrument, url, sentence) => {
  const opening = open(name, instrument, url);
  await expect(opening).rejects.toBeInstanceOf(BadInput);
  await expect(opening).rejects.toThrow(sentence);
});

test('an exchange that is out of order trades on the terms it had, when they are known', async () => {
  const { url } = server;
  const before = await open('binance', 'BTC/USDT');
  await before.provider.close();
  await server.close();
  const again = await open('binance', 'btc/usdt', url);
  expect(again.instrument).toEqual(before.instrument);
  await again.provider.close();
  rmSync(candlesDir, { recursive: true });
  await expect(open('binance', 'BTC/USDT', url)).rejects.toMatchObject({ kind: 'LOST' });
});

test.each([
  ['', '--live "" must be names'],
  ['binance,', '--live "binance," must be names'],
  ['binance, binance', '--live names "binance" twice'],
])('the names "%s" are refused before anybody is asked', async (names, sentence) => {
  const options = { names, instrument: 'BTC/USDT', outside: OUTSIDE, candlesDir };
  await expect(openLiveSources(options)).rejects.toThrow(sentence);
});

/** A provider of nothing, which says of the instrument what it is given. */
function source(name: string, instrument: () => Promise<Instrument>) {
  const closed = { count: 0 };
  const provider: MarketProvider = {
    name,
    candlesPerRequestMax: 5,
    candles: () => Promise.resolve([]),
    async *stream() {},
    close: () => Promise.resolve(void (closed.count += 1)),
  };
  return { provider, instrument, closed };
}

const lost = (name: string) =>
  source(name, () => Promise.reject(new ProviderFault(name, 'LOST', 'nobody answers')));

const market = (sources: readonly UnaskedSource[], onStatus: (status: FeedStatus) => void) =>
  openLiveMarket({
    sources,
    timeframe: '1m',
    historyBars: 0,
    startsAtMs: undefined,
    outside: OUTSIDE,
    signal: new AbortController().signal,
    onStatus,
    onCorrection: () => undefined,
  });

test('the second provider is begun with while the first is out of order', async () => {
  const statuses: FeedStatus[] = [];
  const sources = [lost('first'), source('second', () => Promise.resolve(BTC_USD))];
  const { feed } = await market(sources, (status) => void statuses.push(status));
  expect(feed.instrument).toBe(BTC_USD);
  expect(feed.source).toBe('first, else second');
  expect(statuses).toEqual([
    { provider: 'first', state: 'LOST', because: 'first: nobody answers' },
  ]);
  await feed.close();
});

test('when nobody answers, each is quoted and let go', async () => {
  const sources = [lost('first'), lost('second')];
  await expect(market(sources, () => undefined)).rejects.toThrow(
    'first: nobody answers; second: nobody answers',
  );
  expect(sources.map(({ closed }) => closed.count)).toEqual([1, 1]);
});
