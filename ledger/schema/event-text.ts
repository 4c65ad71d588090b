/**
 * Events as text. The text carries the version of the body's shape as `v`, which is left out for
 * version 1, because the first journals knew of no versions.
 */
import type { DomainEvent, EventType } from '../../domain/event.ts';
import { canonicalJson } from '../canonical-json.ts';
import { isBody, UPCASTS, versionOf } from './upcasts.ts';

/** An event that was chained and that this Plimsoll cannot understand. It must not guess. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** The RFC 8785 text that is chained and stored. */
export function eventToText(event: DomainEvent): string {
  const version = versionOf(event.type);
  return canonicalJson(version === 1 ? event : { ...event, v: version });
}

/**
 * The event as it is understood today, whatever version it was written in. Its text goes through
 * verification first where its origin is not known. Throws `UnreadableEvent`.
 */
export function eventFromText(text: string): DomainEvent {
  const { v = 1, ...event } = JSON.parse(text) as DomainEvent & { readonly v?: number };
  const upcasts = Object.hasOwn(UPCASTS, event.type) ? UPCASTS[event.type] : undefined;
  if (upcasts === undefined) throw tooNew(event, `a ${event.type}`);
  const missing = upcasts.slice(v - 1);
  if (v === upcasts.length + 1) return event;
  if (missing.length === 0) throw tooNew(event, `version ${v} of ${event.type}`);
  const written: unknown = event.body;
  if (!isBody(written)) throw new UnreadableEvent(`event ${event.seq} has no body to read`);
  const body = missing.reduce((older, upcast) => upcast(older), written);
  return { ...event, body } as unknown as DomainEvent;
}

const tooNew = ({ seq }: { readonly seq: number }, what: string): UnreadableEvent =>
  new UnreadableEvent(
    `event ${seq} is ${what}, which this Plimsoll does not know; the journal was written by a newer one, so use that`,
  );

/** Every type of event there is, in the order of the catalogue. */
export const EVENT_TYPES = Object.keys(UPCASTS) as readonly EventType[];
