/** What a slice's stop level follows from, as the book tells it. */
import type { Price } from '../../domain/units.ts';
import { entryPrice } from '../../domain/position.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import { groupsOf, type Holding, type Slice } from './holding.ts';
import { everSent } from './slice-orders.ts';
import { stopLevel } from './stop-level.ts';

/** Where the slice's stop should rest now; undefined when nobody planned one. */
export function wantedStop(
  book: ReadonlyBook,
  holding: Holding,
  { group }: Slice,
): Price | undefined {
  const { key, position, long, entry, instrument, protectiveStop } = holding;
  if (protectiveStop === undefined) return undefined;
  const excursion = book.excursionOf(key);
  return stopLevel({
    long,
    tick: instrument.tick,
    protectiveStop,
    lastStop: lastStop(book, holding, { group }),
    entryPrice: entryPrice(position),
    best: long ? excursion?.high : excursion?.low,
    targetsFilled: targetsFilled(book, holding),
    management: entry.order.management,
    bars: book.bars.get(position.instrumentId),
  });
}

/** Where the last stop that the venue acknowledged rested; what it never had does not bind us. */
export function lastStop(
  book: ReadonlyBook,
  { proposalId }: Holding,
  { group }: Pick<Slice, 'group'>,
): Price | undefined {
  for (const { order, venueOrderId } of everSent(book, proposalId, 'STOP', group))
    if (venueOrderId !== null) return order.stopPrice;
  return undefined;
}

/** How many partial targets were taken whole. */
const targetsFilled = (book: ReadonlyBook, { entry, proposalId }: Holding): number =>
  groupsOf(entry, proposalId)
    .slice(0, -1)
    .filter((group) =>
      [...everSent(book, proposalId, 'TARGET', group)].some(({ state }) => state === 'FILLED'),
    ).length;
