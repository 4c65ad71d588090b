import fc from 'fast-check';
import { expect, test } from 'vitest';

import { candleFault } from '../../../domain/candle.ts';
import { PROPERTY_RUNS } from '../../../tests/support/property-runs.ts';
import { BadField } from '../wire/fields.ts';
import { damaged } from '../wire/testing/damage.ts';
import { eventsOf, type Listening } from './events.ts';
import { CLUSTERS } from './names.ts';

const START = Date.UTC(2026, 0, 5);
const LISTENING: Listening = {
  cluster: CLUSTERS.EQUITY,
  streamed: 'AAPL',
  wantsMinuteBars: true,
};
const MESSAGE = [
  { ev: 'status', status: 'success', message: 'subscribed to: T.AAPL' },
  {
    ev: 'AM',
    sym: 'AAPL',
    v: 100,
    av: 900,
    o: 180,
    c: 181,
    h: 182,
    l: 179,
    s: START,
    e: START + 60_000,
  },
  { ev: 'T', sym: 'AAPL', x: 4, p: 181, s: 100, c: [14], t: START + 1, q: 12 },
  { ev: 'Q', sym: 'AAPL', bp: 180.9, bs: 1, ap: 181.1, as: 2, c: 0, t: START + 2, q: 13 },
];

test('a message is a list of statuses, bars, trades and quotes', () => {
  expect(eventsOf(MESSAGE, LISTENING)).toEqual([
    { kind: 'STATUS', status: 'success', message: 'subscribed to: T.AAPL' },
    {
      kind: 'NEWS',
      news: {
        kind: 'BAR',
        candle: { openTimeMs: START, open: 180, high: 182, low: 179, close: 181, volume: 100 },
      },
    },
    { kind: 'NEWS', news: { kind: 'TICK', atMs: START + 1, price: 181 } },
    { kind: 'NEWS', news: { kind: 'QUOTE', atMs: START + 2, bid: 180.9, ask: 181.1 } },
  ]);
});

test('events of other instruments and other channels are signs of life', () => {
  const others = [
    { ...MESSAGE[2], sym: 'MSFT' },
    { ev: 'LULD', T: 'AAPL' },
  ];
  expect(eventsOf(others, LISTENING)).toEqual(
    others.map(() => ({ kind: 'NEWS', news: { kind: 'ALIVE' } })),
  );
});

test('a message that is damaged anywhere is refused, or every number of it can be believed', () => {
  fc.assert(
    fc.property(damaged(MESSAGE), (message) => {
      try {
        for (const event of eventsOf(message, LISTENING)) {
          if (event.kind === 'STATUS') continue;
          const { news } = event;
          expect(news.kind).not.toBe('GAP');
          if (news.kind === 'BAR') expect(candleFault(news.candle)).toBeUndefined();
          if (news.kind === 'TICK') expect(news.price).toBeGreaterThan(0);
          if (news.kind === 'QUOTE') expect(news.ask).toBeGreaterThanOrEqual(news.bid);
          if ('atMs' in news) expect(Number.isSafeInteger(news.atMs)).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(BadField);
      }
    }),
    { numRuns: PROPERTY_RUNS },
  );
});
