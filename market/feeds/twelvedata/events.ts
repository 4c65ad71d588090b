import type { StreamNews } from '../provider.ts';
import { type Fields, fieldsOf, instantOf, numberOf, priceOf, textOf } from '../wire/fields.ts';
import { isRefusal, type Refusal, refusalOf } from './refusal.ts';

/** What one message of the stream means for somebody who subscribed to one symbol. */
export type TwelveDataEvent =
  | { readonly kind: 'NEWS'; readonly news: readonly StreamNews[] }
  | { readonly kind: 'SUBSCRIBED' }
  | { readonly kind: 'NOT_SUBSCRIBED' }
  | { readonly kind: 'REFUSED'; readonly refusal: Refusal };

const ALIVE: TwelveDataEvent = { kind: 'NEWS', news: [{ kind: 'ALIVE' }] };

export function eventOf(message: unknown, symbol: string): TwelveDataEvent {
  const event = fieldsOf(message, 'the message');
  switch (event.values['event']) {
    case 'price':
      return textOf(event, 'symbol') === symbol ? { kind: 'NEWS', news: pricesOf(event) } : ALIVE;
    case 'subscribe-status':
      return { kind: names(event, 'success', symbol) ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED' };
    case undefined:
    case 'error':
      if (isRefusal(event)) return { kind: 'REFUSED', refusal: refusalOf(event) };
      textOf(event, 'event');
      return ALIVE;
    default:
      // Heartbeats, and whatever is added to the protocol some day: the line is alive.
      textOf(event, 'event');
      return ALIVE;
  }
}

function pricesOf(event: Fields): readonly StreamNews[] {
  // Whole seconds as a rule; a fraction is kept to the millisecond.
  const atMs = instantOf(event, 'timestamp', 1_000);
  const tick: StreamNews = { kind: 'TICK', atMs, price: priceOf(event, 'price') };
  if (event.values['bid'] === undefined || event.values['ask'] === undefined) return [tick];
  const bid = numberOf(event, 'bid');
  const ask = numberOf(event, 'ask');
  // One side that is missing is written as zero; a market that crosses itself is no quote either.
  return bid > 0 && ask >= bid ? [tick, { kind: 'QUOTE', atMs, bid, ask }] : [tick];
}

/** Whether the symbol is in one of the lists of a subscription's answer; a list may be null. */
function names(event: Fields, list: string, symbol: string): boolean {
  const entries = event.values[list];
  return (
    Array.isArray(entries) &&
    entries.some((entry, i) => textOf(fieldsOf(entry, `${list}[${i}]`), 'symbol') === symbol)
  );
}
