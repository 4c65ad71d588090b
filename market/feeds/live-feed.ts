import { TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { Connection, type Patience } from './live/connection.ts';
import { type Correction, Delivery } from './live/delivery.ts';
import { Fallback } from './live/fallback.ts';
import type { Feed, MarketEvent } from './feed.ts';
import { loadHistory } from './live/history.ts';
import { Outbox } from './live/outbox.ts';
import { type MarketProvider, type Outside, ProviderFault } from './provider.ts';

/** What has become of a provider. LEFT_ALONE: it failed too often, or refused. */
export interface FeedStatus {
  readonly provider: string;
  readonly state: 'CONNECTING' | 'LIVE' | 'LOST' | 'LEFT_ALONE';
  readonly because: string;
}

export interface LiveFeedOptions {
  /** The one that is wanted most first. */
  readonly providers: readonly [MarketProvider, ...MarketProvider[]];
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly historyBars: number;
  /** Open of the first bar after the history; what follows the newest that is there when left out. */
  readonly startsAtMs?: number;
  readonly outside: Outside;
  /** Gives the history up, and whatever comes after it. */
  readonly signal?: AbortSignal;
  readonly patience?: Partial<Patience>;
  readonly onStatus?: (status: FeedStatus) => void;
  /** A bar that was delivered is never delivered again; that it changed is told here. */
  readonly onCorrection?: (correction: Correction) => void;
}

export interface LiveFeed extends Feed {
  /** Prices that were not told: late ones, and those that a slow reader was spared. */
  untold(): { readonly late: number; readonly conflated: number };
  /** Ends whatever waits for events, and lets go of the providers. */
  close(): Promise<void>;
}

const PATIENCE: Patience = {
  staleMs: 30_000,
  settleMs: 2_000,
  lateBarMs: 20_000,
  isOpen: () => true,
};

/**
 * A market as it happens. It survives lost lines, holes and providers that are out of order: whatever was
 * missed is asked for and told first. Rejects with the sentences of all providers when none gives a history.
 *
 * Every bar is preceded by the prints it is made of; where nobody heard them, those that the bar shows
 * (open, extremes, close) stand for them, and when they were traded inside of the bar is a guess.
 */
export async function liveFeed(options: LiveFeedOptions): Promise<LiveFeed> {
  const { providers, instrument, timeframe, outside } = options;
  const closing = new AbortController();
  options.signal?.addEventListener('abort', () => closing.abort(), { once: true });
  if (options.signal?.aborted === true) closing.abort();
  const endMs = options.startsAtMs ?? outside.now();
  const request = { instrument, timeframe, bars: options.historyBars, endMs };
  const history = await loadHistory(providers, request, outside, closing.signal);
  const spanMs = TIMEFRAME_MS[timeframe];
  // Bars may begin off the grid of the epoch, such as four-hour bars that follow a session.
  const newest = history.at(-1);
  const phaseMs = (newest?.openTimeMs ?? 0) % spanMs;
  const barOf = (atMs: number): number => Math.floor((atMs - phaseMs) / spanMs) * spanMs + phaseMs;
  // Not the bar of now: by a provider that is late, or whose clock is, the one before may not be over.
  const followsMs = newest === undefined ? barOf(endMs) : newest.openTimeMs + spanMs;
  const startsAtMs = options.startsAtMs ?? followsMs;
  const tallies: { readonly delivery: Delivery; readonly outbox: Outbox }[] = [];
  return {
    instrument,
    timeframe,
    source: providers.map(({ name }) => name).join(', else '),
    synthetic: false,
    live: true,
    detail: 'TICKS',
    history,
    startsAtMs,
    length: undefined,
    events: (afterMs, nextBarMs = barOf(afterMs)) => {
      const outbox = new Outbox();
      const onCorrection = options.onCorrection ?? (() => undefined);
      const firstOpenMs = Math.max(startsAtMs, nextBarMs);
      // A journal's history may be years old when it is gone on with.
      const lastPrice = firstOpenMs === followsMs ? newest?.close : undefined;
      const delivery = new Delivery({
        firstOpenMs,
        afterMs,
        lastPrice,
        spanMs,
        outbox,
        onCorrection,
      });
      tallies.push({ delivery, outbox });
      return eventsOf(options, delivery, outbox, closing.signal);
    },
    untold: () => ({
      late: sum(tallies.map(({ delivery }) => delivery.dropped)),
      conflated: sum(tallies.map(({ outbox }) => outbox.conflated)),
    }),
    close: async () => {
      closing.abort();
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The stream is only listened to while somebody reads. */
async function* eventsOf(
  options: LiveFeedOptions,
  delivery: Delivery,
  outbox: Outbox,
  closing: AbortSignal,
): AsyncGenerator<MarketEvent> {
  const reading = new AbortController();
  const stop = (): void => {
    reading.abort();
    outbox.close();
  };
  closing.addEventListener('abort', stop, { once: true });
  if (closing.aborted) stop();
  const following = follow(options, delivery, outbox, reading.signal).catch((error: unknown) =>
    outbox.fail(error),
  );
  try {
    yield* outbox.events();
  } finally {
    closing.removeEventListener('abort', stop);
    stop();
    await following;
  }
}

/** Follows one provider after the other until nobody reads any more. */
async function follow(
  options: LiveFeedOptions,
  delivery: Delivery,
  outbox: Outbox,
  signal: AbortSignal,
): Promise<void> {
  const { outside, onStatus = () => undefined } = options;
  const fallback = new Fallback(options.providers, outside.random);
  const patience = { ...PATIENCE, ...options.patience };
  while (!signal.aborted) {
    const { source, tryAtMs } = fallback.choose(outside.now());
    const waitMs = tryAtMs - outside.now();
    if (waitMs > 0) {
      await outside.sleep(waitMs, signal);
      continue;
    }
    const { name } = source.provider;
    const line = new AbortController();
    const hangUp = (): void => line.abort();
    signal.addEventListener('abort', hangUp, { once: true });
    try {
      onStatus({ provider: name, state: 'CONNECTING', because: 'it is its turn' });
      const onLive = (): void =>
        onStatus({ provider: name, state: 'LIVE', because: 'every bar until now was told' });
      const parts = { ...options, patience, fallback, delivery, outbox, onLive };
      await new Connection(parts, source, line.signal).follow();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ProviderFault)) throw error;
      source.breaker.failed(error, outside.now());
      const alone = source.breaker.state(outside.now()) === 'OPEN';
      onStatus({ provider: name, state: alone ? 'LEFT_ALONE' : 'LOST', because: error.message });
    } finally {
      signal.removeEventListener('abort', hangUp);
      line.abort();
    }
  }
}
