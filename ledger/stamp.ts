import type { DomainEvent, EventDraft } from '../domain/event.ts';
import { textFault } from './text-fault.ts';

/**
 * Gives a draft its place and time. What the searchable columns cannot hold is refused here, before
 * anything is chained, and a cause must come before its effect.
 */
export function stamp(draft: EventDraft, seq: number, atMs: number): DomainEvent {
  const { type, correlationId, causationSeq } = draft;
  if (!Number.isSafeInteger(atMs)) {
    throw new Error(
      `atMs ${atMs} of a ${type} event is not whole milliseconds; the clock is wrong`,
    );
  }
  const fault = textFault(correlationId);
  if (fault !== undefined) throw new Error(`correlationId of a ${type} event ${fault}`);
  if (
    causationSeq !== null &&
    !(Number.isSafeInteger(causationSeq) && isBefore(causationSeq, seq))
  ) {
    throw new Error(
      `causationSeq ${causationSeq} of ${type} event ${seq} must be null or an event from 1 to ${seq - 1}`,
    );
  }
  return { ...draft, seq, atMs };
}

const isBefore = (cause: number, seq: number): boolean => cause >= 1 && cause < seq;
