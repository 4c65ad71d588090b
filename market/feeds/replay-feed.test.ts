import { expect, test } from 'vitest';

import type { Feed, MarketEvent } from './feed.ts';
import { GrowableSeries } from '../candles/growable-series.ts';
import { EUR_USD } from '../instruments/instruments.ts';
import { replayFeed } from './replay-feed.ts';

const HOUR = 3_600_000;

const SERIES = GrowableSeries.of(
  [1, 2, 3, 4, 5].map((hour) => ({
    openTimeMs: hour * HOUR,
    open: 1.1,
    high: 1.2,
    low: 1,
    close: 1.1,
    volume: hour,
  })),
);

const feedWith = (historyBars: number): Feed =>
  replayFeed({
    series: SERIES,
    timeframe: '1h',
    instrument: EUR_USD,
    source: 'eurusd-1h.csv',
    historyBars,
  });

async function collected(feed: Feed, afterMs: number): Promise<readonly MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const event of feed.events(afterMs)) events.push(event);
  return events;
}

test('a replay says what it is', () => {
  const feed = feedWith(2);
  expect(feed).toMatchObject({
    instrument: EUR_USD,
    timeframe: '1h',
    source: 'eurusd-1h.csv',
    synthetic: false,
    detail: 'BARS',
  });
  expect(feed.history.map((candle) => candle.volume)).toEqual([1, 2]);
});

test('every bar after the history is an event at its close', async () => {
  const events = await collected(feedWith(2), 0);
  expect(events.map((event) => event.kind === 'BAR' && event.candle.volume)).toEqual([3, 4, 5]);
  expect(events[0]).toMatchObject({ kind: 'BAR', closedAtMs: 4 * HOUR });
});

test('events later than an instant can be asked for, again and again', async () => {
  const feed = feedWith(0);
  const first = await collected(feed, 4 * HOUR);
  expect(first.map((event) => event.kind === 'BAR' && event.closedAtMs)).toEqual([
    5 * HOUR,
    6 * HOUR,
  ]);
  expect(await collected(feed, 4 * HOUR)).toEqual(first);
});

test.each([-1, 5, 1.5])('a history of %d bars of five is refused', (historyBars) => {
  expect(() => feedWith(historyBars)).toThrow(
    `historyBars ${historyBars} must be a whole number from 0 to 4, because eurusd-1h.csv has 5 bars`,
  );
});
