/** The market that a journal was begun on; it can only be gone on with on the same. */
import type { Timeframe } from '../../domain/candle.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Feed } from '../../market/feeds/feed.ts';

export interface JournalMarket {
  readonly source: string;
  readonly instruments: readonly string[];
  /** Undefined before the first bar. */
  readonly timeframe: Timeframe | undefined;
  /** Open of the first bar that is the journal's; the market's history lies before it. */
  readonly startsAtMs: number;
}

const EVENTS_AT_ONCE = 200;

/** Undefined for a journal that was never started. */
export async function journalMarket(ledger: Ledger): Promise<JournalMarket | undefined> {
  let begun: JournalMarket | undefined;
  for (let seq = 0; seq < ledger.head.seq; seq += EVENTS_AT_ONCE)
    for (const { event } of await ledger.read(seq, EVENTS_AT_ONCE)) {
      if (event.type === 'system.started' && begun === undefined) {
        const { market: source, instruments } = event.body;
        begun = { source, instruments, timeframe: undefined, startsAtMs: event.atMs };
      }
      if (event.type === 'market.bar-closed' && begun !== undefined)
        return { ...begun, timeframe: event.body.timeframe };
    }
  return begun;
}

/** Why the journal cannot be gone on with on this market, or undefined when it can. */
export function otherMarket(begun: JournalMarket, feed: Feed): string | undefined {
  const { source, instruments, timeframe = feed.timeframe } = begun;
  if (
    source === feed.source &&
    instruments.includes(feed.instrument.id) &&
    timeframe === feed.timeframe
  )
    return undefined;
  const was = `${instruments.join(', ')} ${timeframe} of "${source}"`;
  return `was begun on ${was}, not on ${feed.instrument.id} ${feed.timeframe} of "${feed.source}"`;
}
