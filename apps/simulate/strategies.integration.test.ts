/** Each strategy through the whole orchestrator on a real market: what it plans is carried out, guarded and recorded. */
import { MemorySaver } from '@langchain/langgraph';
import { beforeAll, describe, expect, test } from 'vitest';

import { rulesReasoner } from '../../agents/rules-reasoner.ts';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import { ManualClock } from '../../domain/clock.ts';
import type { DomainEvent, EventOf, EventType } from '../../domain/event.ts';
import { unfilled } from '../../domain/order-record.ts';
import { absolute, add, money, NO_QUANTITY, price, toNumber } from '../../domain/units.ts';
import { chainedEvent } from '../../ledger/journal-row.ts';
import { MemoryStore } from '../../ledger/memory-store.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import { verifyJournal } from '../../ledger/verify.ts';
import { readCandles } from '../../market/candles/csv-candles.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import { resample } from '../../market/candles/resample.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { timeframeOf } from '../../market/candles/timeframe.ts';
import { replayFeed } from '../../market/feeds/replay-feed.ts';
import { instrumentForFile } from '../../market/instruments/instruments.ts';
import { STANDARD } from '../../risk-kernel/limits-in-force.ts';
import { STRATEGIES, strategyNamed } from '../../strategies/registry.ts';
import { decideAll } from '../../tests/support/world.ts';
import { describeWithData } from '../../tests/support/data.ts';
import { openRuntime, type Runtime } from '../runtime/runtime.ts';

interface Market {
  readonly path: string;
  readonly series: CandleSeries;
  readonly timeframe: Timeframe;
}

interface Played {
  readonly events: readonly DomainEvent[];
  readonly headHash: string;
}

/** Plays so many bars after the strategy's warm-up, and looks at every position after each of them. */
async function play(
  id: string,
  { path, series, timeframe }: Market,
  bars: number,
): Promise<Played> {
  const strategy = strategyNamed(id);
  const historyBars = strategy.warmupBars;
  const candles = Array.from({ length: historyBars + bars }, (_, i): Candle => series.candle(i));
  const clock = new ManualClock(0);
  const store = new MemoryStore();
  const ledger = await openLedger(store, clock, 'simulation');
  const saver = new MemorySaver();
  const runtime = await openRuntime({
    version: '0',
    feed: replayFeed({
      series: GrowableSeries.of(candles),
      timeframe,
      instrument: instrumentForFile(path),
      source: 'a real market',
      historyBars,
    }),
    strategies: [strategy],
    cash: money('10000'),
    seed: 1,
    decisionMode: 'GUIDE',
    venueMode: 'SIMULATION',
    rehearse: 'calm',
    reasoner: rulesReasoner,
    ledger,
    checkpointer: async () => saver,
    snapshots: Snapshots.none(),
    clock,
    approvalMs: TIMEFRAME_MS[timeframe],
    limits: STANDARD,
    pause: async () => {},
  });
  let bar = 0;
  for await (const event of runtime.options.feed.events(0)) {
    await runtime.play(event);
    await decideAll(runtime);
    await expectGuarded(runtime, `${id}, bar ${++bar}`);
  }
  await runtime.stop();
  expect(bar).toBe(bars);
  const verified = await verifyJournal([{ rows: store.journal, head: ledger.head }]);
  expect(verified).toMatchObject({ ok: true, headHash: ledger.head.hash });
  const events = store.journal.map((row) => chainedEvent(row).event);
  return { events, headHash: ledger.head.hash };
}

/** Resting stops for all of what is held, however many slices it is left in, and for nothing else. */
async function expectGuarded({ parts }: Runtime, when: string): Promise<void> {
  const { book, venue } = parts;
  const [position] = book.portfolio.positions.values();
  const live = book.liveOrders();
  const stops = live.filter(({ order }) => order.role === 'STOP');
  const guarded = stops.reduce((sum, stop) => add(sum, unfilled(stop)), NO_QUANTITY);
  expect(guarded, `${when}: guarded`).toBe(absolute(position?.quantity ?? NO_QUANTITY));
  const atVenue = new Set((await venue.openOrders()).map(({ clientId }) => clientId));
  for (const { order } of stops) expect(atVenue, `${when}: ${order.id} rests`).toContain(order.id);
  if (position !== undefined) return;
  // An entry on its way is all that may be alive while nothing is held.
  const strays = live.filter(({ order }) => order.role !== 'ENTRY' || order.addTo !== undefined);
  expect(strays, `${when}: strays`).toEqual([]);
}

const ofType = <T extends EventType>(events: readonly DomainEvent[], type: T) =>
  events.filter((event): event is EventOf<T> => event.type === type);

const wholeFile = (path: string): Market => {
  const series = readCandles(path);
  return { path, series, timeframe: timeframeOf(series) };
};

/** What the kernel says when it limits how much is traded, whatever is planned. */
const LIMITS_OF_TRADING = new Set([
  'POSITION_ALREADY_OPEN',
  'STRATEGY_LOSING_STREAK',
  'STRATEGY_DISABLED',
  'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
  'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
  'TURNOVER_EXCEEDS_MAXIMUM',
  'REPEATED_EXECUTION',
]);

describeWithData(
  'every strategy through the whole orchestrator',
  [
    'btcusd-coinbase-4h-2016-2024.csv',
    'eurusd-1h-2017-2018.csv',
    'spy-1d-1998-2021.csv',
    'btcusd-bitfinex-1m-2018.csv.gz',
  ],
  (...paths) => {
    const [btc, eur, spy, minutePath] = paths as [string, string, string, string];
    const markets = new Map<string, Market>();
    const runs = new Map<string, Played>();

    const TABLE: readonly (readonly [id: string, market: string, bars: number])[] = [
      ['jadecap', 'bitcoin 4h', 1_500],
      ['nbb', 'bitcoin 4h', 1_500],
      ['fabio', 'bitcoin 4h', 1_500],
      ['tori', 'bitcoin 4h', 1_500],
      ['hyperrsi', 'bitcoin 1m', 4_000],
      ['grid', 'bitcoin 15m', 2_000],
      ['sma-cross', 'euro 1h', 1_500],
      ['momentum', 'SPY 1d', 2_000],
    ];

    beforeAll(() => {
      const minutes = wholeFile(minutePath);
      const quarters = resample(minutes.series, '1m', '15m');
      markets.set('bitcoin 4h', wholeFile(btc));
      markets.set('euro 1h', wholeFile(eur));
      markets.set('SPY 1d', wholeFile(spy));
      markets.set('bitcoin 1m', minutes);
      markets.set('bitcoin 15m', { path: minutePath, series: quarters, timeframe: '15m' });
    });

    const played = async (id: string): Promise<Played> => {
      const [, market, bars] = TABLE.find(([name]) => name === id)!;
      const run = runs.get(id) ?? (await play(id, markets.get(market)!, bars));
      runs.set(id, run);
      return run;
    };

    test('no strategy that is shipped is left out', () => {
      expect(TABLE.map(([id]) => id).toSorted()).toEqual(STRATEGIES.map(({ id }) => id).toSorted());
    });

    test.each(TABLE)('%s on %s proposes, trades and is never without its stop', async (id) => {
      const { events } = await played(id);
      expect(ofType(events, 'proposal.made').length).toBeGreaterThan(0);
      expect(ofType(events, 'order.filled').length).toBeGreaterThan(0);
      expect(ofType(events, 'order.rejected')).toEqual([]);
      expect(ofType(events, 'alarm.raised')).toEqual([]);
    });

    test.each(TABLE)('%s on %s plans nothing that the kernel must refuse', async (id) => {
      const { events } = await played(id);
      const codes = ofType(events, 'kernel.reviewed').flatMap(({ body: { stage, verdict } }) =>
        stage !== 'PROPOSAL' || verdict.cleared ? [] : [verdict.code],
      );
      expect(codes.filter((code) => !LIMITS_OF_TRADING.has(code))).toEqual([]);
    });

    test('played twice, the journal is the same to the last event', async () => {
      const [, market, bars] = TABLE.find(([id]) => id === 'momentum')!;
      const again = await play('momentum', markets.get(market)!, bars);
      expect(again.headHash).toBe((await played('momentum')).headHash);
    });

    test('momentum leaves when its rule is over', async () => {
      const { events } = await played('momentum');
      expect(ofType(events, 'position.close-requested').length).toBeGreaterThan(0);
      expect(filledOf(events, 'EXIT').length).toBeGreaterThan(0);
    });

    test('a level of the grid that is reached adds to the position', async () => {
      const { events } = await played('grid');
      expect(filledAdds(events).length).toBeGreaterThan(0);
    });

    describe('HYPERRSI carries its plan out', () => {
      test('every step of every ladder is sent, none is held back as a repetition', async () => {
        const { events } = await played('hyperrsi');
        const denied = ofType(events, 'order.denied').map(({ body }) => body.code);
        expect(denied.filter((code) => code !== 'PRICE_OUTSIDE_COLLAR')).toEqual([]);
        expect(filledAdds(events).length).toBeGreaterThan(0);
      });

      test('a nearer target takes a part off, and then the stop guards the entry', async () => {
        const { events } = await played('hyperrsi');
        const parts = filledOf(events, 'TARGET').filter(({ order }) =>
          order.ocoGroupId?.endsWith(':0'),
        );
        expect(parts.length).toBeGreaterThan(0);
        const moved = parts.filter(({ order, seq }) => {
          const entry = filledOf(events, 'ENTRY').findLast((fill) => fill.seq < seq)!;
          const stop = ofType(events, 'order.submitting').find(
            (event) => event.seq > seq && event.body.order.role === 'STOP',
          );
          const sign = order.side === 'SELL' ? 1 : -1;
          const level = toNumber(price(stop?.body.order.stopPrice ?? '0'));
          const planned = toNumber(price(entry.order.protectiveStop ?? '0'));
          return sign * (level - planned) > 0.01 * planned;
        });
        expect(moved).toHaveLength(parts.length);
      });

      test('a position that the trend turned against is closed by the rule', async () => {
        const { events } = await played('hyperrsi');
        const asked = ofType(events, 'position.close-requested');
        expect(asked.some(({ body }) => body.because.startsWith('its rule is over'))).toBe(true);
        expect(filledOf(events, 'EXIT').length).toBeGreaterThan(0);
      });
    });
  },
);

/** The orders of a role that were filled, each with when. */
function filledOf(events: readonly DomainEvent[], role: 'ENTRY' | 'TARGET' | 'EXIT') {
  const orders = new Map(
    ofType(events, 'order.submitting').map(({ body: { order } }) => [order.id, order]),
  );
  return ofType(events, 'order.filled').flatMap(({ seq, body }) => {
    const order = orders.get(body.orderId);
    return order?.role === role ? [{ seq, order }] : [];
  });
}

const filledAdds = (events: readonly DomainEvent[]) =>
  filledOf(events, 'ENTRY').filter(({ order }) => order.addTo !== undefined);
