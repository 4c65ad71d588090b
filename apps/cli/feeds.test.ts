import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import { openCandleStore } from '../../market/candles/store.ts';
import { BadInput } from './errors.ts';
import { anyCandles, recordingOf } from './feeds.ts';

const HOUR = 3_600_000;
const series = GrowableSeries.of(
  [1, 2, 3].map((hour) => ({
    openTimeMs: hour * HOUR,
    open: 10,
    high: 12,
    low: 9,
    close: 11,
    volume: 1,
  })),
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-feeds-'));
  vi.stubEnv('PLIMSOLL_CANDLES_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const refusal = (name: string, instrument?: string): string => {
  try {
    recordingOf(name, instrument);
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    return (error as BadInput).message;
  }
  throw new Error(`${name} was not refused`);
};

test('stored candles go by the name of the store, however they were asked for', () => {
  openCandleStore(folder).add({ instrumentId: 'BTC/USD', timeframe: '1h' }, series, 'a.csv', {
    replace: false,
    atMs: 0,
  });
  for (const name of ['BTC/USD@1h', 'btc-usd@1h', 'btcusd@1h']) {
    const { source, timeframe, instrument } = recordingOf(name);
    expect([source, timeframe, instrument.id]).toEqual(['BTC/USD@1h', '1h', 'BTC/USD']);
  }
  expect(refusal('BTC/USD@4h')).toBe(
    '"BTC/USD@4h" is neither a file nor stored candles; stored are BTC/USD@1h',
  );
  expect(refusal('BTC/USD@1h', 'BTC/USD')).toContain('--instrument is for files');
});

test('candles to look at need no instrument: a file may have any name', () => {
  const key = { instrumentId: 'BTC/USD', timeframe: '1h' } as const;
  openCandleStore(folder).add(key, series, 'a.csv', { replace: false, atMs: 0 });
  expect(anyCandles('btcusd@1h')).toMatchObject({ timeframe: '1h', source: 'BTC/USD@1h' });
  const path = join(folder, 'whatever.csv');
  const rows = [1, 2, 3].map((hour) => `${hour * HOUR},10,12,9,11,1`);
  writeFileSync(path, ['timestamp_ms,open,high,low,close,volume', ...rows].join('\n'));
  const { series: read, timeframe, source } = anyCandles(path);
  expect([read.length, timeframe, source]).toEqual([3, '1h', path]);
});

test('a timeframe that is none is named, and not looked for as a file', () => {
  expect(refusal('BTC/USD@2h')).toBe(
    '"BTC/USD@2h" is no file, and "2h" is no timeframe of stored candles; one of 1m, 5m, 15m, 1h, 4h, 1d is',
  );
});

test('a file that shows no timeframe is named', () => {
  const path = join(folder, 'btcusd.csv');
  writeFileSync(path, 'timestamp_ms,open,high,low,close,volume\n0,10,12,9,11,1\n');
  expect(refusal(path)).toBe(
    `${path}: a series of 1 has no step; two candles or more show a timeframe`,
  );
});
