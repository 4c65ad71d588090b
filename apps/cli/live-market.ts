/** A market as it happens, from the providers that people name. */
import type { Candle, Timeframe } from '../../domain/candle.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { calendarOf } from '../../market/calendar/calendars.ts';
import { type FeedStatus, type LiveFeed, liveFeed } from '../../market/feeds/live-feed.ts';
import type { Outside } from '../../market/feeds/provider.ts';
import { BadInput } from './errors.ts';
import { openSource, type Source } from './providers.ts';

export interface LiveMarketOptions {
  /** Comma-separated, the one that is wanted most first. */
  readonly names: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly historyBars: number;
  /** Open of the first bar that the journal holds; undefined for a new one. */
  readonly startsAtMs: number | undefined;
  readonly outside: Outside;
  readonly onStatus: (status: FeedStatus) => void;
  readonly onCorrection: (sentence: string) => void;
  readonly baseUrl?: string | undefined;
}

export interface LiveMarket {
  readonly feed: LiveFeed;
  /** How long nobody has been listened to, in milliseconds; a quiet market on a line that is well is not silence. */
  silentMs(): number;
}

export async function openLiveMarket(options: LiveMarketOptions): Promise<LiveMarket> {
  const { outside, timeframe, historyBars, startsAtMs, onStatus } = options;
  const [first, ...others] = await openSources(options);
  let lostAtMs: number | undefined = outside.now();
  const feed = await liveFeed({
    providers: [first.provider, ...others.map(({ provider }) => provider)],
    instrument: first.instrument,
    timeframe,
    historyBars,
    outside,
    ...(startsAtMs === undefined ? {} : { startsAtMs }),
    onStatus: (status) => {
      lostAtMs = status.state === 'LIVE' ? undefined : (lostAtMs ?? outside.now());
      onStatus(status);
    },
    patience: { isOpen: (atMs) => calendarOf(first.instrument).isOpen(atMs) },
    onCorrection: ({ delivered, now }) => options.onCorrection(correctionWords(delivered, now)),
  });
  return { feed, silentMs: () => (lostAtMs === undefined ? 0 : outside.now() - lostAtMs) };
}

function correctionWords(delivered: Candle | undefined, now: Candle): string {
  const bar = `the bar of ${new Date(now.openTimeMs).toISOString()}`;
  return delivered === undefined
    ? `${bar} is there after all, closed at ${now.close}; nothing was done on it`
    : `${bar} was told as closed at ${delivered.close} and is now said to have closed at ${now.close}; what was done on it stands`;
}

async function openSources(options: LiveMarketOptions): Promise<[Source, ...Source[]]> {
  const names = options.names.split(',').map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new BadInput(`--live names "${twice}" twice`);
  const [first = '', ...others] = names;
  const sources: [Source, ...Source[]] = [await openSource(first, options)];
  for (const name of others) sources.push(await openSource(name, options));
  return sources;
}

/** Open of the first bar of a journal; its history lies before that, whenever it is read again. */
export async function firstBarMs(ledger: Ledger): Promise<number | undefined> {
  for (let seq = 0; seq < ledger.head.seq; seq += EVENTS_AT_ONCE)
    for (const { event } of await ledger.read(seq, EVENTS_AT_ONCE))
      if (event.type === 'market.bar-closed') return event.body.bar.openTimeMs;
  return undefined;
}

const EVENTS_AT_ONCE = 200;
