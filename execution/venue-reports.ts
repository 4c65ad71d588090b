import { draft } from '../domain/draft.ts';
import type { Actor, EventDraft } from '../domain/event.ts';
import { isLive, type OrderRecord } from '../domain/order-record.ts';
import { text } from '../domain/units.ts';
import type { ReadonlyBook } from '../ledger/projections/book.ts';
import type { VenueReport } from './venue.ts';

export const venueActor = (name: string): Actor => ({ kind: 'VENUE', name });

/**
 * False for what the book knows already: venues repeat themselves, and say of an order that is over
 * that it was canceled.
 */
export const isNews = (report: VenueReport, record: OrderRecord, book: ReadonlyBook): boolean =>
  report.kind === 'FILL' ? !book.hasFill(report.fillId) : isLive(record);

/** A venue's report on one of our orders as the event it will be journaled as. */
export function reportDraft(report: VenueReport, record: OrderRecord, venue: string): EventDraft {
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
