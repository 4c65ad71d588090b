import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Candle } from '../../domain/candle.ts';
import { BTC_USD } from '../instruments/instruments.ts';
import type { Correction } from './live/delivery.ts';
import type { MarketEvent } from './feed.ts';
import { type FeedStatus, type LiveFeed, liveFeed, type LiveFeedOptions } from './live-feed.ts';
import type { CandleRequest, MarketProvider, Outside, StreamNews } from './provider.ts';
import {
  BAR_MS,
  type Script,
  ScriptedProvider,
  TrueMarket,
  type Trouble,
} from './testing/scripted-provider.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const START = Date.UTC(2026, 0, 5);
const HISTORY = 12;
const BEGIN = START + HISTORY * BAR_MS + 20_000;
const minutes = (count: number): number => count * BAR_MS;

const WELL: Script = { name: 'first', troubles: [], lagMs: () => 500, bar: () => 'ONCE' };
const trouble = (from: number, to: number, kind: Trouble['kind'] = 'LOST'): Trouble => ({
  what: 'BOTH',
  fromMs: START + minutes(from),
  toMs: START + minutes(to),
  kind,
});

/** A feed over a true market, read as fast as it speaks. */
class Stage {
  readonly time = new VirtualTime(BEGIN);
  readonly market: TrueMarket;
  readonly told: MarketEvent[] = [];
  readonly statuses: FeedStatus[] = [];
  readonly corrections: Correction[] = [];
  feed!: LiveFeed;
  #reading: Promise<void> | undefined;

  constructor(isAbsent: (index: number) => boolean = () => false) {
    this.market = new TrueMarket(START, 240, 7, isAbsent);
  }

  scripted(script: Partial<Script>): MarketProvider {
    return new ScriptedProvider(this.market, { ...WELL, ...script }, this.time);
  }

  async open(
    providers: LiveFeedOptions['providers'],
    options: Partial<LiveFeedOptions> = {},
  ): Promise<void> {
    const opening = liveFeed({
      providers,
      instrument: BTC_USD,
      timeframe: '1m',
      historyBars: HISTORY,
      outside: this.time,
      onStatus: (status) => this.statuses.push(status),
      onCorrection: (correction) => this.corrections.push(correction),
      ...options,
    });
    const [feed] = await Promise.all([opening, this.time.advanceTo(BEGIN + 2_000)]);
    this.feed = feed;
  }

  read(afterMs = 0, nextBarMs?: number): void {
    this.#reading = this.#read(afterMs, nextBarMs);
  }

  async until(minute: number): Promise<void> {
    await this.time.advanceTo(START + minutes(minute));
  }

  async close(): Promise<void> {
    await this.feed.close();
    await this.#reading;
  }

  get bars(): readonly Candle[] {
    return this.told.flatMap((event) => (event.kind === 'BAR' ? event.candle : []));
  }

  async #read(afterMs: number, nextBarMs: number | undefined): Promise<void> {
    for await (const event of this.feed.events(afterMs, nextBarMs)) this.told.push(event);
  }
}

const timesOf = (events: readonly MarketEvent[]): readonly number[] =>
  events.map((event) => (event.kind === 'BAR' ? event.closedAtMs : event.atMs));

describe('a live feed', () => {
  test('loads closed bars as its history and says what it is', async () => {
    const stage = new Stage();
    await stage.open([stage.scripted({}), stage.scripted({ name: 'second' })]);
    const { feed, market } = stage;
    expect(feed).toMatchObject({
      live: true,
      synthetic: false,
      detail: 'TICKS',
      source: 'first, else second',
      startsAtMs: START + minutes(HISTORY),
    });
    expect(feed.history).toEqual(market.closedBy(BEGIN));
    expect(feed.history).toHaveLength(HISTORY);
    await stage.close();
  });

  test('tells prices as they come and each bar once its time is over', async () => {
    const stage = new Stage();
    await stage.open([stage.scripted({})]);
    stage.read();
    await stage.until(HISTORY + 5.5);
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY, HISTORY + 5));
    const ticks = stage.told.filter(({ kind }) => kind === 'TICK');
    expect(ticks.length).toBeGreaterThan(25);
    expect(stage.statuses.map(({ state }) => state)).toEqual(['CONNECTING', 'LIVE']);
    // Each minute six prints of the stream came fifteen seconds late.
    expect(stage.feed.untold().late).toBeGreaterThan(25);
    await stage.close();
  });

  test('tells every event later than an instant, the bars before now first', async () => {
    const stage = new Stage();
    await stage.open([stage.scripted({})], { startsAtMs: START + minutes(4) });
    expect(stage.feed.history).toEqual(stage.market.bars.slice(0, 4));
    stage.read(START + minutes(6) + 5_000);
    await stage.until(HISTORY + 2.5);
    expect(stage.bars).toEqual(stage.market.bars.slice(6, HISTORY + 2));
    expect(Math.min(...timesOf(stage.told))).toBeGreaterThan(START + minutes(6) + 5_000);
    await stage.close();
  });

  test('asks for the bars itself where the stream tells none', async () => {
    const stage = new Stage();
    await stage.open([stage.scripted({ bar: () => 'NEVER' })]);
    stage.read();
    await stage.until(HISTORY + 8.5);
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY, HISTORY + 8));
    await stage.close();
  });

  test('tells the bars that it missed before anything newer, with the prints they show', async () => {
    const stage = new Stage();
    await stage.open([stage.scripted({ troubles: [trouble(HISTORY + 2, HISTORY + 6)] })]);
    stage.read();
    await stage.until(HISTORY + 10.5);
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY, HISTORY + 10));
    const times = timesOf(stage.told);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const bar of stage.bars) {
      const prices = stage.told.flatMap((event) =>
        event.kind === 'TICK' &&
        event.atMs >= bar.openTimeMs &&
        event.atMs <= bar.openTimeMs + BAR_MS
          ? event.price
          : [],
      );
      expect(Math.min(...prices)).toBeLessThanOrEqual(bar.low);
      expect(Math.max(...prices)).toBeGreaterThanOrEqual(bar.high);
      expect(prices).toContain(bar.close);
    }
    await stage.close();
  });

  test('takes a line for dead that says nothing, and connects anew', async () => {
    const stage = new Stage();
    const silent = [START + minutes(HISTORY + 1), START + minutes(HISTORY + 2)] as const;
    await stage.open([stage.scripted({ silent })]);
    stage.read();
    await stage.until(HISTORY + 4.5);
    const lost = stage.statuses.find(({ state }) => state === 'LOST');
    expect(lost?.because).toBe('first: the stream has said nothing for 30 s');
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY, HISTORY + 4));
    await stage.close();
  });

  test('does not take a closed market for a dead line', async () => {
    const stage = new Stage((index) => index > HISTORY);
    const closesAtMs = START + minutes(HISTORY + 1);
    await stage.open([stage.scripted({})], { patience: { isOpen: (atMs) => atMs < closesAtMs } });
    stage.read();
    await stage.until(HISTORY + 60);
    expect(stage.statuses.map(({ state }) => state)).toEqual(['CONNECTING', 'LIVE']);
    expect(stage.bars).toEqual([stage.market.bars[HISTORY]]);
    await stage.close();
  });

  test('goes to the next provider and comes back once the first is well again', async () => {
    const stage = new Stage();
    await stage.open([
      stage.scripted({ troubles: [trouble(HISTORY + 2, HISTORY + 12)] }),
      stage.scripted({ name: 'second' }),
    ]);
    stage.read();
    await stage.until(HISTORY + 40.5);
    const live = stage.statuses.filter(({ state }) => state === 'LIVE');
    expect(live.map(({ provider }) => provider)).toEqual(['first', 'second', 'first']);
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY, HISTORY + 40));
    await stage.close();
  });

  test('leaves a provider that refuses alone at once', async () => {
    const stage = new Stage();
    await stage.open([
      stage.scripted({ troubles: [trouble(HISTORY + 2, HISTORY + 3, 'REFUSED')] }),
      stage.scripted({ name: 'second' }),
    ]);
    stage.read();
    await stage.until(HISTORY + 6);
    expect(stage.statuses.map(({ provider, state }) => `${provider} ${state}`)).toEqual([
      'first CONNECTING',
      'first LIVE',
      'first LEFT_ALONE',
      'second CONNECTING',
      'second LIVE',
    ]);
    await stage.close();
  });

  test('reports a bar that was changed afterwards, and does not tell it again', async () => {
    const stage = new Stage();
    const honest = stage.scripted({ troubles: [trouble(HISTORY + 2.2, HISTORY + 2.7)] });
    const rewritten = changing(honest, stage.time, START + minutes(HISTORY + 2.2));
    await stage.open([rewritten]);
    stage.read();
    await stage.until(HISTORY + 4.5);
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY, HISTORY + 4));
    expect(stage.corrections).toContainEqual({
      delivered: stage.market.bars[HISTORY + 1],
      now: { ...stage.market.bars[HISTORY + 1], volume: 99 },
    });
    await stage.close();
  });

  test('does not wait for ever for a bar in which nobody traded', async () => {
    const stage = new Stage((index) => index === HISTORY + 2);
    await stage.open([stage.scripted({ bar: () => 'NEVER' })]);
    stage.read();
    await stage.until(HISTORY + 3.9);
    const last = stage.told.at(-1)!;
    expect(last.kind === 'BAR' ? 0 : last.atMs).toBeGreaterThan(START + minutes(HISTORY + 3.5));
    await stage.until(HISTORY + 6.5);
    expect(stage.bars.map(({ openTimeMs }) => (openTimeMs - START) / BAR_MS)).toEqual([
      HISTORY,
      HISTORY + 1,
      HISTORY + 3,
      HISTORY + 4,
      HISTORY + 5,
    ]);
    await stage.close();
  });

  test('goes on with the bar that prices had overtaken when it was left', async () => {
    const stage = new Stage();
    await stage.open([stage.scripted({})]);
    const leftAtMs = START + minutes(HISTORY + 2) + 5_000;
    await stage.until(HISTORY + 3.5);
    stage.read(leftAtMs, START + minutes(HISTORY + 1));
    await stage.until(HISTORY + 4.5);
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY + 1, HISTORY + 4));
    const prices = stage.told.filter(({ kind }) => kind !== 'BAR');
    expect(Math.min(...timesOf(prices))).toBeGreaterThan(leftAtMs);
    await stage.close();
  });

  test('a bar that is over, but not yet among the candles when it begins, is told', async () => {
    const stage = new Stage();
    await stage.open([stage.scripted({ lagMs: () => 40_000 })]);
    expect(stage.feed.history).toEqual(stage.market.bars.slice(0, HISTORY - 1));
    stage.read();
    await stage.until(HISTORY + 3);
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY - 1, HISTORY + 3));
    await stage.close();
  });

  test('a price is not measured by a history that is long past', async () => {
    const stage = new Stage();
    const dear: StreamNews = { kind: 'TICK', atMs: BEGIN, price: 5_000 };
    const provider = saying(stage.scripted({}), stage.time, dear);
    await stage.open([provider], { startsAtMs: START + minutes(HISTORY - 4) });
    stage.read(START + minutes(HISTORY), START + minutes(HISTORY));
    await stage.until(HISTORY + 0.9);
    expect(stage.told).toContainEqual(dear);
    await stage.close();
  });

  test.each([
    [{ kind: 'TICK', price: 1e-9 }, "a trade's price 1e-9 is below the price step 0.01"],
    [{ kind: 'TICK', price: 1e30 }, "a trade's price 1e+30 is above 1000000000000"],
    [{ kind: 'TICK', price: 5 }, "a trade's price 5 is more than 10 times away from the last"],
    [{ kind: 'QUOTE', bid: 100, ask: 5_000 }, "a quote's price 5000 is more than 10 times away"],
  ] as const)('does not believe %j, says so, and goes on', async (news, sentence) => {
    const stage = new Stage();
    const atMs = START + minutes(HISTORY + 1) + 30_000;
    await stage.open([saying(stage.scripted({}), stage.time, { ...news, atMs })]);
    stage.read();
    await stage.until(HISTORY + 4.5);
    expect(stage.statuses.filter(({ state }) => state === 'LOST')).toEqual([
      expect.objectContaining({ because: expect.stringContaining(sentence) }),
    ]);
    expect(stage.statuses.at(-1)?.state).toBe('LIVE');
    expect(stage.told).not.toContainEqual(expect.objectContaining(news));
    expect(stage.bars).toEqual(stage.market.bars.slice(HISTORY, HISTORY + 4));
    await stage.close();
  });

  test('begins anew when the clock of this machine is set back, instead of standing still', async () => {
    const stage = new Stage();
    let backMs = 0;
    const outside: Outside = {
      now: () => stage.time.now() - backMs,
      random: () => 0.5,
      sleep: (ms, signal) => stage.time.sleep(ms, signal),
    };
    // The exchange's own clock is right; ours was an hour ahead and then is not.
    backMs = -minutes(60);
    await stage.open([stage.scripted({ lagMs: () => 500 })], { outside });
    stage.read();
    await stage.until(HISTORY + 2);
    backMs = 0;
    await stage.until(HISTORY + 3);
    expect(stage.statuses.filter(({ state }) => state === 'LOST')).toEqual([
      expect.objectContaining({
        because: expect.stringMatching(/the clock of this machine was set back by 35\d\d s/),
      }),
    ]);
    expect(stage.statuses.at(-1)?.state).toBe('LIVE');
    await stage.close();
  });

  test('gives the history up when it is asked to', async () => {
    const stage = new Stage();
    const asked = new AbortController();
    const opening = stage.open([stage.scripted({})], { signal: asked.signal });
    asked.abort();
    await expect(opening).rejects.toThrow('no provider gave the history');
  });

  test('gives no history when nobody does, and says what each answered', async () => {
    const stage = new Stage();
    const providers = [
      stage.scripted({ troubles: [trouble(0, 60, 'REFUSED')] }),
      stage.scripted({ name: 'second', troubles: [trouble(0, 60)] }),
    ] as const;
    await expect(stage.open(providers)).rejects.toThrow(
      'no provider gave the history of BTC/USD 1m: first: out of order (CANDLES); second: out of order',
    );
  });

  test('throws what is nobody’s fault but ours to its reader', async () => {
    const stage = new Stage();
    const honest = stage.scripted({});
    await stage.open([
      {
        name: 'broken',
        candlesPerRequestMax: 5,
        candles: (request, signal) => honest.candles(request, signal),
        stream: () => {
          throw new TypeError('a mistake in an adapter');
        },
        close: () => honest.close(),
      },
    ]);
    await expect(stage.feed.events(0)[Symbol.asyncIterator]().next()).rejects.toThrow(
      'a mistake in an adapter',
    );
  });
});

/** From an instant on, the volume of every bar reads 99 among the candles. */
const changing = (honest: MarketProvider, outside: Outside, fromMs: number): MarketProvider => ({
  name: honest.name,
  candlesPerRequestMax: honest.candlesPerRequestMax,
  candles: async (request: CandleRequest, signal) => {
    const candles = await honest.candles(request, signal);
    const changed = outside.now() >= fromMs && outside.now() < fromMs + BAR_MS;
    return changed ? candles.map((candle) => ({ ...candle, volume: 99 })) : candles;
  },
  stream: (subscription, signal) => honest.stream(subscription, signal),
  close: () => honest.close(),
});

/** Says something of its own once, in the middle of what is true. */
const saying = (honest: MarketProvider, outside: Outside, news: StreamNews): MarketProvider => {
  let isSaid = false;
  const atMs = news.kind === 'TICK' || news.kind === 'QUOTE' ? news.atMs : 0;
  return {
    name: honest.name,
    candlesPerRequestMax: honest.candlesPerRequestMax,
    candles: (request, signal) => honest.candles(request, signal),
    async *stream(subscription, signal) {
      for await (const one of honest.stream(subscription, signal)) {
        yield one;
        if (isSaid || outside.now() < atMs) continue;
        isSaid = true;
        yield news;
      }
    },
    close: () => honest.close(),
  };
};

const troubles = fc.array(
  fc.record({
    what: fc.constantFrom('CANDLES' as const, 'STREAM' as const, 'BOTH' as const),
    from: fc.integer({ min: 0, max: 50 * 60 }),
    seconds: fc.integer({ min: 1, max: 600 }),
    kind: fc.constantFrom('LOST' as const, 'RATE_LIMITED' as const, 'GARBLED' as const),
  }),
  { maxLength: 6 },
);
const script = fc.record({
  troubles,
  lags: fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 5, maxLength: 5 }),
  bars: fc.array(
    fc.constantFrom('ONCE' as const, 'TWICE' as const, 'NEVER' as const, 'GAP' as const),
    { minLength: 7, maxLength: 7 },
  ),
});
const absent = fc.array(fc.integer({ min: HISTORY, max: HISTORY + 60 }), { maxLength: 8 });

test('whatever breaks, every closed bar is told once and in order, and in the end nothing is owed', async () => {
  await fc.assert(
    fc.asyncProperty(script, script, absent, async (first, second, missing) => {
      const stage = new Stage((index) => missing.includes(index));
      const [one, other] = [first, second].map(({ troubles, lags, bars }, index) =>
        stage.scripted({
          name: `provider ${index + 1}`,
          troubles: troubles.map(({ what, from, seconds, kind }) => ({
            what,
            fromMs: BEGIN + 5_000 + from * 1_000,
            toMs: BEGIN + 5_000 + (from + seconds) * 1_000,
            kind,
          })),
          lagMs: (bar) => lags[bar % lags.length]!,
          bar: (bar) => bars[bar % bars.length]!,
        }),
      );
      await stage.open([one!, other!]);
      stage.read();
      for (let minute = HISTORY + 1; minute <= HISTORY + 85; minute += 1) {
        await stage.until(minute);
        const closed = stage.market.closedBy(stage.time.now()).slice(stage.feed.history.length);
        // Told are the first of the closed bars, as they truly are: none skipped, doubled, forming or changed.
        expect(stage.bars).toEqual(closed.slice(0, stage.bars.length));
      }
      // Everything has been well for long: what is not told is at most as late as the slowest provider.
      const owedUntil = stage.time.now() - 2 * 90_000 - BAR_MS;
      expect(stage.bars.length).toBeGreaterThanOrEqual(
        stage.market.closedBy(owedUntil).length - stage.feed.history.length,
      );
      expect(stage.corrections).toEqual([]);
      const prices = stage.told.filter(({ kind }) => kind !== 'BAR');
      const times = timesOf(prices);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      await stage.close();
    }),
    { numRuns: 40 },
  );
});
