import { draft } from '../domain/draft.ts';
import type { EventDraft } from '../domain/event.ts';
import { type ClientOrderId, venueOrderId } from '../domain/ids.ts';
import type { OrderRecord } from '../domain/order-record.ts';
import type { ReadonlyBook } from '../ledger/projections/book.ts';
import { ENGINE } from './actor.ts';

/** What must be recorded so that ledger and venue agree; order ids say which. */
export interface Reconciliation {
  /** Sent but never landed: the venue, asked after the fact, does not have them. */
  readonly neverLanded: readonly ClientOrderId[];
  /** The venue has them although the ledger never heard the acknowledgement. */
  readonly landed: readonly ClientOrderId[];
  /** The ledger holds them open, the venue does not know them. */
  readonly missing: readonly ClientOrderId[];
  /** At the venue, but not ours. They are named, never cancelled by guess. */
  readonly foreign: readonly ClientOrderId[];
}

/** A pure comparison of the ledger's live orders with what rests at the venue. */
export function reconcile(
  live: readonly OrderRecord[],
  resting: readonly ClientOrderId[],
): Reconciliation {
  const atVenue = new Set(resting);
  const ours = new Set(live.map((record) => record.order.id));
  const unacknowledged = live.filter(
    ({ state }) => state === 'SUBMITTING' || state === 'SUBMIT_UNKNOWN',
  );
  const acknowledged = live.filter((record) => !unacknowledged.includes(record));
  const ids = (records: readonly OrderRecord[]): ClientOrderId[] => records.map((r) => r.order.id);
  return {
    neverLanded: ids(unacknowledged).filter((id) => !atVenue.has(id)),
    landed: ids(unacknowledged).filter((id) => atVenue.has(id)),
    missing: ids(acknowledged).filter((id) => !atVenue.has(id)),
    foreign: resting.filter((id) => !ours.has(id)),
  };
}

/** The differences in words, for the record. */
export const describe = (found: Reconciliation): string[] => [
  ...found.neverLanded.map((id) => `${id} was sent but never reached the venue`),
  ...found.landed.map((id) => `${id} reached the venue though its acknowledgement was lost`),
  ...found.missing.map((id) => `${id} is open here but unknown to the venue`),
  ...found.foreign.map((id) => `${id} rests at the venue but is not ours`),
];

/** What was found, and what follows for orders that were on their way, as events. */
export function reconciliationDrafts(
  found: Reconciliation,
  book: ReadonlyBook,
  venue: string,
): readonly EventDraft[] {
  const correlation = (id: ClientOrderId): string => book.order(id)?.correlationId ?? id;
  return [
    draft('reconciliation.completed', ENGINE, 'reconciliation', null, {
      venue,
      differences: describe(found),
    }),
    ...found.neverLanded.map((orderId) =>
      draft('order.rejected', ENGINE, correlation(orderId), null, {
        orderId,
        because: 'it never reached the venue',
      }),
    ),
    ...found.landed.map((orderId) =>
      draft('order.accepted', ENGINE, correlation(orderId), null, {
        orderId,
        venueOrderId: venueOrderId(orderId),
      }),
    ),
  ];
}
