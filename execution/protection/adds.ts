/** The planned adds of an entry, as resting orders. */
import { addOrder, addsPlanned } from '../../domain/entry-order.ts';
import type { Order } from '../../domain/order.ts';
import type { Price } from '../../domain/units.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { Holding } from './holding.ts';
import { isTighter } from './stop-level.ts';
import { lastStop } from './wanted-stop.ts';

/** Adds that were never sent, nearest first; none before the entry is filled whole. */
export function addsToSend(holding: Holding, book: ReadonlyBook): readonly Order[] {
  const { entry, proposalId } = holding;
  if (entry.state !== 'FILLED') return [];
  return Array.from({ length: addsPlanned(entry.order) }, (_, index) =>
    addOrder(entry.order, proposalId, index),
  ).filter((add) => book.order(add.id) === undefined && !isBehindStop(add, holding, book));
}

/** By the time the price is there the stop has ended the position, and the add would open a new one. */
export function isBehindStop(add: Order, holding: Holding, book: ReadonlyBook): boolean {
  const at = add.limitPrice;
  if (at === undefined) return false;
  return holding.slices.some((slice) => {
    const stop: Price | undefined = lastStop(book, holding, slice);
    return stop !== undefined && !isTighter(holding.long, at, stop);
  });
}
