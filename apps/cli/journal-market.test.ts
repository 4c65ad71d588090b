import { expect, test } from 'vitest';
import type { Feed } from '../../market/feeds/feed.ts';
import { candles, feedOf, playOn, World } from '../../tests/support/world.ts';
import { journalMarket, otherMarket } from './journal-market.ts';

const feed = feedOf(candles(100, [[101], [102], [103]]));

test('a journal knows its market from its start on, and the timeframe from its first bar on', async () => {
  const world = new World({ feed, plan: () => undefined });
  const runtime = await world.open();
  const { ledger } = runtime.options;
  const begun = { source: 'a test', instruments: ['BTC/USD'], startsAtMs: feed.startsAtMs };
  expect(await journalMarket(ledger)).toEqual({ ...begun, timeframe: undefined });
  await playOn(runtime);
  // Whoever starts it again is told when it was begun, not when it was gone on with.
  const again = await world.open();
  expect(await journalMarket(again.options.ledger)).toEqual({ ...begun, timeframe: '5m' });
});

const BEGUN = {
  source: 'a test',
  instruments: [feed.instrument.id],
  timeframe: feed.timeframe,
  startsAtMs: feed.startsAtMs,
};

test.each([
  ['another source', { source: 'binance' }],
  ['another timeframe', { timeframe: '1h' }],
  ['another instrument', { instrument: { ...feed.instrument, id: 'ETH/USD' } }],
])('%s is another market', (_, change) => {
  expect(otherMarket(BEGUN, feed)).toBeUndefined();
  expect(otherMarket(BEGUN, { ...feed, ...change } as Feed)).toMatch(
    /^was begun on BTC\/USD 5m of "a test", not on \S+ \S+ of "\S+/,
  );
});

test('before its first bar a journal is on any timeframe', () => {
  expect(otherMarket({ ...BEGUN, timeframe: undefined }, feed)).toBeUndefined();
});
