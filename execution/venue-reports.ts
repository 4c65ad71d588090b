import { draft } from '../domain/draft.ts';
import type { Actor, EventDraft } from '../domain/event.ts';
import { text } from '../domain/units.ts';
import type { ReadonlyBook } from '../ledger/projections/book.ts';
import type { VenueReport } from './venue.ts';

export const venueActor = (name: string): Actor => ({ kind: 'VENUE', name });

/** A venue's report as the event it will be journaled as. */
export function reportDraft(report: VenueReport, book: ReadonlyBook, venue: string): EventDraft {
  const record = book.order(report.orderId);
  if (record === undefined)
    throw new Error(`${venue} reports on ${report.orderId}, which we never sent`);
  const { correlationId, order } = record;
  if (report.kind === 'CANCELED') {
    const { orderId, because } = report;
    return draft('order.canceled', venueActor(venue), correlationId, null, { orderId, because });
  }
  return draft('order.filled', venueActor(venue), correlationId, null, {
    fillId: report.fillId,
    orderId: report.orderId,
    instrumentId: order.instrumentId,
    strategyId: order.strategyId,
    side: order.side,
    quantity: text(report.quantity),
    price: text(report.price),
    fee: text(report.fee),
    ...(report.feeInBase === undefined ? {} : { feeInBase: text(report.feeInBase) }),
  });
}
