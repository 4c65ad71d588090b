import { type Candle, TIMEFRAME_MS } from '../../../domain/candle.ts';
import type { StreamNews } from '../provider.ts';
import {
  BadField,
  believable,
  type Fields,
  fieldsOf,
  instantOf,
  numberOf,
  priceOf,
  textOf,
} from '../wire/fields.ts';
import type { Cluster } from './names.ts';

/** What one event of the stream means for somebody who subscribed to one instrument. */
export type PolygonEvent =
  | { readonly kind: 'NEWS'; readonly news: StreamNews }
  | { readonly kind: 'STATUS'; readonly status: string; readonly message: string };

export interface Listening {
  readonly cluster: Cluster;
  readonly streamed: string;
  /** The stream has bars of one minute; they are the subscription's or a sign of life. */
  readonly wantsMinuteBars: boolean;
}

/**
 * Conditions under which a trade of shares says nothing about the price now: averages, prices agreed
 * before, odd settlement, late reports, odd lots, official opens and closes. Polygon's bars leave them out
 * of open, high, low and close, and so do our ticks.
 */
const NO_PRICE_CONDITIONS: ReadonlySet<unknown> = new Set([
  2, 5, 7, 10, 13, 15, 16, 20, 21, 22, 29, 32, 33, 37, 38, 52, 53,
]);

const ALIVE: PolygonEvent = { kind: 'NEWS', news: { kind: 'ALIVE' } };

/** The events of one message, which is always a list. */
export function eventsOf(message: unknown, listening: Listening): readonly PolygonEvent[] {
  if (!Array.isArray(message)) throw new BadField('the message', message, 'a list of events');
  return message.map((value, i) => eventOf(fieldsOf(value, `event[${i}]`), listening));
}

/**
 * The sequence numbers of trades and quotes only ever grow, but not one by one, so that a number left out
 * shows nothing, and no event here is ever a GAP.
 */
function eventOf(event: Fields, { cluster, streamed, wantsMinuteBars }: Listening): PolygonEvent {
  const ev = textOf(event, 'ev');
  if (ev === 'status') {
    return { kind: 'STATUS', status: textOf(event, 'status'), message: textOf(event, 'message') };
  }
  const isOurs = [cluster.minuteBars, cluster.trades, cluster.quotes].includes(ev);
  if (!isOurs || nameOf(event, cluster, ev) !== streamed) return ALIVE;
  if (ev === cluster.minuteBars) {
    const candle = minuteOf(event);
    return wantsMinuteBars ? { kind: 'NEWS', news: { kind: 'BAR', candle } } : ALIVE;
  }
  return ev === cluster.trades ? tradeOf(event, cluster) : quoteOf(event, cluster);
}

/** Currencies are written with a slash in some events and with a dash in others. */
function nameOf(event: Fields, { path }: Cluster, ev: string): string {
  if (path === 'stocks') return textOf(event, 'sym');
  return textOf(event, ev === 'C' ? 'p' : 'pair').replace('/', '-');
}

function minuteOf(event: Fields): Candle {
  const openTimeMs = instantOf(event, 's');
  const endMs = instantOf(event, 'e');
  const spanMs = TIMEFRAME_MS['1m'];
  if (endMs - openTimeMs !== spanMs || openTimeMs % spanMs !== 0) {
    throw new BadField(`${event.at}.s to e`, [openTimeMs, endMs], 'one whole minute');
  }
  const candle: Candle = {
    openTimeMs,
    open: numberOf(event, 'o'),
    high: numberOf(event, 'h'),
    low: numberOf(event, 'l'),
    close: numberOf(event, 'c'),
    volume: numberOf(event, 'v'),
  };
  return believable([candle], event.at)[0]!;
}

function tradeOf(event: Fields, { path }: Cluster): PolygonEvent {
  const price = priceOf(event, 'p');
  const conditions = event.values['c'];
  if (path === 'stocks' && Array.isArray(conditions)) {
    if (conditions.some((condition) => NO_PRICE_CONDITIONS.has(condition))) return ALIVE;
  }
  return { kind: 'NEWS', news: { kind: 'TICK', atMs: instantOf(event, 't'), price } };
}

function quoteOf(event: Fields, { path }: Cluster): PolygonEvent {
  const bid = numberOf(event, path === 'forex' ? 'b' : 'bp');
  const ask = numberOf(event, path === 'forex' ? 'a' : 'ap');
  const atMs = instantOf(event, 't');
  // One side that is missing is written as zero; a market that crosses itself is no quote either.
  return bid > 0 && ask >= bid ? { kind: 'NEWS', news: { kind: 'QUOTE', atMs, bid, ask } } : ALIVE;
}
