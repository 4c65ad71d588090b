import { setTimeout as timer } from 'node:timers/promises';

import { expect, test } from 'vitest';

import type { Candle } from '../../../domain/candle.ts';
import { instrumentId } from '../../../domain/ids.ts';
import { defineInstrument } from '../../../domain/instrument.ts';
import { BTC_USD } from '../../instruments/instruments.ts';
import type { MarketEvent } from '../feed.ts';
import { liveFeed } from '../live-feed.ts';
import { ccxtProvider } from './ccxt-provider.ts';
import { BinanceServer } from './testing/binance-server.ts';

const SPAN = 60_000;
const START = Date.UTC(2026, 0, 5);
const HISTORY = 50;
const BTC_USDT = defineInstrument({ ...BTC_USD, id: instrumentId('BTC/USDT'), quote: 'USDT' });

const candles: readonly Candle[] = Array.from({ length: 70 }, (_, index) => {
  const open = 50_000 + index;
  const openTimeMs = START + index * SPAN;
  return { openTimeMs, open, high: open + 2, low: open - 1.5, close: open + 1, volume: 0.25 };
});

test('a feed over real sockets survives a lost line, and tells the bars it missed first', async () => {
  const server = await BinanceServer.open(candles, SPAN);
  let nowMs = START + HISTORY * SPAN + 20_000;
  const outside = {
    now: () => nowMs,
    random: () => 0.5,
    // Waiting is short, except for answers, and it is all that makes time pass.
    sleep: async (ms: number, signal: AbortSignal) => {
      const untilMs = nowMs + ms;
      await timer(ms > 40_000 ? ms : ms / 100, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) nowMs = Math.max(nowMs, untilMs);
    },
  };
  const provider = await ccxtProvider({ exchangeId: 'binance', outside, baseUrl: server.url });
  const states: string[] = [];
  const feed = await liveFeed({
    providers: [provider],
    instrument: BTC_USDT,
    timeframe: '1m',
    historyBars: HISTORY,
    outside,
    patience: { staleMs: 60 * SPAN },
    onStatus: ({ state }) => states.push(state),
  });
  expect(feed.history).toEqual(candles.slice(0, HISTORY));

  const events = feed.events(0)[Symbol.asyncIterator]();
  const next = async (): Promise<MarketEvent> => (await events.next()).value as MarketEvent;
  const first = next();
  await server.subscribed('trade');
  server.trade(nowMs, 50_050.5);
  expect(await first).toMatchObject({ kind: 'TICK', price: 50_050.5 });

  server.dropSockets();
  nowMs += 2 * SPAN;
  await server.subscribed('trade');
  server.trade(nowMs, 50_052.25);
  const told: MarketEvent[] = [];
  while (!told.some((event) => event.kind === 'TICK' && event.price === 50_052.25))
    told.push(await next());
  const bars = told.flatMap((event) => (event.kind === 'BAR' ? event.candle : []));
  expect(bars.length).toBeGreaterThanOrEqual(2);
  expect(bars).toEqual(candles.slice(HISTORY, HISTORY + bars.length));
  expect(states).toEqual(['CONNECTING', 'LIVE', 'LOST', 'CONNECTING', 'LIVE']);

  await feed.close();
  expect(await events.next()).toMatchObject({ done: true });
  await server.close();
});
