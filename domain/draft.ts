import type { Actor, DraftOf, EventBodies, EventDraft, EventType } from './event.ts';

/** An event about to be journaled, checked against the catalogue by its type. */
export const draft = <T extends EventType>(
  type: T,
  actor: Actor,
  correlationId: string,
  causationSeq: number | null,
  body: EventBodies[T],
): EventDraft => ({ type, actor, correlationId, causationSeq, body }) as DraftOf<T> & EventDraft;
