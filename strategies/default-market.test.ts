/** The default synthetic market is there to show the strategies at work, so it is held to doing so. */
import { expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import { SYNTHETIC_HISTORY_BARS, syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import { DEFAULT_STRATEGIES } from './registry.ts';
import { opinionsOn, signalsAmong } from './strategy.contract.ts';

const BARS = 2_000;

async function barsOfDefaultMarket(): Promise<GrowableSeries> {
  const feed = syntheticFeed();
  const bars: Candle[] = [...feed.history];
  for await (const event of feed.events(0)) {
    if (event.kind === 'BAR') bars.push(event.candle);
    if (bars.length === SYNTHETIC_HISTORY_BARS + BARS) break;
  }
  return GrowableSeries.of(bars);
}

const series = await barsOfDefaultMarket();
const signalsByStrategy = DEFAULT_STRATEGIES.map((strategy) =>
  opinionsOn(strategy, series, '5m').slice(SYNTHETIC_HISTORY_BARS),
);
const signalsWithin = (bars: number): number =>
  signalsByStrategy.flatMap((opinions) => signalsAmong(opinions.slice(0, bars))).length;

test('the default market shows a set-up on its first bar and three within thirty', () => {
  expect(signalsWithin(1)).toBeGreaterThanOrEqual(1);
  expect(signalsWithin(30)).toBeGreaterThanOrEqual(3);
});

test('after that there is a signal every ten to thirty bars on average', () => {
  const barsPerSignal = BARS / signalsWithin(BARS);
  expect(barsPerSignal).toBeGreaterThan(10);
  expect(barsPerSignal).toBeLessThan(30);
});

test('both strategies take part, long and short', () => {
  for (const opinions of signalsByStrategy) {
    const directions = new Set(signalsAmong(opinions).map(({ direction }) => direction));
    expect(directions).toEqual(new Set(['LONG', 'SHORT']));
  }
});
