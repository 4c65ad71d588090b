/** What follows for our orders from what the venue says of them, as events; pure, and the same however often it is asked. */
import { draft } from '../domain/draft.ts';
import type { Actor, EventDraft } from '../domain/event.ts';
import type { FillId } from '../domain/ids.ts';
import { isLive, type OrderRecord, UNRESOLVED_STATES } from '../domain/order-record.ts';
import { add, text } from '../domain/units.ts';
import type { VenueFill, VenueOrder, VenueReport } from './venue.ts';

export const venueActor = (name: string): Actor => ({ kind: 'VENUE', name });

/** A journaled execution, known by the id the venue gave it. */
export function fillDraft(record: OrderRecord, fill: VenueFill, venue: string): EventDraft {
  const { correlationId, order } = record;
  return draft('order.filled', venueActor(venue), correlationId, null, {
    fillId: fill.fillId,
    orderId: order.id,
    instrumentId: order.instrumentId,
    strategyId: order.strategyId,
    side: order.side,
    quantity: text(fill.quantity),
    price: text(fill.price),
    fee: text(fill.fee),
    ...(fill.feeInBase === undefined ? {} : { feeInBase: text(fill.feeInBase) }),
  });
}

/** A report of the stream as the event it will be journaled as. */
export function reportDraft(record: OrderRecord, report: VenueReport, venue: string): EventDraft {
  if (report.kind === 'FILL') return fillDraft(record, report, venue);
  const actor = venueActor(venue);
  const { correlationId } = record;
  const orderId = record.order.id;
  if (report.kind === 'ACCEPTED') {
    const { venueOrderId } = report;
    return draft('order.accepted', actor, correlationId, null, { orderId, venueOrderId });
  }
  return endDraft(record, report.kind, report.because, venue);
}

/**
 * One order as the venue tells it when asked, with its executions: first what was filled, then what
 * became of the rest. An order that ended with more filled than we know of is not over yet: its missing
 * executions will come, and ending it now would forget them.
 */
export function settlement(
  record: OrderRecord,
  found: VenueOrder,
  fills: readonly VenueFill[],
  hasFill: (id: FillId) => boolean,
  venue: string,
): readonly EventDraft[] {
  const fresh = fills.filter((fill) => isOf(fill, found) && !hasFill(fill.fillId));
  const filled = fresh.reduce((sum, fill) => add(sum, fill.quantity), record.filled);
  const drafts: EventDraft[] = [];
  if (UNRESOLVED_STATES.has(record.state) && found.status !== 'REJECTED')
    drafts.push(foundDraft(record, found, venue));
  drafts.push(...fresh.map((fill) => fillDraft(record, fill, venue)));
  if (found.status === 'OPEN') {
    if (!isLive(record) && record.state !== 'FILLED') drafts.push(resurfaced(record, found, venue));
  } else if (isLive(record) && found.status !== 'FILLED' && filled >= found.filled) {
    const because = found.because ?? `the venue says ${found.status}`;
    drafts.push(endDraft(record, found.status, because, venue));
  }
  return drafts;
}

/** An execution older than the order is another's that once had the same id. */
const isOf = (fill: VenueFill, found: VenueOrder): boolean =>
  fill.clientId === found.clientId && fill.atMs >= found.createdAtMs - CLOCK_TOLERANCE_MS;

function foundDraft(
  { order, correlationId }: OrderRecord,
  found: VenueOrder,
  venue: string,
): EventDraft {
  const { venueOrderId } = found;
  const body = { orderId: order.id, venueOrderId };
  return draft('order.accepted', venueActor(venue), correlationId, null, body);
}

function resurfaced(record: OrderRecord, found: VenueOrder, venue: string): EventDraft {
  const because = `it was ${record.state} here, and the venue has it resting`;
  return draft('order.resurfaced', venueActor(venue), record.correlationId, null, {
    orderId: record.order.id,
    venueOrderId: found.venueOrderId,
    because,
  });
}

function endDraft(
  { order, correlationId, filled }: OrderRecord,
  kind: 'CANCELED' | 'EXPIRED' | 'REJECTED',
  because: string,
  venue: string,
): EventDraft {
  const actor = venueActor(venue);
  const body = { orderId: order.id, because };
  if (kind === 'EXPIRED') return draft('order.expired', actor, correlationId, null, body);
  // What has traded was not refused, whatever the venue calls the end of its rest.
  if (kind === 'CANCELED' || filled > 0n)
    return draft('order.canceled', actor, correlationId, null, body);
  return draft('order.rejected', actor, correlationId, null, body);
}

/**
 * How far a venue's clock may be off our estimate of it: one that is ten seconds ahead at one moment and
 * ten behind at another has stamped its orders by either.
 */
const CLOCK_TOLERANCE_MS = 30_000;

/**
 * True when the venue's order is the one we sent and not an older one of the same id: ids are unique only
 * among what is open, and a journal that was thrown away would use them again. Once the venue has given
 * the order a name of its own, that says it.
 */
export const isSame = (
  { order, submittedAtMs, venueOrderId }: OrderRecord,
  found: VenueOrder,
  clockOffsetMs: number,
): boolean =>
  found.instrumentId === order.instrumentId &&
  found.side === order.side &&
  found.quantity === order.quantity &&
  (found.venueOrderId === venueOrderId ||
    found.createdAtMs >= submittedAtMs + clockOffsetMs - CLOCK_TOLERANCE_MS);
