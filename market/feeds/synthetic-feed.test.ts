import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { candleFault, TIMEFRAME_MS } from '../../domain/candle.ts';
import { seededRandom } from '../../domain/random.ts';
import { price, priceFromNumber, toNumber } from '../../domain/units.ts';
import type { Feed, MarketEvent } from './feed.ts';
import { EUR_USD, INSTRUMENTS } from '../instruments/instruments.ts';
import { syntheticBars } from './synthetic/bars.ts';
import { priceGrid } from './synthetic/price-grid.ts';
import { SYNTHETIC_HISTORY_BARS, syntheticFeed } from './synthetic-feed.ts';

const SPAN = TIMEFRAME_MS['5m'];

async function take(feed: Feed, count: number, afterMs = 0): Promise<readonly MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const event of feed.events(afterMs)) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

test('a synthetic market always says that it is one', () => {
  const feed = syntheticFeed({ seed: 7 });
  expect(feed).toMatchObject({
    timeframe: '5m',
    source: 'synthetic, seed 7',
    synthetic: true,
    detail: 'TICKS',
  });
  expect(feed.instrument.id).toBe('BTC/USD');
  expect(feed.history).toHaveLength(SYNTHETIC_HISTORY_BARS);
});

test('the events follow the history without a hole', async () => {
  const feed = syntheticFeed();
  const [first] = await take(feed, 1);
  const lastCloseMs = feed.history.at(-1)!.openTimeMs + SPAN;
  expect(first).toMatchObject({ kind: 'TICK', atMs: lastCloseMs + SPAN / 120 });
});

test('a bar is exactly the aggregate of the sixty prints before it', async () => {
  const events = await take(syntheticFeed(), 61 * 200);
  let prints: number[] = [];
  let lastMs = 0;
  for (const event of events) {
    const atMs = event.kind === 'BAR' ? event.closedAtMs : event.atMs;
    expect(atMs).toBeGreaterThan(lastMs);
    lastMs = atMs;
    if (event.kind === 'TICK') prints.push(event.price);
    if (event.kind !== 'BAR') continue;
    expect(prints).toHaveLength(60);
    expect(event.candle).toMatchObject({
      openTimeMs: event.closedAtMs - SPAN,
      open: prints[0],
      high: Math.max(...prints),
      low: Math.min(...prints),
      close: prints.at(-1),
    });
    expect(candleFault(event.candle)).toBeUndefined();
    prints = [];
  }
});

test('the same seed gives the same ticks for ever', async () => {
  const events = await take(syntheticFeed({ seed: 42 }), 61 * 200);
  expect(await take(syntheticFeed({ seed: 42 }), 61 * 200)).toEqual(events);
  // A change of this digest changes every recorded run: say why in the changelog.
  expect(createHash('sha256').update(JSON.stringify(events)).digest('hex')).toMatchInlineSnapshot(
    `"be1037c75cfe6174b683303c9f86edb16d1143d191d111744664df23841e8a1d"`,
  );
  expect(await take(syntheticFeed({ seed: 43 }), 50)).not.toEqual(events.slice(0, 50));
});

test('events after an instant are the rest of the same events', async () => {
  const feed = syntheticFeed();
  const all = await take(feed, 300);
  for (const cut of [0, 5, 59, 60, 61, 137]) {
    const event = all[cut]!;
    const atMs = event.kind === 'BAR' ? event.closedAtMs : event.atMs;
    expect(await take(feed, 100, atMs)).toEqual(all.slice(cut + 1, cut + 101));
  }
});

test('every print is on the tick of every instrument', async () => {
  for (const instrument of INSTRUMENTS) {
    for (const event of await take(syntheticFeed({ instrument, timeframe: '1h' }), 500)) {
      if (event.kind !== 'TICK') continue;
      expect(toNumber(priceFromNumber(event.price, instrument.tick))).toBe(event.price);
    }
  }
});

test('a tick that is no power of ten is kept as well', () => {
  const toTick = priceGrid(price('0.25'));
  expect([10.1, 10.13, 10.3, 0.01].map(toTick)).toEqual([10, 10.25, 10.25, 0.25]);
});

const bars = syntheticBars({
  random: seededRandom(5),
  firstOpenMs: 0,
  spanMs: SPAN,
  startPrice: 65_000,
  sigma: 0.0022,
  barVolume: 25,
  toTick: priceGrid(price('0.01')),
});
const sample = Array.from({ length: 40_000 }, () => bars.next().value);

test('every regime comes up', () => {
  expect(new Set(sample.map(({ regime }) => regime))).toEqual(
    new Set(['TREND_UP', 'TREND_DOWN', 'RANGE', 'GAP', 'CRASH']),
  );
});

test('volatility clusters: large moves follow large moves', () => {
  const sizes = sample.map(({ candle }) => Math.abs(Math.log(candle.close / candle.open)));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  let together = 0;
  let variance = 0;
  for (let i = 1; i < sizes.length; i++) {
    together += (sizes[i]! - mean) * (sizes[i - 1]! - mean);
    variance += (sizes[i]! - mean) ** 2;
  }
  expect(together / variance).toBeGreaterThan(0.1);
});

test('months of it keep a believable price', () => {
  const closes = sample.map(({ candle }) => candle.close);
  expect(Math.min(...closes)).toBeGreaterThan(65_000 / 3);
  expect(Math.max(...closes)).toBeLessThan(65_000 * 3);
});

test('what cannot be a seed or a start is refused', () => {
  expect(() => syntheticFeed({ seed: 1.5 })).toThrow(
    'seed 1.5 must be a whole number from 0 to 4294967295',
  );
  expect(() => syntheticFeed({ instrument: EUR_USD, timeframe: '1h', startMs: 5 })).toThrow(
    'startMs 5 must be a whole multiple of 3600000, the 1h bar',
  );
});
