import type { ChainedEvent } from '../../../ledger/ledger.ts';
import type { EntryView } from '../../api/views.ts';
import { describeEvent } from './describe-event.ts';

export const entryView = ({ event, hash, prevHash }: ChainedEvent): EntryView => ({
  seq: event.seq,
  atMs: event.atMs,
  type: event.type,
  actor: event.actor.name,
  actorKind: event.actor.kind,
  correlationId: event.correlationId,
  causationSeq: event.causationSeq,
  sentence: describeEvent(event),
  hash,
  prevHash,
  body: event.body,
});
