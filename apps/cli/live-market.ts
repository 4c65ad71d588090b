/** A market as it happens, from the providers that people name. */
import type { Candle, Timeframe } from '../../domain/candle.ts';
import { calendarOf } from '../../market/calendar/calendars.ts';
import { type FeedStatus, type LiveFeed, liveFeed } from '../../market/feeds/live-feed.ts';
import { type MarketProvider, type Outside, ProviderFault } from '../../market/feeds/provider.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { BadInput } from './errors.ts';
import { openProvider, type SourceOptions, type UnaskedSource } from './providers.ts';

export interface LiveSourcesOptions extends SourceOptions {
  /** Comma-separated, the one that is wanted most first. */
  readonly names: string;
}

export interface LiveMarketOptions {
  readonly sources: readonly UnaskedSource[];
  readonly timeframe: Timeframe;
  readonly historyBars: number;
  /** Open of the first bar that the journal holds; undefined for a new one. */
  readonly startsAtMs: number | undefined;
  readonly outside: Outside;
  /** Gives up whatever is being waited for. */
  readonly signal: AbortSignal;
  readonly onStatus: (status: FeedStatus) => void;
  readonly onCorrection: (sentence: string) => void;
}

export interface LiveMarket {
  readonly feed: LiveFeed;
  /** How long nobody has been listened to, in milliseconds; a quiet market on a line that is well is not silence. */
  silentMs(): number;
}

/** Lets go of the sources when it rejects. */
export async function openLiveMarket(options: LiveMarketOptions): Promise<LiveMarket> {
  const { signal, sources } = options;
  const providers = sources.map(({ provider }) => provider);
  const giveUp = (): void => void closeAll(providers);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    return await listenTo(providers, await instrumentOf(options), options);
  } catch (error) {
    await closeAll(providers);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function listenTo(
  [first, ...others]: readonly MarketProvider[],
  instrument: Instrument,
  options: LiveMarketOptions,
): Promise<LiveMarket> {
  const { outside, timeframe, historyBars, startsAtMs, onStatus, signal } = options;
  let lostAtMs: number | undefined = outside.now();
  const feed = await liveFeed({
    providers: [first!, ...others],
    instrument,
    timeframe,
    historyBars,
    outside,
    signal,
    ...(startsAtMs === undefined ? {} : { startsAtMs }),
    onStatus: (status) => {
      lostAtMs = status.state === 'LIVE' ? undefined : (lostAtMs ?? outside.now());
      onStatus(status);
    },
    patience: { isOpen: (atMs) => calendarOf(instrument).isOpen(atMs) },
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

/** Nobody is asked anything yet: what is wrong with the names or the keys is said at once. */
export async function openLiveSources(
  options: LiveSourcesOptions,
): Promise<readonly UnaskedSource[]> {
  const names = options.names.split(',').map((name) => name.trim());
  if (names.includes(''))
    throw new BadInput(`--live "${options.names}" must be names with a comma between them`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new BadInput(`--live names "${twice}" twice`);
  const sources: UnaskedSource[] = [];
  for (const name of names) sources.push(await openProvider(name, options));
  return sources;
}

/**
 * As it trades at the first provider that answers, and it must trade at all that do: one that is out of
 * order now may be well when it is needed.
 */
async function instrumentOf({ sources, onStatus }: LiveMarketOptions): Promise<Instrument> {
  const found: Instrument[] = [];
  const faults: ProviderFault[] = [];
  for (const { instrument } of sources)
    try {
      found.push(await instrument());
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error;
      faults.push(error);
    }
  const [first] = found;
  if (first === undefined) throw new Error(faults.map(({ message }) => message).join('; '));
  for (const { provider, message } of faults)
    onStatus({ provider, state: 'LOST', because: message });
  return first;
}

async function closeAll(providers: readonly MarketProvider[]): Promise<void> {
  await Promise.all(providers.map((provider) => provider.close()));
}
