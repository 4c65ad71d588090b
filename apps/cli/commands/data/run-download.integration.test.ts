import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Candle } from '../../../../domain/candle.ts';
import { openCandleStore } from '../../../../market/candles/store.ts';
import {
  type AnswerFault,
  BinanceServer,
} from '../../../../market/feeds/ccxt/testing/binance-server.ts';
import { OUTSIDE } from '../../outside.ts';
import type { DownloadFlags } from './download.ts';
import { runDownload } from './run-download.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2020, 0, 1);
const BARS = 2_500;
const NOW = START + BARS * HOUR + 20 * 60_000;

/** Three bars are missing, and the last is forming. */
const candles: readonly Candle[] = Array.from({ length: BARS + 1 }, (_, index) => {
  const open = 7_000 + index;
  const openTimeMs = START + index * HOUR;
  return { openTimeMs, open, high: open + 2, low: open - 1.5, close: open + 1, volume: 0.25 };
}).filter((_, index) => index < 700 || index > 702);
const closed = candles.slice(0, -1);

let folder: string;
let server: BinanceServer;
let printed: string[];
let warned: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-download-'));
  server = await BinanceServer.open(candles, HOUR);
  printed = [];
  warned = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => warned.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Early in 2020, and nobody but who waits for an answer waits long. */
const outside = {
  ...OUTSIDE,
  now: () => NOW,
  random: () => 0.5,
  sleep: (ms: number, signal: AbortSignal) => OUTSIDE.sleep(ms > 40_000 ? ms : ms / 100, signal),
};

const fetch = (change: Partial<DownloadFlags> = {}): Promise<void> =>
  runDownload(
    {
      provider: 'ccxt',
      exchange: 'binance',
      instrument: 'btc/usdt',
      timeframe: '1h',
      from: START,
      candlesDir: folder,
      json: false,
      baseUrl: server.url,
      ...change,
    },
    undefined,
    outside,
  );

function stored(): readonly Candle[] {
  const series = openCandleStore(folder).read({ instrumentId: 'BTC/USDT', timeframe: '1h' });
  return Array.from({ length: series.length }, (_, index) => series.candle(index));
}

describe('data download', () => {
  test('keeps every closed bar since a day, and says what there is and what is missing', async () => {
    await fetch();
    expect(stored()).toEqual(closed);
    const text = printed.join('');
    expect(text).toContain('BTC/USDT 1h');
    expect(text).toContain('2,497 bars, 2020-01-01 00:00 to 2020-04-14 03:00 UTC');
    expect(text).toContain('1, 3 bars missing');
  });

  test('run again, it asks for what is new and no more', async () => {
    await fetch({ to: START + 1_200 * HOUR });
    const before = server.requests.length;
    await fetch();
    expect(stored()).toEqual(closed);
    const again = server.requests.slice(before).filter((path) => path.includes('/klines'));
    expect(again).toHaveLength(2);
    expect(again[0]).toContain(`startTime=${START + 1_200 * HOUR}`);
  });

  test('fills what is older than the stored bars', async () => {
    await fetch({ from: START + 2_000 * HOUR });
    await fetch({ from: START });
    expect(stored()).toEqual(closed);
  });

  test('waits as long as the exchange asks for when it asked too often, and says so', async () => {
    server.failNext('BROKEN', 'TOO_MANY', 'CUT_OFF');
    await fetch();
    expect(stored()).toEqual(closed);
    const text = warned.join('');
    expect(text).toContain('waiting');
    expect(text).toMatch(/binance: answered 429 .*; trying again in 7\.0 s/);
  });

  test('stopped with Ctrl-C it keeps what it has, and goes on when run again', async () => {
    const answered = server.stallNext();
    const fetching = fetch();
    await answered;
    process.emit('SIGINT');
    server.dropRequests();
    await expect(fetching).rejects.toThrow('the same command goes on from there');
    expect(stored()).toEqual([]);
    await fetch();
    expect(stored()).toEqual(closed);
  });

  test('an outage that lasts ends it with what it has', async () => {
    const outage: readonly AnswerFault[] = Array.from({ length: 8 }, () => 'BROKEN');
    await fetch({ to: START + 100 * HOUR });
    server.failNext(...outage);
    await expect(fetch()).rejects.toThrow(
      /binance: answered 500 .*; 0 bars were kept, and the same command goes on from there/,
    );
    expect(stored()).toEqual(closed.slice(0, 100));
  });

  test.each<[Partial<DownloadFlags>, string]>([
    [{ instrument: 'DOGE/USDT' }, 'there is no market DOGE/USDT'],
    [{ exchange: 'binanse' }, '"binanse" is not an exchange of ccxt'],
    [
      { provider: 'polygon', instrument: 'BTC/USD' },
      'polygon wants a key; put it into POLYGON_API_KEY',
    ],
    [{ provider: 'twelvedata' }, '"btc/usdt" is not a known instrument'],
    [{ baseUrl: 'nowhere' }, 'the address "nowhere" must be one such as http://127.0.0.1:8080'],
    [{ from: NOW + HOUR }, '--from 2020-04-14 05:20 must lie before now, 2020-04-14 04:20'],
  ])('%o is refused as bad input', async (change, sentence) => {
    vi.stubEnv('POLYGON_API_KEY', '');
    await expect(fetch(change)).rejects.toMatchObject({
      name: 'BadInput',
      message: expect.stringContaining(sentence) as string,
    });
  });

  test('one JSON object says the same', async () => {
    await fetch({ json: true });
    expect(JSON.parse(printed.join(''))).toMatchObject({
      instrumentId: 'BTC/USDT',
      timeframe: '1h',
      fetched: closed.length,
      stored: closed.length,
      first: '2020-01-01T00:00:00.000Z',
      gaps: 1,
      missing: 3,
      interrupted: false,
    });
  });
});
